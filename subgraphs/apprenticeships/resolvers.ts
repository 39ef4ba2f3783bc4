import type { Clock } from '../../platform/clock/Clock.ts';
import type { Resolvers } from '../../schema/generated/apprenticeships.ts';
import type { MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import { type Connection, toConnection } from '../kit/connection.ts';
import { DateScalar, DateTimeScalar, UrlScalar } from '../kit/scalars.ts';
import type { Apprenticeship } from './read/Apprenticeship.ts';
import type { Loaders, PlaceRow, SourceRow } from './read/createLoaders.ts';
import { toAskedArea } from './read/toAskedArea.ts';
import { type ListCriteria, type ListCursor, toCursorValues, toListCriteria } from './read/toListCriteria.ts';
import { toSearchArea } from './SearchArea.ts';

export interface ApprenticeshipContext {
  readonly loaders: Loaders;
}

/** Names of sources as people know them; others show their id. */
const SOURCE_NAMES: ReadonlyMap<string, string> = new Map([
  ['sprungbrett', 'Sprungbrett into work'],
  ['bundesagentur', 'Bundesagentur für Arbeit'],
]);

export function createResolvers({
  municipalities,
  clock,
}: {
  municipalities: MunicipalityRegister;
  clock: Clock;
}): Resolvers<ApprenticeshipContext> {
  return {
    DateTime: DateTimeScalar,
    Date: DateScalar,
    URL: UrlScalar,
    Node: { __resolveType: () => 'Apprenticeship' },
    Municipality: {
      // Whether the slug exists is the register's to say; without an entry there is no list.
      __resolveReference: ({ slug }) => ({ slug }),
      async apprenticeships({ slug }: { slug: string }, args, { loaders }) {
        const criteria = toListCriteria(args);
        const municipality = municipalities.current().municipalities.get(slug);
        if (municipality === undefined) {
          return null;
        }
        const area = toAskedArea(toSearchArea(municipality), { filter: args.filter, now: new Date(clock.now()) });
        const { rows, totalCount } = await loaders.pages.load({ criteria, area });
        return toApprenticeshipConnection(rows, { criteria, after: args.after, totalCount });
      },
    },
    Apprenticeship: {
      __resolveReference: ({ id }, { loaders }) => (id.includes('\0') ? null : loaders.apprenticeships.load(id)),
      occupation: ({ occupation_name, occupation_scheme, occupation_code }: Apprenticeship) =>
        occupation_name === null ? null : { name: occupation_name, scheme: occupation_scheme, code: occupation_code },
      distanceKm: ({ metres }: Apprenticeship) => (metres === null ? null : metres / 1000),
      startsOn: ({ starts_on }: Apprenticeship) => starts_on,
      publishedOn: ({ published_on }: Apprenticeship) => published_on,
      expiresOn: ({ expires_on }: Apprenticeship) => expires_on,
      places: ({ id }: Apprenticeship, _, { loaders }) => loaders.places.load(id),
      sources: ({ id }: Apprenticeship, _, { loaders }) => loaders.sources.load(id),
    },
    Place: {
      location: ({ latitude, longitude }: PlaceRow) =>
        latitude === null || longitude === null ? null : { latitude, longitude },
    },
    SourceReference: {
      name: ({ source }: SourceRow) => SOURCE_NAMES.get(source) ?? source,
      externalId: ({ external_id }: SourceRow) => external_id,
      fetchedAt: ({ fetched_at }: SourceRow) => fetched_at,
    },
  };
}

function toApprenticeshipConnection(
  rows: readonly Apprenticeship[],
  { criteria, after, totalCount }: { criteria: ListCriteria; after: string | null | undefined; totalCount: number },
): Connection<Apprenticeship> {
  const { order, first } = criteria;
  return toConnection(rows, {
    first,
    after,
    totalCount,
    cursorOf: (row) => toCursorValues(order, { value: orderValueOf(row, order), id: row.id }),
  });
}

function orderValueOf(row: Apprenticeship, order: ListCriteria['order']): ListCursor['value'] {
  switch (order) {
    case 'NEWEST':
      return row.newest_on;
    case 'DISTANCE':
      return row.metres;
    case 'STARTS_ON':
      return row.starts_on;
  }
}
