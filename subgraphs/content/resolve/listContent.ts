import type {
  MunicipalityEventsArgs,
  MunicipalityLocationsArgs,
  MunicipalityNewsArgs,
  MunicipalityPagesArgs,
} from '../../../schema/generated/content.ts';
import type { Municipality } from '../../../schema/municipalities/Municipality.ts';
import type { Connection } from '../../kit/connection.ts';
import {
  type ContentIndex,
  type ContentKind,
  NO_LANGUAGE,
  type OfferRecord,
  type RegionRecord,
} from '../ContentRecord.ts';
import { normalisePath } from '../parse/cmsValues.ts';
import { findOccurrences } from '../schedule/findOccurrences.ts';
import type { ContentContext, IndexRow } from './ContentContext.ts';
import { isOpenAt } from './isOpenAt.ts';
import { matchLanguage } from './matchLanguage.ts';
import {
  type EventNode,
  type LocationNode,
  loadEvent,
  loadLocation,
  loadNews,
  loadOffer,
  loadPage,
  type NewsNode,
  type PageNode,
  toPageNode,
} from './nodes.ts';
import { type ListArguments, pageList } from './pageList.ts';
import { readNear } from './readNear.ts';
import { toMilliseconds } from './toMilliseconds.ts';

/** Pages below `parent`, else the roots, in the order of the editors. */
export async function listPages(
  municipality: Municipality,
  { language, parent, ...page }: MunicipalityPagesArgs,
  context: ContentContext,
): Promise<Connection<PageNode>> {
  if (parent === null || parent === undefined) {
    const { rows } = await readList(municipality, 'page', language, context);
    return listPageRows(rows, page, context);
  }
  const region = await readRegion(municipality, context);
  const entry = await context.pagesByPath.load({ municipality: municipality.slug, path: normalisePath(parent) });
  const node = toPageNode(entry, context);
  const isAsked = node !== null && matchLanguage(region?.languages ?? [], language)?.tag === node.language;
  return listPageRows(isAsked ? await context.children.load(node.id) : [], page, context);
}

export function listPageRows(
  rows: readonly IndexRow[],
  page: ListArguments,
  context: ContentContext,
  defaultFirst = 20,
): Promise<Connection<PageNode>> {
  return pageList(ofKind(rows, 'page'), page, {
    orderOf: ({ id, index }) => [index.order, index.path, id],
    width: 3,
    load: ({ id }) => loadPage(id, context),
    defaultFirst,
  });
}

/** The imprint in this language, else in the default language. */
export async function findImprint(
  municipality: Municipality,
  language: string,
  context: ContentContext,
): Promise<PageNode | null> {
  const region = await readRegion(municipality, context);
  for (const candidate of [matchLanguage(region?.languages ?? [], language), region?.languages[0]]) {
    const [row] =
      candidate === undefined
        ? []
        : await context.lists.load({ municipality: municipality.slug, language: candidate.code, kind: 'imprint' });
    if (row !== undefined) {
      return loadPage(row.id, context);
    }
  }
  return null;
}

/** Events that end after `from` and start before `to`, by their first occurrence in there. */
export async function listEvents(
  municipality: Municipality,
  { language, from: fromArgument, to: toArgument, near, ...page }: MunicipalityEventsArgs,
  context: ContentContext,
): Promise<Connection<EventNode>> {
  const from = toMilliseconds(fromArgument) ?? context.now;
  const to = toMilliseconds(toArgument);
  const isNear = readNear(near);
  const { rows, region } = await readList(municipality, 'event', language, context);
  const upcoming = ((region?.shows.events ?? false) ? ofKind(rows, 'event') : [])
    .filter(({ index }) => isNear(index.location))
    .flatMap(({ id, index }) => {
      const [next] = findOccurrences(index.schedule, { from, to, first: 1 });
      return next === undefined ? [] : [{ id, path: index.path, startsAt: next.startsAt.epochMilliseconds }];
    });
  return pageList(upcoming, page, {
    orderOf: ({ id, path, startsAt }) => [startsAt, path, id],
    width: 3,
    load: ({ id }) => loadEvent(id, context, from),
  });
}

/** Places by title. */
export async function listLocations(
  municipality: Municipality,
  { language, category, near, openAt, ...page }: MunicipalityLocationsArgs,
  context: ContentContext,
): Promise<Connection<LocationNode>> {
  const isNear = readNear(near);
  const instantMs = toMilliseconds(openAt);
  const { timeZone } = municipality;
  const { rows, region } = await readList(municipality, 'location', language, context);
  const found = ((region?.shows.locations ?? false) ? ofKind(rows, 'location') : []).filter(
    ({ index }) =>
      (category === null || category === undefined || index.category === category) &&
      isNear(index.location) &&
      (instantMs === undefined || isOpenAt(index, { instantMs, timeZone }) === true),
  );
  return pageList(found, page, {
    orderOf: ({ id, index }) => [index.sortKey, id],
    width: 2,
    load: ({ id }) => loadLocation(id, context),
  });
}

/** News, newest first. */
export async function listNews(
  municipality: Municipality,
  { language, source, ...page }: MunicipalityNewsArgs,
  context: ContentContext,
): Promise<Connection<NewsNode>> {
  const { rows, region } = await readList(municipality, 'news', language, context);
  const found = ofKind(rows, 'news').filter(
    ({ index }) =>
      (index.source === 'local' ? region?.shows.localNews : region?.shows.externalNews) === true &&
      (source === null || source === undefined || index.source === source.toLowerCase()),
  );
  return pageList(found, page, {
    orderOf: ({ id, index }) => [-Date.parse(index.publishedAt), id],
    width: 2,
    load: ({ id }) => loadNews(id, context),
  });
}

/** The offers of a region, the same in every language. */
export async function listOffers(municipality: Municipality, context: ContentContext): Promise<readonly OfferRecord[]> {
  const region = await readRegion(municipality, context);
  if (region?.shows.offers !== true) {
    return [];
  }
  const rows = await context.lists.load({ municipality: municipality.slug, language: NO_LANGUAGE, kind: 'offer' });
  const sorted = [...ofKind(rows, 'offer')].sort((a, b) => a.index.order - b.index.order);
  const offers = await Promise.all(sorted.map(({ id }) => loadOffer(id, context)));
  return offers.filter((offer) => offer !== null);
}

/** What the CMS knows of a municipality; null when it is not in there, or was not read yet. */
export async function readRegion(
  { slug, cmsRegion }: Municipality,
  { regions }: ContentContext,
): Promise<RegionRecord | null> {
  return cmsRegion === undefined ? null : regions.load(slug);
}

async function readList(
  municipality: Municipality,
  kind: ContentKind,
  language: string,
  context: ContentContext,
): Promise<{ rows: readonly IndexRow[]; region: RegionRecord | null }> {
  const region = await readRegion(municipality, context);
  const match = matchLanguage(region?.languages ?? [], language);
  const rows =
    match === undefined
      ? []
      : await context.lists.load({ municipality: municipality.slug, language: match.code, kind });
  return { rows, region };
}

type RowOf<Kind extends ContentKind> = { readonly id: string; readonly index: Extract<ContentIndex, { kind: Kind }> };

function ofKind<Kind extends ContentKind>(rows: readonly IndexRow[], kind: Kind): readonly RowOf<Kind>[] {
  return rows.filter((row): row is RowOf<Kind> => row.index.kind === kind);
}
