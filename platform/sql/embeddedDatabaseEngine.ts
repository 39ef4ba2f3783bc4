import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { Logger } from '../logger/Logger.ts';

// A thread is started from a file, and that file lies beside this one in the sources and in dist alike.
const WORKER_FILE = fileURLToPath(new URL('./embeddedDatabaseWorker.js', import.meta.url));

/** Part of the name of the socket file, by PostgreSQL's convention. */
const SOCKET_PORT = 5432;
const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;
/** `sun_path` holds 104 bytes on macOS, 108 on Linux. */
const MAX_SOCKET_PATH_BYTES = 103;
const WATCH_EVERY_MS = 250;
const CLOSE_MS = 10_000;

export interface Engine {
  readonly address: { readonly host: string; readonly port: number };
  /** Resolves when the engine serves; after a crash or a hang that is when it has been started again. */
  untilReady(): Promise<void>;
  /** While `work` runs no statement counts as hanging. */
  unhurried<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface EngineOptions {
  readonly dataDirectory: string;
  readonly password: string;
  readonly statementTimeoutMs: number;
  readonly idleInTransactionMs: number;
  readonly logger: Logger;
}

/** Makes a new data directory in a thread that ends with it, as initialising takes memory that nothing gives back. */
export async function initialiseDataDirectory({
  dataDirectory,
  logger,
}: {
  dataDirectory: string;
  logger: Logger;
}): Promise<void> {
  const worker = startWorker({ task: 'initialise', dataDirectory }, logger);
  try {
    await untilMessage(worker, 'initialised');
  } finally {
    await worker.terminate();
  }
}

/** Starts PGlite in a thread and keeps it running: a hanging statement or a crash costs its clients, not the process. */
export async function startEngine({
  dataDirectory,
  password,
  statementTimeoutMs,
  idleInTransactionMs,
  logger,
}: EngineOptions): Promise<Engine> {
  const socketDirectory = process.platform === 'win32' ? undefined : await makeSocketDirectory(dataDirectory);
  const socketPath = socketDirectory === undefined ? undefined : join(socketDirectory, SOCKET_NAME);
  const activity = new Int32Array(new SharedArrayBuffer(8));
  let unhurried = 0;
  let isClosing = false;
  let worker: Worker | undefined;
  let port = SOCKET_PORT;

  async function start(): Promise<void> {
    if (socketPath !== undefined) {
      await rm(socketPath, { force: true });
    }
    activity.fill(0);
    const started = startWorker(
      { task: 'serve', dataDirectory, socketPath, password, idleInTransactionMs, activity: activity.buffer },
      logger,
    );
    try {
      const { port: listening } = await untilMessage(started, 'listening');
      if (typeof listening === 'number') {
        port = listening;
      }
    } catch (error) {
      await started.terminate();
      throw error;
    }
    worker = started;
    started.once('exit', () => {
      if (worker === started && !isClosing) {
        logger.error({}, 'The embedded database stopped; starting it again.');
        ready = restart();
      }
    });
  }

  async function restart(): Promise<void> {
    const stopped = worker;
    worker = undefined;
    await stopped?.terminate();
    for (let waitMs = 250; !isClosing; waitMs = Math.min(2 * waitMs, 5_000)) {
      try {
        await start();
        logger.info({}, 'The embedded database runs again.');
        return;
      } catch (error) {
        logger.error({ err: error }, 'The embedded database did not start; trying again.');
        await delay(waitMs);
      }
    }
  }

  let ready = start();
  await ready.catch(async (error: unknown) => {
    await removeSocketDirectory();
    throw error;
  });

  // Ticks are counted, not time, so that a process that was suspended or starved does not blame the statement.
  let lastGroup = 0;
  let ticks = 0;
  const watch = setInterval(() => {
    const group = Atomics.load(activity, 0);
    const isRunning = Atomics.load(activity, 1) === 1;
    ticks = isRunning && group === lastGroup && unhurried === 0 ? ticks + 1 : 0;
    lastGroup = group;
    if (ticks * WATCH_EVERY_MS >= statementTimeoutMs) {
      ticks = 0;
      logger.error({ statementTimeoutMs }, 'A statement ran too long; starting the embedded database again.');
      ready = restart();
    }
  }, WATCH_EVERY_MS);
  watch.unref();

  async function removeSocketDirectory(): Promise<void> {
    if (socketDirectory !== undefined) {
      await rm(socketDirectory, { recursive: true, force: true });
    }
  }

  return {
    address: { host: socketDirectory ?? '127.0.0.1', port },
    untilReady: () => within(ready, CLOSE_MS, 'The embedded database is being started again; try later.'),
    unhurried: async (work) => {
      unhurried += 1;
      try {
        return await work();
      } finally {
        unhurried -= 1;
      }
    },
    close: async () => {
      isClosing = true;
      clearInterval(watch);
      await ready.catch(() => {});
      const closing = worker;
      if (closing !== undefined) {
        const closed = untilMessage(closing, 'closed');
        closing.postMessage('close');
        await within(closed, CLOSE_MS, 'The embedded database did not close in time.').catch((error: unknown) => {
          logger.warn({ err: error }, 'embedded database closed by force');
        });
        await closing.terminate();
      }
      await removeSocketDirectory();
    },
  };
}

/**
 * A directory that no other user can enter, short enough for the address of a socket. Its name follows from the data
 * directory, which is ours alone, so that what a killed process left there is found and removed.
 */
async function makeSocketDirectory(dataDirectory: string): Promise<string> {
  const name = `civigraph-${createHash('sha256').update(resolve(dataDirectory)).digest('hex').slice(0, 16)}`;
  const isShort = Buffer.byteLength(join(tmpdir(), `${name}-XXXXXX`, SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES;
  const path = join(isShort ? tmpdir() : '/tmp', name);
  try {
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { mode: 0o700 });
    return path;
  } catch {
    return mkdtemp(`${path}-`); // somebody else has taken the name; mkdtemp(3) makes it with mode 0700 too
  }
}

function startWorker(workerData: object, logger: Logger): Worker {
  // No flags of ours: loaders and hooks of the process (tsx, jest) are of no use to plain JavaScript.
  const worker = new Worker(WORKER_FILE, { workerData, execArgv: [], stdout: true, stderr: true });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      logger.debug({ output: text.trimEnd() }, 'embedded database');
    });
  }
  worker.on('message', (message: unknown) => {
    if (hasKind(message) && message.kind === 'warning') {
      logger.warn({}, String(message.message));
    }
  });
  worker.on('error', (error) => {
    logger.error({ err: error }, 'embedded database failed');
  });
  return worker;
}

function untilMessage(worker: Worker, kind: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: unknown) => {
      if (hasKind(message) && message.kind === kind) {
        resolve(message);
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`The thread of the embedded database ended with code ${code}.`));
    });
  });
}

function hasKind(message: unknown): message is Record<string, unknown> & { kind: string } {
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string';
}

async function within<T>(work: Promise<T>, limitMs: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
