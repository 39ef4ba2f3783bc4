import { type Kysely, type Migration, sql } from 'kysely';

interface MigrationTables {
  schema_migrations: { owner: string; name: string };
}

/** The same number in every process and release; nothing else of ours takes an advisory lock with it. */
const MIGRATION_LOCK = 7_204_551_119_003;

/** All pending migrations of an owner in one transaction: after a failure the tables are as before. */
export async function migrateOwner(
  database: Kysely<Record<string, never>>,
  owner: string,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const known = Object.keys(migrations).sort();
  await database.transaction().execute(async (transaction) => {
    const tables = transaction as unknown as Kysely<MigrationTables>;
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tables);
    await sql`
      create table if not exists schema_migrations (
        owner text not null,
        name text not null,
        applied_at timestamptz not null default now(),
        primary key (owner, name)
      )`.execute(tables);
    const rows = await tables.selectFrom('schema_migrations').select('name').where('owner', '=', owner).execute();
    const applied = new Set(rows.map(({ name }) => name));
    const unknown = [...applied].filter((name) => !known.includes(name)).sort();
    if (unknown.length > 0) {
      throw new Error(
        `The database holds the migration "${unknown.join('", "')}" of "${owner}", which this program does not know ` +
          `(its newest is "${known.at(-1) ?? 'none'}"): the program is older than its data. Start the newer version, ` +
          'or restore a backup from before the update.',
      );
    }
    const newest = [...applied].sort().at(-1);
    for (const name of known) {
      if (applied.has(name)) {
        continue;
      }
      if (newest !== undefined && name < newest) {
        throw new Error(`The migration "${name}" of "${owner}" sorts before "${newest}", which was applied already.`);
      }
      try {
        await migrations[name]?.up(transaction);
      } catch (error) {
        throw new Error(`The migration "${name}" of "${owner}" failed: ${describe(error)}`, { cause: error });
      }
      await tables.insertInto('schema_migrations').values({ owner, name }).execute();
    }
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
