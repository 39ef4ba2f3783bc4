import type { Migration } from 'kysely';

import type { SqlDatabase } from '../sql/SqlDatabase.ts';
import type { IngestReport } from './IngestSource.ts';

/** What is kept of every run, for people and for the decision whether a source was ever read. */
export interface RunLog {
  add(report: IngestReport): Promise<void>;
  /** When the source last ended a run that stored or confirmed something; undefined: never. */
  lastSuccess(source: string): Promise<Date | undefined>;
}

interface Tables {
  ingest_run: {
    source: string;
    started_at: Date;
    finished_at: Date;
    accepted: number;
    changed: number;
    removed: number;
    rejections: string;
    failures: string;
  };
}

/** Rejections and failures that are kept of one run. */
const MAX_KEPT = 200;

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_ingest_run': {
    async up(db) {
      await db.schema
        .createTable('ingest_run')
        .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('started_at', 'timestamptz', (column) => column.notNull())
        .addColumn('finished_at', 'timestamptz', (column) => column.notNull())
        .addColumn('accepted', 'integer', (column) => column.notNull())
        .addColumn('changed', 'integer', (column) => column.notNull())
        .addColumn('removed', 'integer', (column) => column.notNull())
        .addColumn('rejections', 'jsonb', (column) => column.notNull())
        .addColumn('failures', 'jsonb', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('ingest_run_by_source').on('ingest_run').columns(['source', 'finished_at']).execute();
    },
  },
};

export async function createRunLog(database: SqlDatabase): Promise<RunLog> {
  await database.migrate('ingest', MIGRATIONS);
  const db = database.as<Tables>();
  return {
    add: async ({ source, startedAt, finishedAt, accepted, changed, removed, rejections, failures }) => {
      await db
        .insertInto('ingest_run')
        .values({
          source,
          started_at: startedAt,
          finished_at: finishedAt,
          accepted,
          changed,
          removed,
          rejections: JSON.stringify(rejections.slice(0, MAX_KEPT)),
          failures: JSON.stringify(failures.slice(0, MAX_KEPT)),
        })
        .execute();
    },
    lastSuccess: async (source) => {
      const row = await db
        .selectFrom('ingest_run')
        .select('finished_at')
        .where('source', '=', source)
        .where('accepted', '>', 0)
        .orderBy('finished_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.finished_at;
    },
  };
}
