import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';

interface Tables {
  room: { id: number; name: string };
}

const createRoom = {
  up: async (database: Kysely<unknown>) => {
    await database.schema
      .createTable('room')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .execute();
  },
};

/** What every database behind the port does. */
export function testSqlDatabase(open: () => Promise<SqlDatabase>): void {
  describe('SqlDatabase', () => {
    let database: SqlDatabase;

    beforeAll(async () => {
      database = await open();
    });

    afterAll(async () => {
      await database?.close();
    });

    it('reads columns as promised', async () => {
      const { rows } = await database.query(`
        select 9007199254740991::bigint as exact, 9007199254740993::bigint as beyond, (-5)::bigint as negative,
          count(*) as count, 1.50::numeric as money, sum(2::int) as sum, 0.5::float8 as ratio,
          date '2026-03-29' as day, timestamptz '2026-03-29 02:30:00+02' as instant,
          '{"a":[1,"ä"]}'::jsonb as json, array[1,2] as list, null as nothing, true as yes`);

      expect(rows).toEqual([
        {
          exact: 9007199254740991,
          beyond: '9007199254740993',
          negative: -5,
          count: 1,
          money: '1.50',
          sum: 2,
          ratio: 0.5,
          day: '2026-03-29',
          instant: new Date('2026-03-29T00:30:00Z'),
          json: { a: [1, 'ä'] },
          list: [1, 2],
          nothing: null,
          yes: true,
        },
      ]);
    });

    it('speaks UTC', async () => {
      expect((await database.query("select timestamp '2026-07-01 12:00'::timestamptz::text as at")).rows).toEqual([
        { at: '2026-07-01 12:00:00+00' },
      ]);
    });

    it('passes parameters as values, whatever they hold', async () => {
      const text = `'; drop table room; -- "\\ 👋 ${'x'.repeat(100_000)}`;

      expect((await database.query('select $1::text as text, $2::int[] as list', [text, [1, 2]])).rows).toEqual([
        { text, list: [1, 2] },
      ]);
    });

    it('gives the rows of the last of several statements', async () => {
      expect((await database.query('select 1 as one; select 2 as two')).rows).toEqual([{ two: 2 }]);
    });

    it('is not harmed by text that fails in the middle of a transaction of its own', async () => {
      await expect(database.query('begin; create table half (id int); select 1/0; commit')).rejects.toThrow(
        'division by zero',
      );

      const states = await Promise.all(
        Array.from({ length: 12 }, () => database.query("select to_regclass('half') as half")),
      );
      expect(states.map(({ rows }) => rows)).toEqual(states.map(() => [{ half: null }]));
    });

    it('migrates in the order of the names, each owner by itself, and only once', async () => {
      const applied: string[] = [];
      const note = (name: string) => ({
        up: async () => {
          applied.push(name);
        },
      });
      const migrations = { '0002-second': note('second'), '0001-first': note('first') };

      await database.migrate('content', migrations);
      await database.migrate('housing', { '0001-first': note('housing') });
      await database.migrate('content', { ...migrations, '0003-third': note('third') });
      await database.migrate('content', { ...migrations, '0003-third': note('third') });

      expect(applied).toEqual(['first', 'second', 'housing', 'third']);
    });

    it('migrates once when several processes start together (P-11)', async () => {
      let runs = 0;
      const migrations = {
        '0001-slow': {
          up: async (transaction: Kysely<unknown>) => {
            runs += 1;
            await sql`select pg_sleep(0.2)`.execute(transaction);
            await sql`create table made_once (id int)`.execute(transaction);
          },
        },
      };

      await Promise.all(Array.from({ length: 4 }, () => database.migrate('together', migrations)));

      expect(runs).toBe(1);
    });

    it('leaves the tables as they were when a migration fails, and names it (P-11)', async () => {
      const failing = {
        '0001-good': {
          up: async (transaction: Kysely<unknown>) => {
            await sql`create table good (id int)`.execute(transaction);
          },
        },
        '0002-bad': {
          up: async (transaction: Kysely<unknown>) => {
            await sql`create tabel bad (id int)`.execute(transaction);
          },
        },
      };

      await expect(database.migrate('failing', failing)).rejects.toThrow(
        'The migration "0002-bad" of "failing" failed: syntax error at or near "tabel"',
      );

      expect((await database.query("select to_regclass('good') as good")).rows).toEqual([{ good: null }]);
      await database.migrate('failing', { '0001-good': failing['0001-good'] });
    });

    it('C-18: refuses data that are newer than the program (P-11)', async () => {
      const noop = { up: async () => {} };
      await database.migrate('newer', { '0001-a': noop, '0002-b': noop });

      await expect(database.migrate('newer', { '0001-a': noop })).rejects.toThrow(
        'The database holds the migration "0002-b" of "newer", which this program does not know (its newest is "0001-a")',
      );
    });

    it('refuses a migration that was put in before one that was applied', async () => {
      const noop = { up: async () => {} };
      await database.migrate('order', { '0001-a': noop, '0003-c': noop });

      await expect(database.migrate('order', { '0001-a': noop, '0002-b': noop, '0003-c': noop })).rejects.toThrow(
        'The migration "0002-b" of "order" sorts before "0003-c", which was applied already.',
      );
    });

    it('commits a transaction whole or not at all', async () => {
      await database.migrate('rooms', { '0001-room': createRoom });
      const tables = database.as<Tables>();

      await tables.transaction().execute(async (transaction) => {
        await transaction.insertInto('room').values({ id: 1, name: 'kitchen' }).execute();
      });
      const failing = tables.transaction().execute(async (transaction) => {
        await transaction.insertInto('room').values({ id: 2, name: 'bath' }).execute();
        await transaction.insertInto('room').values({ id: 1, name: 'twice' }).execute();
      });

      await expect(failing).rejects.toMatchObject({ code: '23505' });
      expect(await tables.selectFrom('room').selectAll().execute()).toEqual([{ id: 1, name: 'kitchen' }]);
    });

    it('keeps transactions of many callers apart', async () => {
      await database.query('create table counter (value int); insert into counter values (0)');
      const tables = database.as<{ counter: { value: number } }>();

      await Promise.all(
        Array.from({ length: 20 }, () =>
          tables.transaction().execute(async (transaction) => {
            const { value } = await transaction
              .selectFrom('counter')
              .select('value')
              .forUpdate()
              .executeTakeFirstOrThrow();
            await transaction
              .updateTable('counter')
              .set({ value: value + 1 })
              .execute();
          }),
        ),
      );

      expect((await database.query('select value from counter')).rows).toEqual([{ value: 20 }]);
    });

    it('names itself by a URL to which a driver can connect', async () => {
      const { Client } = await import('pg');
      const client = new Client({ connectionString: database.url });

      await client.connect();
      const { rows } = await client.query('select 1 as one');
      await client.end();

      expect(rows).toEqual([{ one: 1 }]);
    });
  });
}
