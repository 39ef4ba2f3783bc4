import DataLoader from 'dataloader';
import { sql } from 'kysely';

import type { Clock } from '../../../platform/clock/Clock.ts';
import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import type { MunicipalityRegister, MunicipalitySnapshot } from '../../../schema/municipalities/Municipality.ts';
import type { StoreGuard } from '../../kit/guardStore.ts';
import type { ContentIndex, ContentKind, RegionRecord } from '../ContentRecord.ts';
import type { ContentTables } from '../store/ContentTables.ts';

/** A row of a list: enough to filter, sort and page it. */
export interface IndexRow {
  readonly id: string;
  readonly index: ContentIndex;
}

/** One stored item. */
export interface Entry {
  readonly id: string;
  readonly kind: ContentKind;
  readonly municipality: string;
  readonly parentId: string | null;
  readonly data: unknown;
}

export interface ListKey {
  readonly municipality: string;
  /** The CMS's code. */
  readonly language: string;
  readonly kind: ContentKind;
}

export interface PathKey {
  readonly municipality: string;
  readonly path: string;
}

/** What the resolvers of one request share: one snapshot, one instant, one statement for each kind of need. */
export interface ContentContext {
  readonly snapshot: MunicipalitySnapshot;
  /** Milliseconds. */
  readonly now: number;
  readonly regions: DataLoader<string, RegionRecord | null>;
  /** Items without a parent: whole lists, and the roots of the page tree. */
  readonly lists: DataLoader<ListKey, readonly IndexRow[], string>;
  /** Pages below a page, by its id. */
  readonly children: DataLoader<string, readonly IndexRow[]>;
  readonly entries: DataLoader<string, Entry | null>;
  readonly pagesByPath: DataLoader<PathKey, Entry | null, string>;
}

export interface ContextParts {
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
  readonly clock: Clock;
  readonly guard: StoreGuard;
}

const MAX_BATCH = 1_000;

export function createContentContext({ database, municipalities, clock, guard }: ContextParts): ContentContext {
  const tables = database.as<ContentTables>();

  async function readRegions(slugs: readonly string[]): Promise<(RegionRecord | null)[]> {
    const rows = await tables
      .selectFrom('content_region')
      .select(['municipality', 'data'])
      .where(sql<boolean>`municipality = any(${slugs}::text[])`)
      .execute();
    const found = new Map(rows.map((row) => [row.municipality, row.data]));
    return slugs.map((slug) => found.get(slug) ?? null);
  }

  async function readLists(keys: readonly ListKey[]): Promise<IndexRow[][]> {
    const { rows } = await sql<IndexRow & { n: number }>`
      select wanted.n::integer as n, entry.id, entry.index
      from unnest(
        ${keys.map(({ municipality }) => municipality)}::text[],
        ${keys.map(({ language }) => language)}::text[],
        ${keys.map(({ kind }) => kind)}::text[]
      ) with ordinality as wanted (municipality, language, kind, n)
      join content_entry entry
        on entry.municipality = wanted.municipality and entry.language = wanted.language
        and entry.kind = wanted.kind and entry.parent_id is null`.execute(tables);
    return inBuckets(keys.length, rows, ({ n }) => n - 1);
  }

  async function readChildren(parentIds: readonly string[]): Promise<IndexRow[][]> {
    const rows = await tables
      .selectFrom('content_entry')
      .select(['id', 'index', 'parent_id'])
      .where(sql<boolean>`parent_id = any(${parentIds}::text[])`)
      .execute();
    const positions = new Map(parentIds.map((id, n) => [id, n]));
    return inBuckets(parentIds.length, rows, (row) => positions.get(row.parent_id ?? '') ?? -1);
  }

  async function readEntries(ids: readonly string[]): Promise<(Entry | null)[]> {
    const rows = await tables
      .selectFrom('content_entry')
      .select(['id', 'kind', 'municipality', 'parent_id as parentId', 'data'])
      .where(sql<boolean>`id = any(${ids}::text[])`)
      .execute();
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  }

  async function readPages(keys: readonly PathKey[]): Promise<(Entry | null)[]> {
    const rows = await tables
      .selectFrom('content_entry')
      .select(['id', 'kind', 'municipality', 'path', 'parent_id as parentId', 'data'])
      .where('kind', 'in', ['page', 'imprint'])
      .where(sql<boolean>`(municipality, path) in (select * from unnest(
        ${keys.map(({ municipality }) => municipality)}::text[], ${keys.map(({ path }) => path)}::text[]))`)
      .execute();
    const found = new Map(rows.map((row) => [`${row.municipality} ${row.path}`, row]));
    return keys.map(({ municipality, path }) => found.get(`${municipality} ${path}`) ?? null);
  }

  const options = { maxBatchSize: MAX_BATCH };
  return {
    snapshot: municipalities.current(),
    now: clock.now(),
    regions: new DataLoader((slugs) => guard(() => readRegions(slugs)), options),
    lists: new DataLoader((keys) => guard(() => readLists(keys)), {
      ...options,
      cacheKeyFn: ({ municipality, language, kind }) => `${municipality} ${language} ${kind}`,
    }),
    children: new DataLoader((ids) => guard(() => readChildren(ids)), options),
    entries: new DataLoader((ids) => guard(() => readEntries(ids)), options),
    pagesByPath: new DataLoader((keys) => guard(() => readPages(keys)), {
      ...options,
      cacheKeyFn: ({ municipality, path }) => `${municipality} ${path}`,
    }),
  };
}

function inBuckets<Row>(count: number, rows: readonly Row[], bucketOf: (row: Row) => number): Row[][] {
  const buckets = Array.from({ length: count }, (): Row[] => []);
  for (const row of rows) {
    buckets[bucketOf(row)]?.push(row);
  }
  return buckets;
}
