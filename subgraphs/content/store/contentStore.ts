import { type Kysely, sql } from 'kysely';

import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import type { ContentIndex, ContentKind, ContentRecord, RegionRecord } from '../ContentRecord.ts';
import { compareRecords, type HashedRecord, hashOf } from '../compare/compareRecords.ts';
import type { ContentTables } from './ContentTables.ts';

/** What one statement carries at most: large enough to be few, small enough for the statement timeout. */
const CHUNK_ROWS = 200;
const CHUNK_CHARACTERS = 1_000_000;

/** What the store remembers of an answer of the CMS. */
export interface StoredPart {
  readonly language: string;
  readonly kind: ContentKind;
  readonly bodyHash: string;
  readonly items: number;
  readonly rejected: number;
  readonly quarantinedAt: Date | null;
}

/** A trusted answer: these records take the place of the stored ones of their part. */
export interface NewPart {
  readonly kind: ContentKind;
  readonly bodyHash: string;
  readonly rejected: number;
  readonly records: readonly ContentRecord[];
}

export interface StoreCounts {
  readonly changed: number;
  readonly removed: number;
}

/** What the ingest reads and writes. Every write of a municipality's language is one transaction. */
export interface ContentStore {
  readRegion(municipality: string): Promise<RegionRecord | undefined>;
  writeRegion(municipality: string, region: RegionRecord): Promise<void>;
  readParts(municipality: string): Promise<readonly StoredPart[]>;
  readIndex(municipality: string, language: string, kind: ContentKind): Promise<readonly ContentIndex[]>;
  writeParts(municipality: string, language: string, parts: readonly NewPart[]): Promise<StoreCounts>;
  /** Notes since when answers are not trusted; undefined: they are again. */
  markQuarantine(municipality: string, language: string, kind: ContentKind, since: Date | undefined): Promise<void>;
  /** Removes all but the languages that the region still has. */
  removeOtherLanguages(municipality: string, languages: readonly string[]): Promise<number>;
}

export function createContentStore(sqlDatabase: SqlDatabase): ContentStore {
  const database = sqlDatabase.as<ContentTables>();
  return {
    readRegion: async (municipality) => {
      const row = await database
        .selectFrom('content_region')
        .select('data')
        .where('municipality', '=', municipality)
        .executeTakeFirst();
      return row?.data;
    },
    writeRegion: async (municipality, region) => {
      const row = { hash: hashOf(region), data: JSON.stringify(region) };
      await database
        .insertInto('content_region')
        .values({ municipality, ...row })
        .onConflict((conflict) =>
          conflict.column('municipality').doUpdateSet(row).where('content_region.hash', '<>', row.hash),
        )
        .execute();
    },
    readParts: async (municipality) => {
      const rows = await database
        .selectFrom('content_part')
        .selectAll()
        .where('municipality', '=', municipality)
        .execute();
      return rows.map(({ language, kind, body_hash, items, rejected, quarantined_at }) => ({
        language,
        kind,
        bodyHash: body_hash,
        items,
        rejected,
        quarantinedAt: quarantined_at,
      }));
    },
    readIndex: async (municipality, language, kind) => {
      const rows = await database
        .selectFrom('content_entry')
        .select('index')
        .where('municipality', '=', municipality)
        .where('language', '=', language)
        .where('kind', '=', kind)
        .execute();
      return rows.map(({ index }) => index);
    },
    writeParts: (municipality, language, parts) => writeParts(database, municipality, language, parts),
    markQuarantine: async (municipality, language, kind, since) => {
      await database
        .updateTable('content_part')
        .set({ quarantined_at: since ?? null })
        .where('municipality', '=', municipality)
        .where('language', '=', language)
        .where('kind', '=', kind)
        .execute();
    },
    removeOtherLanguages: (municipality, languages) =>
      database.transaction().execute(async (transaction) => {
        const gone = await transaction
          .deleteFrom('content_entry')
          .where('municipality', '=', municipality)
          .where('language', 'not in', [...languages])
          .executeTakeFirst();
        await transaction
          .deleteFrom('content_part')
          .where('municipality', '=', municipality)
          .where('language', 'not in', [...languages])
          .execute();
        return Number(gone.numDeletedRows);
      }),
  };
}

async function writeParts(
  database: Kysely<ContentTables>,
  municipality: string,
  language: string,
  parts: readonly NewPart[],
): Promise<StoreCounts> {
  const kinds = parts.map(({ kind }) => kind);
  return database.transaction().execute(async (transaction) => {
    const stored = await transaction
      .selectFrom('content_entry')
      .select(['id', 'hash'])
      .where('municipality', '=', municipality)
      .where('language', '=', language)
      .where('kind', 'in', kinds)
      .execute();
    const { changed, goneIds } = compareRecords(
      parts.flatMap(({ records }) => records),
      new Map(stored.map(({ id, hash }) => [id, hash])),
    );
    for (const rows of toChunks(changed.map((record) => JSON.stringify(toRow(record, municipality, language))))) {
      await upsert(transaction, rows);
    }
    if (goneIds.length > 0) {
      await sql`delete from content_entry where id = any(${goneIds}::text[])`.execute(transaction);
    }
    const rows = parts.map(({ kind, bodyHash, rejected, records }) => ({
      municipality,
      language,
      kind,
      body_hash: bodyHash,
      items: records.length,
      rejected,
    }));
    await sql`
      insert into content_part (municipality, language, kind, body_hash, items, rejected)
      select municipality, language, kind, body_hash, items, rejected
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as part (municipality text, language text, kind text, body_hash text, items integer, rejected integer)
      on conflict (municipality, language, kind) do update set
        body_hash = excluded.body_hash, items = excluded.items, rejected = excluded.rejected, quarantined_at = null
    `.execute(transaction);
    return { changed: changed.length, removed: goneIds.length };
  });
}

function toRow({ record, hash }: HashedRecord, municipality: string, language: string) {
  const { id, kind, path, parentId, index, data } = record;
  return { id, municipality, language, kind, path, parent_id: parentId, hash, index, data };
}

/** JSON texts of rows as JSON texts of lists. */
function* toChunks(rows: readonly string[]): Generator<string> {
  let chunk: string[] = [];
  let characters = 0;
  for (const row of rows) {
    if (chunk.length === CHUNK_ROWS || (chunk.length > 0 && characters + row.length > CHUNK_CHARACTERS)) {
      yield `[${chunk.join(',')}]`;
      chunk = [];
      characters = 0;
    }
    chunk.push(row);
    characters += row.length;
  }
  if (chunk.length > 0) {
    yield `[${chunk.join(',')}]`;
  }
}

async function upsert(transaction: Kysely<ContentTables>, rows: string): Promise<void> {
  await sql`
    insert into content_entry (id, municipality, language, kind, path, parent_id, hash, index, data)
    select id, municipality, language, kind, path, parent_id, hash, index, data
    from json_to_recordset(${rows}::json) as entry
      (id text, municipality text, language text, kind text, path text, parent_id text, hash text, index json, data json)
    on conflict (id) do update set
      municipality = excluded.municipality, language = excluded.language, kind = excluded.kind, path = excluded.path,
      parent_id = excluded.parent_id, hash = excluded.hash, index = excluded.index, data = excluded.data
  `.execute(transaction);
}
