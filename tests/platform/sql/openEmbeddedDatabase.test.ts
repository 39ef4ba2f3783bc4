import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '../../../platform/logger/Logger.ts';
import { openEmbeddedDatabase } from '../../../platform/sql/openEmbeddedDatabase.ts';
import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import { findTemplate } from '../../support/database.ts';

let directory: string;
const opened: SqlDatabase[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-embedded-'));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  await rm(directory, { recursive: true, force: true });
});

async function open(options: { statementTimeoutMs?: number; idleInTransactionMs?: number } = {}): Promise<SqlDatabase> {
  const database = await openEmbeddedDatabase({
    directory,
    logger: silentLogger,
    template: await findTemplate(),
    statementTimeoutMs: 20_000,
    ...options,
  });
  opened.push(database);
  return database;
}

describe('openEmbeddedDatabase', () => {
  it('creates a database in an empty directory and says what takes time', async () => {
    const messages: string[] = [];

    const database = await openEmbeddedDatabase({
      directory,
      logger: silentLogger,
      onProgress: (message) => messages.push(message),
      statementTimeoutMs: 20_000,
    });
    opened.push(database);

    expect(messages[0]).toContain('Creating the embedded database');
    expect((await database.query('show server_version')).rows[0]?.server_version).toMatch(/^18\./);
  }, 120_000);

  it('keeps what was committed over a restart', async () => {
    const first = await open();
    await first.query('create table kept (value text)');
    await first.query('insert into kept values ($1)', ['Augsburg']);
    await first.close();

    const second = await open();

    expect((await second.query('select value from kept')).rows).toEqual([{ value: 'Augsburg' }]);
  });

  it('leaves nothing but the data when it is closed', async () => {
    const database = await open();
    await database.close();

    expect(await readdir(directory)).toEqual(['data']);
  });

  it('removes what a killed first start left behind', async () => {
    await mkdir(join(directory, 'data.new-4711', 'base'), { recursive: true });

    await open();

    expect((await readdir(directory)).sort()).toEqual(['data', 'lock']);
  });

  it('refuses a directory of other files', async () => {
    await mkdir(join(directory, 'data'));
    await writeFile(join(directory, 'data', 'holiday.jpg'), '');

    await expect(open()).rejects.toThrow('is not empty and holds no database');
    expect(await readdir(directory)).toEqual(['data']); // the lock is given back
  });

  it('refuses the data of another PostgreSQL version', async () => {
    await mkdir(join(directory, 'data'));
    await writeFile(join(directory, 'data', 'PG_VERSION'), '17\n');

    await expect(open()).rejects.toThrow('was written by PostgreSQL 17, this program embeds 18');
  });

  it('refuses to be opened twice and names the process (P-14)', async () => {
    await open();

    await expect(open()).rejects.toThrow(`in use by process ${process.pid} on`);
  });

  it('has the extensions for search and distance', async () => {
    const database = await open();

    await database.query(
      'create extension pg_trgm; create extension unaccent; create extension cube; create extension earthdistance',
    );

    const { rows } = await database.query(
      "select unaccent('Größe') as word, similarity('Wohnung', 'Wohnungen') as near",
    );
    expect(rows).toEqual([{ word: 'Grosse', near: expect.closeTo(0.636, 2) }]);
  });

  it('answers each of many clients its own question, also when the messages come in pieces', async () => {
    const database = await open();
    const long = 'x'.repeat(300_000); // several segments on the socket

    const answers = await Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        switch (index % 3) {
          case 0:
            return (await database.query('select length($1::text) + $2::int as answer', [long, index])).rows[0]?.answer;
          case 1:
            return (await database.query('select $1::int as answer', [index])).rows[0]?.answer;
          default:
            return database.query('select missing($1::int)', [index]).catch((error: Error) => error.message);
        }
      }),
    );

    expect(answers).toEqual(
      Array.from(answers, (_, index) =>
        index % 3 === 0 ? 300_000 + index : index % 3 === 1 ? index : 'function missing(integer) does not exist',
      ),
    );
  });

  it('rolls back a transaction that is idle while others wait, as after a query past the transaction', async () => {
    const database = await open({ idleInTransactionMs: 300 });
    await database.query('create table room (id int primary key)');
    const tables = database.as<{ room: { id: number } }>();

    const mistaken = tables.transaction().execute(async (transaction) => {
      await transaction.insertInto('room').values({ id: 1 }).execute();
      await tables.selectFrom('room').selectAll().execute(); // waits for the transaction that waits for it
      await transaction.insertInto('room').values({ id: 2 }).execute();
    });

    await expect(mistaken).rejects.toThrow();
    expect((await database.query('select count(*) as rooms from room')).rows).toEqual([{ rooms: 0 }]);
  });

  it('starts again under a statement that hangs, keeps the data and the event loop free (P-18)', async () => {
    const database = await open({ statementTimeoutMs: 500 });
    await database.query('create table kept as select 1 as id');
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 10);

    const hanging = database.query('select count(*) from generate_series(1, 100000000000)');

    await expect(hanging).rejects.toThrow('Connection terminated');
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(20);
    expect((await database.query('select id from kept')).rows).toEqual([{ id: 1 }]);
  });

  it('lets other drivers in by its URL, and nobody without the password', async () => {
    const database = await open();
    const { Client } = await import('pg');
    const guest = new Client({ connectionString: database.url });
    const stranger = new Client({ connectionString: database.url.replace(/:[^:@]+@/, ':guess@') });

    await guest.connect();
    const { rows } = await guest.query('select 2 as two');
    await guest.end();

    expect(rows).toEqual([{ two: 2 }]);
    await expect(stranger.connect()).rejects.toThrow('The password is wrong.');
  });

  it('refuses queries after it was closed', async () => {
    const database = await open();
    await database.close();

    await expect(database.query('select 1')).rejects.toThrow('The database is closed.');
  });
});
