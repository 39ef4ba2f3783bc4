import PgBoss from 'pg-boss';

import type { Logger } from '../logger/Logger.ts';
import type { SqlDatabase } from '../sql/SqlDatabase.ts';
import type { JobQueue } from './JobQueue.ts';
import { startWorker, type Worker, type WorkerTimes } from './startWorker.ts';

export interface JobQueueOptions extends Partial<WorkerTimes> {
  readonly database: SqlDatabase;
  readonly logger: Logger;
  /** How often a failed job is tried again. Default 2. */
  readonly retryLimit?: number;
  /** Before the first retry; grows with each. Default 10. */
  readonly retryDelaySeconds?: number;
  /** How often the schedule is looked at, 1 to 45. Default 30. */
  readonly scheduleEverySeconds?: number;
}

/** Attempts to create the tables of the queue while other processes do the same. */
const START_ATTEMPTS = 5;

/**
 * A job queue over the database: pg-boss keeps and schedules the jobs, our own worker runs them, because it renews its
 * claim on a job while it works. A job whose process has died is therefore taken up within a minute, and one that runs
 * for an hour is not.
 */
export async function createJobQueue({
  database,
  logger,
  retryLimit = 2,
  retryDelaySeconds = 10,
  scheduleEverySeconds = 30,
  pollEveryMs = 5_000,
  renewEveryMs = 10_000,
  lostAfterSeconds = 40,
  drainMs = 10_000,
}: JobQueueOptions): Promise<JobQueue> {
  const boss = new PgBoss({
    db: { executeSql: (text: string, values?: unknown[]) => executeSql(database, text, values) },
    cronMonitorIntervalSeconds: scheduleEverySeconds,
    cronWorkerIntervalSeconds: Math.min(5, scheduleEverySeconds),
    maintenanceIntervalSeconds: 300,
  });
  boss.on('error', (error) => logger.warn({ err: error }, 'job queue failed'));
  await startBoss(boss, logger);
  const queues = new Map<string, Promise<void>>();
  const workers: Worker[] = [];
  let closing: Promise<void> | undefined;

  function ensureQueue(name: string): Promise<void> {
    const known = queues.get(name);
    if (known !== undefined) {
      return known;
    }
    const created = createQueue(name);
    queues.set(name, created);
    created.catch(() => queues.delete(name));
    return created;
  }

  async function createQueue(name: string): Promise<void> {
    const options: PgBoss.Queue = {
      name,
      policy: 'stately', // at most one job that waits, one that waits for its retry, and one that runs
      retryLimit,
      retryDelay: retryDelaySeconds,
      retryBackoff: true,
      expireInSeconds: lostAfterSeconds,
    };
    await boss.createQueue(name, options); // leaves one that exists as it is
    await boss.updateQueue(name, options);
  }

  return {
    work: async (queue, work) => {
      await ensureQueue(queue);
      workers.push(
        startWorker({
          boss,
          database,
          queue,
          work,
          logger: logger.child({ queue }),
          times: { pollEveryMs, renewEveryMs, lostAfterSeconds, drainMs },
        }),
      );
    },
    send: async (queue, payload = {}) => {
      await ensureQueue(queue);
      await boss.send(queue, payload);
      for (const worker of workers) {
        if (worker.queue === queue) {
          worker.wake();
        }
      }
    },
    schedule: async (queue, cron, timeZone) => {
      if (cron.trim().split(/\s+/).length !== 5) {
        throw new Error(`A schedule has five fields (minute, hour, day, month, weekday), got "${cron}".`);
      }
      await ensureQueue(queue);
      await boss.schedule(queue, cron, {}, { tz: timeZone });
    },
    close: () => {
      closing ??= (async () => {
        await Promise.all(workers.map((worker) => worker.close()));
        await boss.stop({ graceful: false, close: false });
      })();
      return closing;
    },
  };
}

/** pg-boss sends several statements as one text without parameters. */
async function executeSql(
  database: SqlDatabase,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<{ rows: Record<string, unknown>[] }> {
  const { rows } = await database.query(text, values);
  return { rows: [...rows] };
}

async function startBoss(boss: PgBoss, logger: Logger): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await boss.start();
      return;
    } catch (error) {
      if (attempt === START_ATTEMPTS) {
        throw error;
      }
      logger.debug({ err: error, attempt }, 'job queue is started again');
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    }
  }
}
