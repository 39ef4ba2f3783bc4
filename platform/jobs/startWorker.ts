import type PgBoss from 'pg-boss';

import type { Logger } from '../logger/Logger.ts';
import type { SqlDatabase } from '../sql/SqlDatabase.ts';

export interface WorkerTimes {
  /** Pause between two looks at an empty queue. A job sent by this process does not wait for it. Default 5,000. */
  readonly pollEveryMs: number;
  /** How often a running job renews its claim. Default 10,000. */
  readonly renewEveryMs: number;
  /** A claim that was not renewed for so long is void. Default 40. */
  readonly lostAfterSeconds: number;
  /** How long `close` waits for a running job before it calls it off. Default 10,000. */
  readonly drainMs: number;
}

export interface WorkerOptions {
  readonly boss: PgBoss;
  readonly database: SqlDatabase;
  readonly queue: string;
  readonly work: (payload: unknown, signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
  readonly times: WorkerTimes;
}

export interface Worker {
  readonly queue: string;
  /** Looks for a job now. */
  wake(): void;
  close(): Promise<void>;
}

/** Time that a job has to end after it was called off. */
const CALL_OFF_MS = 1_000;

/** Runs the jobs of a queue one after the other until it is closed. */
export function startWorker({ boss, database, queue, work, logger, times }: WorkerOptions): Worker {
  let isClosing = false;
  let isWoken = false;
  let endPause = (): void => {};
  let callOff = (): void => {};
  let expiredAt = Number.NEGATIVE_INFINITY;

  async function loop(): Promise<void> {
    while (!isClosing) {
      isWoken = false;
      await expire();
      const [job] = await boss.fetch<object>(queue, { includeMetadata: true });
      if (job === undefined) {
        await pause(times.pollEveryMs * (0.9 + Math.random() / 5));
      } else if (isClosing) {
        await settle(() => boss.fail(queue, job.id, { message: 'The process was stopped.' }));
      } else {
        await run(job);
      }
    }
  }

  /** Makes jobs of dead processes ready for a retry; one active run a queue would otherwise wait for them for ever. */
  async function expire(): Promise<void> {
    if (performance.now() - expiredAt > (times.lostAfterSeconds * 1000) / 4) {
      expiredAt = performance.now();
      await settle(() => boss.expire());
    }
  }

  async function run(job: PgBoss.JobWithMetadata<object>): Promise<void> {
    const controller = new AbortController();
    callOff = () => controller.abort();
    let isLost = false;
    const renewing = setInterval(async () => {
      try {
        // The count of retries tells this run from a later one of the same job.
        const { rows } = await database.query(
          `update pgboss.job set started_on = now()
           where name = $1 and id = $2 and state = 'active' and retry_count = $3 returning id`,
          [queue, job.id, job.retryCount],
        );
        if (rows.length === 0) {
          isLost = true;
          controller.abort();
          logger.warn({ job: job.id }, 'job was taken for dead and given to another worker; called off here');
        }
      } catch (error) {
        logger.warn({ err: error, job: job.id }, 'claim on the job was not renewed');
      }
    }, times.renewEveryMs);
    try {
      await work(job.data, controller.signal);
      clearInterval(renewing);
      if (!isLost) {
        await settle(() => boss.complete(queue, job.id));
      }
    } catch (error) {
      clearInterval(renewing);
      const isLast = job.retryCount >= job.retryLimit;
      logger.error({ err: error, job: job.id, attempt: job.retryCount + 1, isLast }, 'job failed');
      if (!isLost) {
        await settle(() =>
          boss.fail(queue, job.id, { message: error instanceof Error ? error.message : String(error) }),
        );
      }
    } finally {
      callOff = () => {};
    }
  }

  /** Tells the database; when that fails the claim runs out by itself, and the job is tried again. */
  async function settle(tell: () => Promise<unknown>): Promise<void> {
    try {
      await tell();
    } catch (error) {
      logger.warn({ err: error }, 'job queue is not reachable');
    }
  }

  async function pause(milliseconds: number): Promise<void> {
    if (isClosing || isWoken) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = loop();
  running.catch((error: unknown) => logger.error({ err: error }, 'worker stopped'));

  return {
    queue,
    wake: () => {
      isWoken = true;
      endPause();
    },
    close: async () => {
      isClosing = true;
      endPause();
      const calledOff = setTimeout(() => callOff(), times.drainMs);
      let givenUp: NodeJS.Timeout | undefined;
      await Promise.race([
        running,
        new Promise<void>((resolve) => {
          givenUp = setTimeout(resolve, times.drainMs + CALL_OFF_MS);
        }),
      ]);
      clearTimeout(calledOff);
      clearTimeout(givenUp);
    },
  };
}
