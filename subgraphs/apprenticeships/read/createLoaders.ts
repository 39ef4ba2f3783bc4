import DataLoader from 'dataloader';
import type { Kysely } from 'kysely';
import type { StoreGuard } from '../../kit/guardStore.ts';
import type { ApprenticeshipTables } from '../storage/ApprenticeshipTables.ts';
import { APPRENTICESHIP_COLUMNS, type Apprenticeship } from './Apprenticeship.ts';
import { type ApprenticeshipPage, readPages } from './readPages.ts';
import type { AskedArea } from './toAskedArea.ts';
import type { ListCriteria } from './toListCriteria.ts';

/** One request's reads: what several municipalities or apprenticeships need is fetched by one statement. */
export interface Loaders {
  readonly pages: DataLoader<PageRequest, ApprenticeshipPage, string>;
  readonly apprenticeships: DataLoader<string, Apprenticeship | null>;
  readonly places: DataLoader<string, readonly PlaceRow[]>;
  readonly sources: DataLoader<string, readonly SourceRow[]>;
}

export interface PageRequest {
  readonly criteria: ListCriteria;
  readonly area: AskedArea;
}

export interface PlaceRow {
  readonly apprenticeship_id: string;
  readonly name: string | null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly town: string | null;
  readonly country: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface SourceRow {
  readonly apprenticeship_id: string;
  readonly source: string;
  readonly external_id: string;
  readonly url: string | null;
  readonly fetched_at: Date;
}

export function createLoaders(database: Kysely<ApprenticeshipTables>, guard: StoreGuard): Loaders {
  return {
    pages: new DataLoader((requests) => guard(() => readRequests(database, requests)), {
      cacheKeyFn: (request) => JSON.stringify(request),
    }),
    apprenticeships: new DataLoader((ids) =>
      guard(async () => {
        const rows = await database
          .selectFrom('apprenticeships')
          .select(APPRENTICESHIP_COLUMNS)
          .where('id', 'in', ids)
          .execute();
        const byId = new Map(rows.map((row) => [row.id, { ...row, metres: null }]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
    ),
    places: new DataLoader((ids) =>
      guard(async () => {
        const rows = await database
          .selectFrom('apprenticeship_places')
          .select(['apprenticeship_id', 'name', 'street', 'postcode', 'town', 'country', 'latitude', 'longitude'])
          .where('apprenticeship_id', 'in', ids)
          .orderBy('apprenticeship_id')
          .orderBy('position')
          .execute();
        return groupByApprenticeship(ids, rows);
      }),
    ),
    sources: new DataLoader((ids) =>
      guard(async () => {
        const rows = await database
          .selectFrom('apprenticeship_records')
          .select(['apprenticeship_id', 'source', 'external_id', 'url', 'fetched_at'])
          .where('apprenticeship_id', 'in', ids)
          .orderBy('source')
          .orderBy('external_id')
          .execute();
        return groupByApprenticeship(ids, rows);
      }),
    ),
  };
}

/** One statement for all requests of equal criteria, whatever their municipalities. */
async function readRequests(
  database: Kysely<ApprenticeshipTables>,
  requests: readonly PageRequest[],
): Promise<readonly ApprenticeshipPage[]> {
  const groups = new Map<string, { readonly criteria: ListCriteria; readonly positions: number[] }>();
  for (const [position, { criteria }] of requests.entries()) {
    const key = JSON.stringify(criteria);
    const group = groups.get(key) ?? { criteria, positions: [] };
    group.positions.push(position);
    groups.set(key, group);
  }
  const pages = new Map<number, ApprenticeshipPage>();
  for (const { criteria, positions } of groups.values()) {
    const areas = positions.flatMap((position) => requests[position]?.area ?? []);
    for (const [index, page] of (await readPages(database, criteria, areas)).entries()) {
      pages.set(positions[index] ?? -1, page);
    }
  }
  return requests.map((_, position) => pages.get(position) ?? { rows: [], totalCount: 0 });
}

function groupByApprenticeship<Row extends { readonly apprenticeship_id: string }>(
  ids: readonly string[],
  rows: readonly Row[],
): readonly (readonly Row[])[] {
  const byId = new Map<string, Row[]>();
  for (const row of rows) {
    byId.set(row.apprenticeship_id, [...(byId.get(row.apprenticeship_id) ?? []), row]);
  }
  return ids.map((id) => byId.get(id) ?? []);
}
