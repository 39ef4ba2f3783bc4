import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, it } from '@jest/globals';
import { Client } from 'pg';

import { type Logger, silentLogger } from '../../platform/logger/Logger.ts';
import { openEmbeddedDatabase } from '../../platform/sql/openEmbeddedDatabase.ts';
import { openPostgres, type PostgresOptions } from '../../platform/sql/openPostgres.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';

/** Empty databases by version of PGlite; made by the first test that needs one, copied by all others. */
const TEMPLATES = join(process.cwd(), 'node_modules', '.cache', 'civigraph');
const PGLITE_VERSION = '0.5.14';

/** An empty embedded database in a directory of its own, which `close` removes. Takes about a second. */
export async function openTestDatabase({ logger = silentLogger }: { logger?: Logger } = {}): Promise<SqlDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'civigraph-test-'));
  const database = await openEmbeddedDatabase({
    directory,
    logger,
    template: await findTemplate(),
    statementTimeoutMs: 20_000, // builders share their machines
    idleInTransactionMs: 20_000,
  });
  return {
    ...database,
    close: async () => {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Runs a suite on the embedded database and, where TEST_DATABASE_URL names a server on which databases may be created,
 * on PostgreSQL too. `open` gives a new, empty database; the suite closes it.
 */
export function describeDatabases(name: string, suite: (open: () => Promise<SqlDatabase>) => void): void {
  describe(`${name} (embedded database)`, () => {
    suite(() => openTestDatabase());
  });
  describeServer(name, (url) => suite(() => createDatabase(url)));
}

/** A suite for a PostgreSQL server alone: skipped where TEST_DATABASE_URL names none, failed where CI should have one. */
export function describeServer(name: string, suite: (url: string) => void): void {
  const url = process.env.TEST_DATABASE_URL;
  if (url !== undefined && url !== '') {
    describe(`${name} (PostgreSQL server)`, () => suite(url));
  } else if (process.env.CI !== undefined && process.env.CI !== '') {
    it(`${name} (PostgreSQL server)`, () => {
      throw new Error('CI runs this suite on a server too: set TEST_DATABASE_URL.');
    });
  } else {
    describe.skip(`${name} (PostgreSQL server): set TEST_DATABASE_URL to run it`, () => suite(''));
  }
}

/** The path of a closed, empty data directory. */
export async function findTemplate(): Promise<string> {
  const template = join(TEMPLATES, `pglite-${PGLITE_VERSION}`);
  const isMade = await stat(template).then(
    () => true,
    () => false,
  );
  if (!isMade) {
    await mkdir(TEMPLATES, { recursive: true });
    const draft = await mkdtemp(join(TEMPLATES, 'new-'));
    const database = await openEmbeddedDatabase({ directory: draft, logger: silentLogger });
    await database.close();
    try {
      await rename(join(draft, 'data'), template);
    } catch {
      await stat(template); // another worker was faster
    }
    await rm(draft, { recursive: true, force: true });
  }
  return template;
}

/** A new, empty database on the server, which `close` drops. */
export async function createDatabase(url: string, options: Partial<PostgresOptions> = {}): Promise<SqlDatabase> {
  const name = `civigraph_test_${randomBytes(6).toString('hex')}`;
  await runOnServer(url, `create database ${name} template template0`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const database = await openPostgres({ logger: silentLogger, ...options, url: own.href });
  return {
    ...database,
    close: async () => {
      await database.close();
      await runOnServer(url, `drop database ${name} with (force)`);
    },
  };
}

async function runOnServer(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
