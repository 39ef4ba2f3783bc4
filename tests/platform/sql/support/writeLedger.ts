// A process for killing: opens the embedded database of the directory given, writes one row after the other and prints
// the number of each as soon as the database has acknowledged it.
import { silentLogger } from '../../../../platform/logger/Logger.ts';
import { openEmbeddedDatabase } from '../../../../platform/sql/openEmbeddedDatabase.ts';

const [directory = ''] = process.argv.slice(2);
const database = await openEmbeddedDatabase({ directory, logger: silentLogger, statementTimeoutMs: 20_000 });
await database.query('create table if not exists ledger (id int primary key, text text)');
const { rows } = await database.query('select coalesce(max(id), 0) as last from ledger');
for (let id = Number(rows[0]?.last) + 1; ; id += 1) {
  await database.query('insert into ledger values ($1, $2)', [id, 'x'.repeat(2_000)]);
  process.stdout.write(`${id}\n`);
}
