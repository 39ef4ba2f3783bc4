import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';

import { silentLogger } from '../../../platform/logger/Logger.ts';
import { openPostgres, type PostgresOptions } from '../../../platform/sql/openPostgres.ts';
import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import { createDatabase, describeServer } from '../../support/database.ts';
import { findFreePort } from '../../support/redis.ts';

const disposals: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) {
    await dispose();
  }
});

async function open(options: Omit<PostgresOptions, 'logger'>): Promise<SqlDatabase> {
  const database = await openPostgres({ logger: silentLogger, ...options });
  disposals.push(() => database.close());
  return database;
}

async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  disposals.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A way to the server that can be frozen: bytes are taken and not passed on. */
async function startProxy(url: string, port?: number): Promise<{ url: string; freeze: (isFrozen: boolean) => void }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${await listen(server, port)}`;
  disposals.push(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  return {
    url: proxied.href,
    freeze: (isFrozen) => {
      for (const socket of sockets) {
        if (isFrozen) {
          socket.unpipe();
          socket.pause();
        } else {
          socket.destroy();
        }
      }
    },
  };
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('openPostgres without a server', () => {
  it('opens all the same, and each query fails fast (P-01)', async () => {
    const database = await open({ url: `postgres://nobody:secret@127.0.0.1:${await findFreePort()}/none` });

    const elapsed = await millisecondsOf(() => expect(database.query('select 1')).rejects.toThrow('ECONNREFUSED'));

    expect(elapsed).toBeLessThan(1_000);
  });

  it('does not wait for one that accepts and says nothing (P-03)', async () => {
    const sockets: Socket[] = [];
    const port = await listen(createServer((socket) => sockets.push(socket)));
    const database = await open({ url: `postgres://nobody@127.0.0.1:${port}/none`, connectTimeoutMs: 300 });

    const elapsed = await millisecondsOf(() => expect(database.query('select 1')).rejects.toThrow('timeout'));

    expect(elapsed).toBeLessThan(1_500);
    for (const socket of sockets) {
      socket.destroy();
    }
  });
});

describeServer('openPostgres', (url) => {
  it('works as soon as the server has come (P-01)', async () => {
    const port = await findFreePort();
    const later = new URL(url);
    later.host = `127.0.0.1:${port}`;
    const database = await open({ url: later.href });
    await expect(database.query('select 1')).rejects.toThrow('ECONNREFUSED');

    await startProxy(url, port);

    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('gives up a query on a server that froze, and recovers when it is back (P-03)', async () => {
    const proxy = await startProxy(url);
    const database = await open({ url: proxy.url, statementTimeoutMs: 100, connectTimeoutMs: 300 });
    await database.query('select 1');

    proxy.freeze(true);
    const elapsed = await millisecondsOf(() => expect(database.query('select 1')).rejects.toThrow('timeout'));
    proxy.freeze(false);

    expect(elapsed).toBeLessThan(2_500);
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('does not wait for a free connection for ever (P-04)', async () => {
    const database = await open({ url, maxConnections: 1, connectTimeoutMs: 200 });
    const tables = database.as<Record<string, never>>();

    await tables.transaction().execute(async () => {
      await expect(database.query('select 1')).rejects.toThrow('timeout');
    });

    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('ends a slow statement and a wait for a lock (P-05)', async () => {
    const database = await open({ url, statementTimeoutMs: 400, lockTimeoutMs: 100 });

    await expect(database.query('select pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
    const tables = database.as<Record<string, never>>();
    await tables.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(815)`.execute(transaction);
      await expect(database.query('select pg_advisory_xact_lock(815)')).rejects.toMatchObject({ code: '55P03' });
    });
  });

  it('lets a migration take longer than a request may', async () => {
    const database = await createDatabase(url, { statementTimeoutMs: 200 });
    disposals.push(() => database.close());

    await database.migrate('slow', {
      '0001-slow': {
        up: async (transaction) => {
          await sql`select pg_sleep(0.6)`.execute(transaction);
        },
      },
    });

    expect((await database.query('select name from schema_migrations')).rows).toEqual([{ name: '0001-slow' }]);
  });

  it('survives that the server ends its idle connections (P-07)', async () => {
    const database = await open({ url });
    const other = await open({ url });
    const { rows } = await database.query('select pg_backend_pid() as pid');

    await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('refuses to be used after it was closed', async () => {
    const database = await open({ url });
    await database.close();

    await expect(database.query('select 1')).rejects.toThrow('The database is closed.');
  });
});
