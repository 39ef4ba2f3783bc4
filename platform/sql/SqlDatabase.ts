import type { Kysely, Migration } from 'kysely';

/**
 * An open PostgreSQL database (a server, or the embedded PGlite) behind one driver.
 * Inside `transaction` use the transaction object alone: the embedded database has one session, so a query past the
 * transaction waits for its end, and after 5 s the transaction is rolled back.
 *
 * Values as JavaScript sees them: `bigint` and `count(*)` a number (a string beyond 2^53), `numeric` a string,
 * `date` a string `YYYY-MM-DD`, `timestamptz` a Date, `json` and `jsonb` parsed. The session's zone is UTC.
 */
export interface SqlDatabase {
  /** A view of the database typed by the tables that its user owns; migrations of each owner live side by side. */
  as<Tables>(): Kysely<Tables>;
  /**
   * Brings an owner's tables up to date under an advisory lock, so that any number of processes may start at once.
   * Names sort in the order of application; a name that was once released never changes its meaning.
   * Throws when the database knows a migration that this program does not (it is older than the data).
   */
  migrate(owner: string, migrations: Readonly<Record<string, Migration>>): Promise<void>;
  /** For the job queue: runs text with positional parameters and returns rows. */
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
  /** Where other drivers can connect, as a `postgres://` URL. */
  readonly url: string;
  close(): Promise<void>;
}
