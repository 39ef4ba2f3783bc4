import { randomUUID } from 'node:crypto';
import { link, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { isErrno } from './isErrno.ts';
import { readProcessStart } from './readProcessStart.ts';

/** A lock of another machine (a volume that moved) counts as left behind when nobody has touched it for so long. */
const FOREIGN_LOCK_STALE_MS = 60_000;
const TOUCH_EVERY_MS = 10_000;

export interface DirectoryLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same pid; undefined where the system does not say. */
  readonly startedAt: string | undefined;
  readonly host: string;
  /** Names this one lock among all that ever were. */
  readonly nonce: string;
}

/** The directory is in use. The message names the process that holds it. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
}

/**
 * Takes the directory for this process alone. The lock of a process that is gone is taken over, also when its pid has
 * been given to another process since; the lock of a live one never is.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const holder: Holder = {
    pid: process.pid,
    startedAt: await readProcessStart(process.pid),
    host: hostname(),
    nonce: randomUUID(),
  };
  const path = join(directory, 'lock');
  await acquire(path, holder, directory);
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, TOUCH_EVERY_MS);
  touch.unref();
  return {
    release: async () => {
      clearInterval(touch);
      if ((await readHolder(path))?.nonce === holder.nonce) {
        await unlink(path);
      }
    },
  };
}

/**
 * Puts our lock at `path`. A dead holder's lock may be removed only by the one process that holds the lock on that
 * removal, `path.<nonce of the dead holder>`, so that of two starters none removes the fresh lock of the other.
 */
async function acquire(path: string, holder: Holder, directory: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await place(path, holder)) {
      return;
    }
    const other = await readHolder(path);
    if (other === undefined) {
      continue; // released in between
    }
    if (await isAlive(other, path)) {
      throw new DirectoryLockedError(
        `The database in ${directory} is in use by process ${other.pid} on ${other.host}. ` +
          'It can be open in one process at a time: stop that process, or set DATABASE_URL to share a server.',
      );
    }
    const removal = `${path}.${other.nonce}`;
    await acquire(removal, holder, directory);
    try {
      if ((await readHolder(path))?.nonce === other.nonce) {
        await unlink(path);
      }
    } finally {
      await unlink(removal);
    }
  }
  throw new DirectoryLockedError(`The database in ${directory} is being opened by several processes at once.`);
}

/** Atomic, and the file is complete as soon as it has its name. */
async function place(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.nonce}.draft`;
  await writeFile(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) {
      return false;
    }
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) {
      return undefined;
    }
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isHolder(value)) {
      return value;
    }
  } catch {
    // the message below says what to do
  }
  throw new DirectoryLockedError(
    `${path} is not a lock of ours. Make sure that nothing uses the database, then delete it.`,
  );
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  if (holder.host !== hostname()) {
    const touchedAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - touchedAt < FOREIGN_LOCK_STALE_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
  const startedAt = await readProcessStart(holder.pid);
  return startedAt === undefined || holder.startedAt === undefined || startedAt === holder.startedAt;
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isInteger(value.pid) &&
    'host' in value &&
    typeof value.host === 'string' &&
    'nonce' in value &&
    typeof value.nonce === 'string' &&
    (!('startedAt' in value) || typeof value.startedAt === 'string')
  );
}
