import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

import { Pool } from 'pg';

import type { Logger } from '../logger/Logger.ts';
import { columnTypes } from './columnTypes.ts';
import { copyDirectory } from './copyDirectory.ts';
import { createSqlDatabase } from './createSqlDatabase.ts';
import { initialiseDataDirectory, startEngine } from './embeddedDatabaseEngine.ts';
import { isErrno } from './isErrno.ts';
import { lockDirectory } from './lockDirectory.ts';
import type { SqlDatabase } from './SqlDatabase.ts';

/** The PostgreSQL in PGlite 0.5; a data directory of another major version cannot be opened. */
const POSTGRES_MAJOR = '18';

export interface EmbeddedDatabaseOptions {
  /** Holds the data and the lock; made when it is missing. */
  readonly directory: string;
  readonly logger: Logger;
  /** Told in words what takes time, in the order of happening. */
  readonly onProgress?: (message: string) => void;
  /** A closed data directory (`data` of a closed database) to start from instead of an empty one. */
  readonly template?: string;
  /** A statement that runs longer has its engine restarted under it. Default 3,000; migrations are exempt. */
  readonly statementTimeoutMs?: number;
  /** How long a transaction may be idle while others wait for it. Default 5,000. */
  readonly idleInTransactionMs?: number;
}

/**
 * Opens the PostgreSQL that comes with the program: PGlite in a thread of its own, reached through a socket that only
 * this user can open. One process at a time. What was committed survives the end of the process in any way; PGlite does not wait for
 * the disk, so a machine that loses power may lose the last seconds: use a server where that matters.
 */
export async function openEmbeddedDatabase({
  directory,
  logger,
  onProgress = () => {},
  template,
  statementTimeoutMs = 3_000,
  idleInTransactionMs = 5_000,
}: EmbeddedDatabaseOptions): Promise<SqlDatabase> {
  function report(message: string): void {
    logger.info({ directory }, message);
    onProgress(message);
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(directory);
  try {
    const dataDirectory = await prepareDataDirectory(directory, { template, logger, report });
    const password = randomUUID();
    const engine = await startEngine({ dataDirectory, password, statementTimeoutMs, idleInTransactionMs, logger });
    const { address } = engine;
    const pool = new Pool({
      ...address,
      user: 'postgres',
      password,
      database: 'postgres',
      types: columnTypes,
      max: 4, // the backend runs one statement at a time; a few clients hide the way to it and back
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 0,
    });
    return createSqlDatabase({
      pool,
      url: toUrl(address, password),
      logger,
      untilReady: engine.untilReady,
      withMigrationPool: (work) => engine.unhurried(() => work(pool)),
      onClose: async () => {
        await engine.close();
        await lock.release();
      },
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The data directory inside `directory`: a good one as it is, else a new one that gets its name when it is complete. */
async function prepareDataDirectory(
  directory: string,
  { template, logger, report }: { template: string | undefined; logger: Logger; report: (message: string) => void },
): Promise<string> {
  const dataDirectory = join(directory, 'data');
  for (const name of await readdir(directory)) {
    if (name.startsWith('data.new-')) {
      report('Removing what an interrupted first start left behind.');
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
  if (await hasData(dataDirectory)) {
    await checkVersion(dataDirectory);
    await rm(join(dataDirectory, 'postmaster.pid'), { force: true }); // ours is the lock beside it
    return dataDirectory;
  }
  const draft = join(directory, `data.new-${process.pid}`);
  const startedAt = performance.now();
  if (template === undefined) {
    report('Creating the embedded database; this happens once and takes a few seconds.');
    await initialiseDataDirectory({ dataDirectory: draft, logger });
  } else {
    await copyDirectory(template, draft);
  }
  await rename(draft, dataDirectory);
  report(`Created the embedded database in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  return dataDirectory;
}

/** Whether there is a data directory. An empty one is removed; one with other files in it is nobody's to touch. */
async function hasData(dataDirectory: string): Promise<boolean> {
  let names: string[];
  try {
    names = await readdir(dataDirectory);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      return false;
    }
    throw error;
  }
  if (names.length === 0) {
    await rmdir(dataDirectory);
    return false;
  }
  if (!names.includes('PG_VERSION')) {
    throw new Error(`${dataDirectory} is not empty and holds no database. Choose another directory or empty this one.`);
  }
  return true;
}

async function checkVersion(dataDirectory: string): Promise<void> {
  const version = (await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8')).trim();
  if (version !== POSTGRES_MAJOR) {
    throw new Error(
      `${dataDirectory} was written by PostgreSQL ${version}, this program embeds ${POSTGRES_MAJOR}. ` +
        'Export the data with the program that wrote it and import it here.',
    );
  }
}

function toUrl({ host, port }: { host: string; port: number }, password: string): string {
  return host.startsWith('/')
    ? `postgres://postgres:${password}@localhost:${port}/postgres?host=${encodeURIComponent(host)}`
    : `postgres://postgres:${password}@${host}:${port}/postgres`;
}
