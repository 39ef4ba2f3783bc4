import { GraphQLError } from 'graphql';

import { ERRORS } from '../../../schema/errorCodes.ts';
import type { Resolvers } from '../../../schema/generated/content.ts';
import type { Municipality, MunicipalityModule } from '../../../schema/municipalities/Municipality.ts';
import { readFirst } from '../../kit/connection.ts';
import { CountryCodeScalar, DateTimeScalar, LanguageTagScalar, UrlScalar } from '../../kit/scalars.ts';
import type { RegionRecord } from '../ContentRecord.ts';
import { withoutPrefix } from '../normalise/normaliseRegion.ts';
import { htmlToPlainText } from '../normalise/plainText.ts';
import { normalisePath } from '../parse/cmsValues.ts';
import { findOccurrences, formatInstant, nextOccurrence, type Occurrence } from '../schedule/findOccurrences.ts';
import type { ContentContext } from './ContentContext.ts';
import { isOpenAt } from './isOpenAt.ts';
import {
  findImprint,
  listEvents,
  listLocations,
  listNews,
  listOffers,
  listPageRows,
  listPages,
  readRegion,
} from './listContent.ts';
import { listMunicipalities } from './listMunicipalities.ts';
import { moduleTitle } from './moduleTitle.ts';
import {
  type EventNode,
  type LocationNode,
  loadEvent,
  loadLocation,
  loadNews,
  loadPage,
  municipalityOf,
  type NewsNode,
  type PageNode,
  toPageNode,
} from './nodes.ts';
import { toMilliseconds } from './toMilliseconds.ts';

const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

interface ModuleNode extends MunicipalityModule {
  readonly municipality: Municipality;
}

/** Fields that are not listed here are read from their parent under their own name. */
export const contentResolvers: Resolvers<ContentContext> = {
  DateTime: DateTimeScalar,
  LanguageTag: LanguageTagScalar,
  CountryCode: CountryCodeScalar,
  URL: UrlScalar,
  Query: {
    municipality: (_, { slug }, { snapshot }) => snapshot.municipalities.get(slug) ?? null,
    municipalities: (_, args, context) => listMunicipalities(args, context),
  },
  Municipality: {
    __resolveReference: ({ slug }, { snapshot }) => {
      const municipality = snapshot.municipalities.get(slug);
      return municipality === undefined ? null : { ...municipality }; // a copy: @apollo/subgraph writes __typename into it
    },
    name: async (parent: Municipality, _, context) => (await describedRegion(parent, context))?.name ?? parent.name,
    prefix: async (parent: Municipality, _, context) => {
      const region = await describedRegion(parent, context);
      return region === null ? (parent.prefix ?? null) : region.prefix;
    },
    nameWithoutPrefix: async (parent: Municipality, _, context) =>
      (await describedRegion(parent, context))?.nameWithoutPrefix ?? withoutPrefix(parent.name, parent.prefix),
    postcode: async (parent: Municipality, _, context) =>
      parent.postcode ?? (await describedRegion(parent, context))?.postcode ?? null,
    location: async (parent: Municipality, _, context) =>
      (await describedRegion(parent, context))?.location ?? parent.location ?? null,
    boundingBox: async (parent: Municipality, _, context) =>
      (await describedRegion(parent, context))?.boundingBox ?? null,
    aliases: async (parent: Municipality, _, context) => (await describedRegion(parent, context))?.aliases ?? [],
    languages: async (parent: Municipality, _, context) => (await describedRegion(parent, context))?.languages ?? [],
    modules: (municipality: Municipality): readonly ModuleNode[] =>
      [...municipality.modules.values()].map((module) => ({ ...module, municipality })),
    pages: listPages,
    page: async ({ slug }: Municipality, { path }, context) => {
      const entry = await context.pagesByPath.load({ municipality: slug, path: normalisePath(path) });
      return toPageNode(entry, context);
    },
    imprint: (parent: Municipality, { language }, context) => findImprint(parent, language, context),
    events: listEvents,
    locations: listLocations,
    news: listNews,
    offers: (parent: Municipality, _, context) => listOffers(parent, context),
  },
  Module: {
    title: async ({ name, municipality }: ModuleNode, { language }, context) => {
      const [own] = (await readRegion(municipality, context))?.languages ?? [];
      return moduleTitle(
        name,
        [language, own?.tag].filter((tag) => typeof tag === 'string'),
      );
    },
  },
  Page: {
    __resolveReference: ({ id }, context) => loadPage(id, context),
    municipality: municipalityOfParent,
    text: ({ html }: PageNode) => htmlToPlainText(html),
    parent: ({ parentId }: PageNode, _, context) => (parentId === null ? null : loadPage(parentId, context)),
    children: async ({ id }: PageNode, args, context) =>
      listPageRows(await context.children.load(id), args, context, 50),
    ancestors: async ({ ancestorIds }: PageNode, _, context) => {
      const pages = await Promise.all(ancestorIds.map((id) => loadPage(id, context)));
      return pages.filter((page) => page !== null);
    },
  },
  Event: {
    __resolveReference: ({ id }, context) => loadEvent(id, context),
    municipality: municipalityOfParent,
    startsAt: ({ schedule, from }: EventNode) => formatInstant(nextOccurrence(schedule, from).startsAt),
    endsAt: ({ schedule, from }: EventNode) => toOccurrence(nextOccurrence(schedule, from)).endsAt,
    allDay: ({ schedule }: EventNode) => schedule.allDay,
    timeZone: ({ schedule }: EventNode) => schedule.timeZone,
    recurrence: ({ schedule: { rule, until } }: EventNode) => (rule === null ? null : { rule, until }),
    occurrences: ({ schedule }: EventNode, { from, to, first }, { now }) =>
      findOccurrences(schedule, {
        from: toMilliseconds(from) ?? now,
        to: toMilliseconds(to),
        first: readFirst(first, 10),
      }).map(toOccurrence),
  },
  Location: {
    __resolveReference: ({ id }, context) => loadLocation(id, context),
    municipality: municipalityOfParent,
    openingHours: ({ openingHours }: LocationNode) =>
      openingHours?.map((day, weekday) => ({ ...day, weekday: WEEKDAYS[weekday] })) ?? null,
    isOpen: (parent: LocationNode, { at }, context) =>
      isOpenAt(parent, {
        instantMs: toMilliseconds(at) ?? context.now,
        timeZone: municipalityOf(parent, context).timeZone,
      }),
  },
  NewsItem: {
    __resolveReference: ({ id }, context) => loadNews(id, context),
    municipality: municipalityOfParent,
    source: ({ source }: NewsNode) => NEWS_SOURCES[source],
  },
};

const NEWS_SOURCES = { local: 'LOCAL', tunews: 'TUNEWS', amalnews: 'AMALNEWS' } as const;

function municipalityOfParent(parent: { readonly slug: string }, _: unknown, context: ContentContext): Municipality {
  return municipalityOf(parent, context);
}

function toOccurrence({ startsAt, endsAt }: Occurrence) {
  return { startsAt: formatInstant(startsAt), endsAt: endsAt === null ? null : formatInstant(endsAt) };
}

/**
 * What the CMS says of a municipality, to enrich what its file says. Not worth losing the municipality for: while the store
 * does not answer, the file alone describes it.
 */
async function describedRegion(municipality: Municipality, context: ContentContext): Promise<RegionRecord | null> {
  try {
    return await readRegion(municipality, context);
  } catch (error) {
    if (error instanceof GraphQLError && error.extensions.code === ERRORS.SERVICE_UNAVAILABLE.code) {
      return null;
    }
    throw error;
  }
}
