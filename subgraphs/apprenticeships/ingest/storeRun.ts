import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely';

import { type ApprenticeshipRecord, toApprenticeshipId } from '../ApprenticeshipRecord.ts';
import { foldText } from '../foldText.ts';
import type { ApprenticeshipTables } from '../storage/ApprenticeshipTables.ts';
import type { RunChanges, StoredState } from './compareRun.ts';

/** Rows of one statement: far below the 65,535 parameters that the protocol allows. */
const CHUNK_SIZE = 500;
/** From here on the planner's idea of the tables is out of date. */
const MIN_CHANGES_TO_ANALYSE = 100;

type Write = Transaction<ApprenticeshipTables>;

/**
 * One transaction a run: reads what is stored of a source, lets `compare` decide, writes the difference.
 * A second run of the same source waits until the first is through.
 */
export async function storeRun(
  database: Kysely<ApprenticeshipTables>,
  { source, fetchedAt, compare }: { source: string; fetchedAt: Date; compare: (stored: StoredState) => RunChanges },
): Promise<RunChanges> {
  const done = await database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`apprenticeships:${source}`}))`.execute(transaction);
    const stored = await readStored(transaction, source);
    const changes = compare(stored);
    await writeRecords(transaction, changes.written, { source, fetchedAt, stored });
    for (const ids of chunksOf(changes.unchanged, 5_000)) {
      await transaction
        .updateTable('apprenticeship_records')
        .set({ fetched_at: fetchedAt })
        .where('source', '=', source)
        .where(isOneOf('external_id', ids))
        .execute();
    }
    await writeQueries(transaction, changes, { source, fetchedAt, stored });
    await removeGone(transaction, changes.gone, { source, stored });
    return changes;
  });
  if (done.written.length + done.gone.length >= MIN_CHANGES_TO_ANALYSE) {
    // A server would get to it by itself; the embedded database has no process that would.
    await sql`analyze apprenticeships, apprenticeship_places, apprenticeship_records`.execute(database);
  }
  return done;
}

async function readStored(transaction: Write, source: string): Promise<StoredState> {
  const records = await transaction
    .selectFrom('apprenticeship_records')
    .select(['external_id', 'content_hash', 'apprenticeship_id'])
    .where('source', '=', source)
    .execute();
  const queries = await transaction
    .selectFrom('apprenticeship_queries')
    .select(['query_key', 'suspicious_answers'])
    .where('source', '=', source)
    .execute();
  const held = await transaction
    .selectFrom('apprenticeship_query_records')
    .select(['query_key', 'external_id'])
    .where('source', '=', source)
    .execute();
  const idsOf = new Map(queries.map(({ query_key }) => [query_key, new Set<string>()]));
  for (const { query_key, external_id } of held) {
    idsOf.get(query_key)?.add(external_id);
  }
  return {
    records: new Map(
      records.map((row) => [
        row.external_id,
        { contentHash: row.content_hash, apprenticeshipId: row.apprenticeship_id },
      ]),
    ),
    queries: new Map(
      queries.map(({ query_key, suspicious_answers }) => [
        query_key,
        {
          externalIds: idsOf.get(query_key) ?? new Set(),
          suspiciousAnswers: suspicious_answers,
        },
      ]),
    ),
  };
}

async function writeRecords(
  transaction: Write,
  written: RunChanges['written'],
  { source, fetchedAt, stored }: { source: string; fetchedAt: Date; stored: StoredState },
): Promise<void> {
  const entries = written.map((entry) => ({
    ...entry,
    id: stored.records.get(entry.record.externalId)?.apprenticeshipId ?? toApprenticeshipId(entry.record),
  }));
  for (const chunk of chunksOf(entries)) {
    await transaction
      .insertInto('apprenticeships')
      .values(chunk.map(({ id, record }) => toApprenticeshipRow(id, record, fetchedAt)))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          kind: row.ref('excluded.kind'),
          title: row.ref('excluded.title'),
          occupation_name: row.ref('excluded.occupation_name'),
          occupation_scheme: row.ref('excluded.occupation_scheme'),
          occupation_code: row.ref('excluded.occupation_code'),
          employer: row.ref('excluded.employer'),
          description: row.ref('excluded.description'),
          starts_on: row.ref('excluded.starts_on'),
          published_on: row.ref('excluded.published_on'),
          expires_on: row.ref('excluded.expires_on'),
          // What the source does not date keeps the day on which it was first seen.
          newest_on: sql<string>`coalesce(excluded.published_on, apprenticeships.newest_on)`,
          positions: row.ref('excluded.positions'),
          requirements: sql<string>`excluded.requirements`,
          url: row.ref('excluded.url'),
          search_text: row.ref('excluded.search_text'),
          occupation_key: row.ref('excluded.occupation_key'),
        })),
      )
      .execute();
    await transaction
      .insertInto('apprenticeship_records')
      .values(
        chunk.map(({ id, record, contentHash }) => ({
          source,
          external_id: record.externalId,
          apprenticeship_id: id,
          url: record.sourceUrl,
          content_hash: contentHash,
          first_seen_at: fetchedAt,
          fetched_at: fetchedAt,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['source', 'external_id']).doUpdateSet((row) => ({
          url: row.ref('excluded.url'),
          content_hash: row.ref('excluded.content_hash'),
          fetched_at: row.ref('excluded.fetched_at'),
        })),
      )
      .execute();
    await transaction
      .deleteFrom('apprenticeship_places')
      .where(
        isOneOf(
          'apprenticeship_id',
          chunk.map(({ id }) => id),
        ),
      )
      .execute();
  }
  for (const rows of chunksOf(entries.flatMap(({ id, record }) => toPlaceRows(id, record)))) {
    await transaction.insertInto('apprenticeship_places').values(rows).execute();
  }
}

/** Writes what differs alone: most runs find most of what the run before found. */
async function writeQueries(
  transaction: Write,
  { trusted, suspicious, retired }: RunChanges,
  { source, fetchedAt, stored }: { source: string; fetchedAt: Date; stored: StoredState },
): Promise<void> {
  for (const keys of chunksOf(retired)) {
    await transaction
      .deleteFrom('apprenticeship_queries')
      .where('source', '=', source)
      .where(isOneOf('query_key', keys))
      .execute();
  }
  for (const [query_key, ids] of trusted) {
    const before = stored.queries.get(query_key)?.externalIds ?? new Set<string>();
    const now = new Set(ids);
    await transaction
      .insertInto('apprenticeship_queries')
      .values({ source, query_key, trusted_at: fetchedAt })
      .onConflict((conflict) =>
        conflict.columns(['source', 'query_key']).doUpdateSet({ trusted_at: fetchedAt, suspicious_answers: 0 }),
      )
      .execute();
    for (const chunk of chunksOf(ids.filter((id) => !before.has(id)))) {
      await transaction
        .insertInto('apprenticeship_query_records')
        .values(chunk.map((external_id) => ({ source, query_key, external_id })))
        .execute();
    }
    for (const chunk of chunksOf([...before].filter((id) => !now.has(id)))) {
      await transaction
        .deleteFrom('apprenticeship_query_records')
        .where('source', '=', source)
        .where('query_key', '=', query_key)
        .where(isOneOf('external_id', chunk))
        .execute();
    }
  }
  for (const { queryKey } of suspicious) {
    await transaction
      .updateTable('apprenticeship_queries')
      .set((row) => ({ suspicious_answers: row('suspicious_answers', '+', 1) }))
      .where('source', '=', source)
      .where('query_key', '=', queryKey)
      .execute();
  }
}

/** Removes records, then the apprenticeships that no record of any source stands behind any more. */
async function removeGone(
  transaction: Write,
  gone: readonly string[],
  { source, stored }: { source: string; stored: StoredState },
): Promise<void> {
  for (const ids of chunksOf(gone)) {
    await transaction
      .deleteFrom('apprenticeship_records')
      .where('source', '=', source)
      .where(isOneOf('external_id', ids))
      .execute();
    const apprenticeshipIds = ids.flatMap((id) => stored.records.get(id)?.apprenticeshipId ?? []);
    await transaction
      .deleteFrom('apprenticeships')
      .where(isOneOf('id', apprenticeshipIds))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('apprenticeship_records')
              .select('external_id')
              .whereRef('apprenticeship_records.apprenticeship_id', '=', 'apprenticeships.id'),
          ),
        ),
      )
      .execute();
  }
}

function toApprenticeshipRow(id: string, record: ApprenticeshipRecord, fetchedAt: Date) {
  const { occupation } = record;
  return {
    id,
    kind: record.kind,
    title: record.title,
    occupation_name: occupation?.name ?? null,
    occupation_scheme: occupation?.scheme ?? null,
    occupation_code: occupation?.code ?? null,
    employer: record.employer,
    description: record.description,
    starts_on: record.startsOn,
    published_on: record.publishedOn,
    expires_on: record.expiresOn,
    newest_on: record.publishedOn ?? fetchedAt.toISOString().slice(0, 10),
    positions: record.positions,
    requirements: JSON.stringify(record.requirements),
    url: record.url,
    search_text: foldText([record.title, occupation?.name, record.employer].filter(Boolean).join('\n')),
    occupation_key: occupation === null ? null : foldText(occupation.name),
  };
}

function toPlaceRows(id: string, { places }: ApprenticeshipRecord) {
  return places.map(({ location, ...place }, position) => ({
    apprenticeship_id: id,
    position,
    ...place,
    town_key: place.town === null ? null : foldText(place.town),
    latitude: location?.latitude ?? null,
    longitude: location?.longitude ?? null,
  }));
}

/** One parameter, however many values: the text of the statement stays the same. */
function isOneOf(column: string, values: readonly string[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} = any (${[...values]}::text[])`;
}

function chunksOf<Item>(items: readonly Item[], size = CHUNK_SIZE): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
