import { type ClientBase, Pool, type PoolConfig } from 'pg';

import type { Logger } from '../logger/Logger.ts';
import { columnTypes } from './columnTypes.ts';
import { createSqlDatabase } from './createSqlDatabase.ts';
import type { SqlDatabase } from './SqlDatabase.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `sslmode` and the like as parameters. */
  readonly url: string;
  readonly logger: Logger;
  /** Default 10 in each process. */
  readonly maxConnections?: number;
  /** How long a query may wait for a free or a new connection. Default 1,000. */
  readonly connectTimeoutMs?: number;
  /** Longest statement of a request; migrations are exempt. Default 2,000. */
  readonly statementTimeoutMs?: number;
  /** Longest wait for a lock. Default 500. */
  readonly lockTimeoutMs?: number;
  /** Longest pause between two statements of a transaction. Default 5,000. */
  readonly idleInTransactionMs?: number;
}

/** How long one process waits for another that migrates. */
const MIGRATION_LOCK_TIMEOUT_MS = 120_000;

/**
 * Opens a PostgreSQL server, 15 or newer. The server need not be up: each query connects anew where it must, and fails
 * fast while it cannot.
 */
export async function openPostgres({
  url,
  logger,
  maxConnections = 10,
  connectTimeoutMs = 1_000,
  statementTimeoutMs = 2_000,
  lockTimeoutMs = 500,
  idleInTransactionMs = 5_000,
}: PostgresOptions): Promise<SqlDatabase> {
  const base: PoolConfig = {
    connectionString: url,
    types: columnTypes,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'civigraph',
  };
  const pool = new Pool({
    ...base,
    max: maxConnections,
    idleTimeoutMillis: 30_000,
    // The server's own limits cannot act when it is frozen or the way to it is cut.
    query_timeout: statementTimeoutMs + 1_000,
    onConnect: (client) =>
      setParameters(client, {
        timezone: 'UTC',
        statement_timeout: statementTimeoutMs,
        lock_timeout: lockTimeoutMs,
        idle_in_transaction_session_timeout: idleInTransactionMs,
      }),
  });
  return createSqlDatabase({
    pool,
    url,
    logger,
    withMigrationPool: async (work) => {
      const migrationPool = new Pool({
        ...base,
        max: 1,
        onConnect: (client) => setParameters(client, { timezone: 'UTC', lock_timeout: MIGRATION_LOCK_TIMEOUT_MS }),
      });
      try {
        await work(migrationPool);
      } finally {
        await migrationPool.end();
      }
    },
  });
}

/** By statement and not in the startup message, which poolers such as PgBouncer refuse to pass on. */
async function setParameters(client: ClientBase, parameters: Readonly<Record<string, string | number>>): Promise<void> {
  const calls = Object.entries(parameters).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  await client.query(`select ${calls.join(', ')}`);
}
