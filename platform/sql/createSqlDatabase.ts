import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';

import type { Logger } from '../logger/Logger.ts';
import { migrateOwner } from './migrateOwner.ts';
import type { SqlDatabase } from './SqlDatabase.ts';

export interface SqlDatabaseParts {
  /** For requests, with their limits. */
  readonly pool: Pool;
  readonly url: string;
  readonly logger: Logger;
  /** Awaited before every use of the pool. */
  readonly untilReady?: () => Promise<void>;
  /** Runs `work` with a pool whose statements may take as long as a migration does. */
  readonly withMigrationPool: (work: (pool: Pool) => Promise<void>) => Promise<void>;
  /** Called once, after the pool has ended. */
  readonly onClose?: () => Promise<void>;
}

/** A connection for one use, as Kysely wants it. */
interface Connection {
  query(text: string, values?: readonly unknown[]): Promise<unknown>;
  /** Has the connection closed instead of being used again. */
  spoil(): void;
  release(): void;
}

type ConnectionSource = NonNullable<Exclude<ConstructorParameters<typeof PostgresDialect>[0]['pool'], () => unknown>>;

/** How long `close` waits for transactions that are still open. */
const DRAIN_MS = 5_000;

/** The database port over a `pg` pool, whoever answers at its other end. */
export function createSqlDatabase({
  pool,
  url,
  logger,
  untilReady = async () => {},
  withMigrationPool,
  onClose = async () => {},
}: SqlDatabaseParts): SqlDatabase {
  let closing: Promise<void> | undefined;

  listenForErrors(pool, logger);
  async function connect(): Promise<Connection> {
    if (closing !== undefined) {
      throw new Error('The database is closed.');
    }
    await untilReady();
    return takeConnection(pool);
  }
  const kysely = createKysely(connect);

  async function close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DRAIN_MS);
    });
    await Promise.race([pool.end(), late]);
    clearTimeout(timer);
    await kysely.destroy();
    await onClose();
  }

  return {
    as: <Tables>() => kysely as unknown as Kysely<Tables>,
    migrate: (owner, migrations) =>
      withMigrationPool(async (migrationPool) => {
        if (migrationPool !== pool) {
          listenForErrors(migrationPool, logger);
        }
        await untilReady();
        await migrateOwner(
          createKysely(() => takeConnection(migrationPool)),
          owner,
          migrations,
        );
      }),
    query: async (text, values) => {
      const connection = await connect();
      try {
        // Text of several statements gives one result each; the last one counts.
        const result = await connection.query(text, values);
        const last: unknown = Array.isArray(result) ? result.at(-1) : result;
        return { rows: hasRows(last) ? last.rows : [] };
      } catch (error) {
        if (values === undefined) {
          connection.spoil(); // text of several statements may have begun a transaction that is still open
        }
        throw error;
      } finally {
        connection.release();
      }
    },
    url,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function createKysely(connect: () => Promise<Connection>): Kysely<Record<string, never>> {
  const source = { connect, end: async () => {} } as unknown as ConnectionSource; // `query` and `release` are all it uses
  return new Kysely({ dialect: new PostgresDialect({ pool: source }) });
}

/** A connection that goes back to the pool only while it is sound: after a timeout it may still be waiting for rows. */
async function takeConnection(pool: Pool): Promise<Connection> {
  const client = await pool.connect();
  let isBroken = false;
  return {
    query: async (text, values) => {
      try {
        return await (values === undefined ? client.query(text) : client.query(text, [...values]));
      } catch (error) {
        isBroken ||= !isStatementError(error);
        throw error;
      }
    },
    spoil: () => {
      isBroken = true;
    },
    release: () => client.release(isBroken),
  };
}

/**
 * 'error' of a client or of the pool comes besides the failure of a query, and would end the process unheard. The
 * message alone is logged: the error object holds the client with its password.
 */
function listenForErrors(pool: Pool, logger: Logger): void {
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      logger.debug({ reason: error.message }, 'database connection broke');
    });
  });
  pool.on('error', (error) => {
    logger.warn({ reason: error.message }, 'idle database connection broke');
  });
}

function hasRows(result: unknown): result is { rows: readonly Record<string, unknown>[] } {
  return typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows);
}

/** The server refused the statement and goes on; anything else comes from the connection. */
function isStatementError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'severity' in error && error.severity === 'ERROR';
}
