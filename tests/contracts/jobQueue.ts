import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { JobQueue } from '../../platform/jobs/JobQueue.ts';
import { until } from '../support/redis.ts';

export interface JobQueuesUnderTest {
  /** One process more over the same jobs. It polls often, retries once and soon, and loses a claim after a second. */
  readonly createQueue: () => Promise<JobQueue>;
  /** As if the process were gone: its claims are not renewed and nothing is given back. */
  readonly createDyingQueue: () => Promise<{ queue: JobQueue; die: () => void }>;
  readonly dispose: () => Promise<void>;
}

/** What every job queue does. */
export function testJobQueue(create: () => Promise<JobQueuesUnderTest>): void {
  describe('JobQueue', () => {
    let under: JobQueuesUnderTest | undefined;
    let names = 0;
    const opened: JobQueue[] = [];

    beforeAll(async () => {
      under = await create();
    });

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((queue) => queue.close()));
    });

    afterAll(async () => {
      await under?.dispose();
    });

    async function open(): Promise<JobQueue> {
      if (under === undefined) {
        throw new Error('No job queues.');
      }
      const queue = await under.createQueue();
      opened.push(queue);
      return queue;
    }

    function newName(): string {
      names += 1;
      return `ingest-${names}`;
    }

    it('runs a job with its payload', async () => {
      const jobs = await open();
      const name = newName();
      const payloads: unknown[] = [];
      await jobs.work(name, async (payload) => {
        payloads.push(payload);
      });

      await jobs.send(name, { municipality: 'augsburg' });

      await until(() => payloads.length === 1);
      expect(payloads).toEqual([{ municipality: 'augsburg' }]);
    });

    it('keeps a job for a worker that comes later', async () => {
      const name = newName();
      const sender = await open();
      await sender.send(name, { later: true });
      await sender.close();
      const payloads: unknown[] = [];

      const worker = await open();
      await worker.work(name, async (payload) => {
        payloads.push(payload);
      });

      await until(() => payloads.length === 1);
      expect(payloads).toEqual([{ later: true }]);
    });

    it('does not double a job that waits', async () => {
      const jobs = await open();
      const name = newName();
      await jobs.send(name, { first: true });
      await jobs.send(name, { first: false });
      const payloads: unknown[] = [];

      await jobs.work(name, async (payload) => {
        payloads.push(payload);
      });
      await until(() => payloads.length === 1);
      await delay(300);

      expect(payloads).toEqual([{ first: true }]);
    });

    it('runs one job of a queue at a time over all processes', async () => {
      const [here, there] = [await open(), await open()];
      const name = newName();
      let active = 0;
      let most = 0;
      let runs = 0;
      for (const jobs of [here, there]) {
        await jobs.work(name, async () => {
          active += 1;
          most = Math.max(most, active);
          await delay(200);
          active -= 1;
          runs += 1;
        });
      }

      for (let index = 0; index < 4; index += 1) {
        await here.send(name);
        await there.send(name);
        await until(() => runs > index);
      }

      expect(most).toBe(1);
    });

    it('runs jobs of different queues side by side', async () => {
      const jobs = await open();
      const [slow, quick] = [newName(), newName()];
      let release = (): void => {};
      let isSlowRunning = false;
      let isQuickDone = false;
      await jobs.work(slow, async () => {
        isSlowRunning = true;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      });
      await jobs.work(quick, async () => {
        isQuickDone = true;
      });

      await jobs.send(slow);
      await until(() => isSlowRunning);
      await jobs.send(quick);

      await until(() => isQuickDone);
      release();
    });

    it('tries a failed job again, with the same payload', async () => {
      const jobs = await open();
      const name = newName();
      const payloads: unknown[] = [];
      await jobs.work(name, async (payload) => {
        payloads.push(payload);
        if (payloads.length === 1) {
          throw new Error('The feed was not there.');
        }
      });

      await jobs.send(name, { part: 'de' });

      await until(() => payloads.length === 2);
      expect(payloads).toEqual([{ part: 'de' }, { part: 'de' }]);
    });

    it('gives up a job that fails every time, and runs the next', async () => {
      const jobs = await open();
      const name = newName();
      const seen: unknown[] = [];
      await jobs.work(name, async (payload) => {
        seen.push(payload);
        if (JSON.stringify(payload) === '{"bad":true}') {
          throw new Error('Always.');
        }
      });

      await jobs.send(name, { bad: true });
      await until(() => seen.length === 2);
      await delay(1_500);
      await jobs.send(name, { bad: false });

      await until(() => seen.length > 2);
      expect(seen).toEqual([{ bad: true }, { bad: true }, { bad: false }]);
    });

    it('renews its claim on a job that takes long', async () => {
      const [here, there] = [await open(), await open()];
      const name = newName();
      let runs = 0;
      let aborted = false;
      for (const jobs of [here, there]) {
        await jobs.work(name, async (_, signal) => {
          runs += 1;
          await delay(2_500);
          aborted ||= signal.aborted;
        });
      }

      await here.send(name);
      await until(() => runs === 1);
      await delay(3_000);

      expect({ runs, aborted }).toEqual({ runs: 1, aborted: false });
    });

    it('takes up the job of a process that has died', async () => {
      if (under === undefined) {
        throw new Error('No job queues.');
      }
      const { queue: dying, die } = await under.createDyingQueue();
      const name = newName();
      let isRunning = false;
      let end = (): void => {};
      await dying.work(name, async () => {
        isRunning = true;
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      });
      await dying.send(name, { left: 'behind' });
      await until(() => isRunning);
      die();
      const payloads: unknown[] = [];

      const survivor = await open();
      await survivor.work(name, async (payload) => {
        payloads.push(payload);
      });

      await until(() => payloads.length === 1, 15_000);
      expect(payloads).toEqual([{ left: 'behind' }]);
      end();
      await dying.close();
    });

    it('sends a job at the ticks of a schedule', async () => {
      const [here, there] = [await open(), await open()];
      const name = newName();
      let runs = 0;
      for (const jobs of [here, there]) {
        await jobs.work(name, async () => {
          runs += 1;
        });
      }

      await here.schedule(name, '* * * * *', 'Europe/Berlin');
      await there.schedule(name, '* * * * *', 'Europe/Berlin');

      await until(() => runs === 1, 15_000);
      await here.schedule(name, '0 0 1 1 *', 'Europe/Berlin'); // not again while the suite runs
    });

    it.each(['* * * * * *', 'daily', '* * *', '61 * * * *'])('refuses the schedule %j', async (cron) => {
      const jobs = await open();

      await expect(jobs.schedule(newName(), cron, 'Europe/Berlin')).rejects.toThrow();
    });

    it('lets a running job end before it closes', async () => {
      const jobs = await open();
      const name = newName();
      let state = 'waiting';
      await jobs.work(name, async () => {
        state = 'running';
        await delay(300);
        state = 'done';
      });
      await jobs.send(name);
      await until(() => state === 'running');

      await jobs.close();

      expect(state).toBe('done');
    });

    it('calls off a job that does not end in time, and another process does it again', async () => {
      const jobs = await open();
      const name = newName();
      let isAborted = false;
      await jobs.work(name, async (_, signal) => {
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            isAborted = true;
            reject(new Error('called off'));
          });
        });
      });
      await jobs.send(name, { again: true });
      await delay(200);

      await jobs.close(); // waits a second under test

      expect(isAborted).toBe(true);
      const payloads: unknown[] = [];
      const next = await open();
      await next.work(name, async (payload) => {
        payloads.push(payload);
      });
      await until(() => payloads.length === 1, 15_000);
    });
  });
}
