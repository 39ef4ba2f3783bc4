import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { Logger } from '../../platform/logger/Logger.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import { type PlanAnswer, type Planner, type PlannerLimits, readSchemas, toBounds, toPlanAnswer } from './Planner.ts';
import type { PlanningOutcome, PlanningTask } from './queryPlanner.js';

const MEBIBYTE = 1024 * 1024;
/** How often the time and the memory of an operation that is being planned are looked at. */
const WATCH_MS = 25;
/**
 * The heap that a thread has, in times of what an operation may take. V8 ends the whole process, not the thread, where one allocation
 * goes far beyond the end of the heap, so the thread is ended long before.
 */
const HEADROOM = 8;

const THREAD_FILE = fileURLToPath(new URL('./plannerThread.js', import.meta.url));

export interface PlanningBounds extends PlannerLimits {
  /** Time for one operation; then the thread ends, another one begins, and the operation is refused. Default 2,000. */
  readonly timeoutMs?: number;
  /** Operations that wait for their turn; one more is refused as OVERLOADED. Default 100. */
  readonly maxWaiting?: number;
  /** An operation whose turn comes later than this is refused as OVERLOADED. Default 5,000. */
  readonly maxWaitMs?: number;
  /** What the process may grow by while one operation is planned; one that takes more is refused. Default 256. */
  readonly maxHeapMb?: number;
}

export interface PlannerThreadOptions extends PlanningBounds {
  readonly logger: Logger;
}

interface Job {
  readonly task: PlanningTask;
  readonly waitsUntil: number;
  readonly settle: (answer: () => PlanAnswer) => void;
}

interface Schemas {
  readonly apiSdl: string;
  readonly schemaSdl: string;
}

/** A planner in a thread of its own, which begins anew when it ends for whatever reason. */
export interface PlannerThread extends Planner {
  /** Threads that have ended and been replaced. */
  restarts(): number;
}

/**
 * Starts a thread with a planner, and resolves when it has read the supergraph. Rejects where that is no valid one.
 *
 * The thread plans one operation after the other; meanwhile this thread serves those that are planned already. What a thread
 * dies of (time, memory, a fault of its own) costs the operation that it had, not those that wait.
 */
export async function startPlannerThread(
  supergraphSdl: string,
  { logger, timeoutMs = 2_000, maxWaiting = 100, maxWaitMs = 5_000, maxHeapMb = 256, ...limits }: PlannerThreadOptions,
): Promise<PlannerThread> {
  const waiting: Job[] = [];
  let worker: Worker;
  let state: 'starting' | 'ready' | 'ending' | 'ended' = 'starting';
  let isClosed = false;
  let restarts = 0;
  let current: { readonly job: Job; readonly watch: NodeJS.Timeout } | undefined;
  /** Why the thread is about to end. */
  let cause: 'timeout' | 'memory' | 'fault' = 'fault';

  function start(): Promise<Schemas> {
    state = 'starting';
    cause = 'fault';
    return new Promise((resolve, reject) => {
      const started = new Worker(THREAD_FILE, {
        workerData: { supergraphSdl, bounds: toBounds(limits) },
        execArgv: [], // loaders and hooks of the process are of no use to plain JavaScript
        resourceLimits: { maxOldGenerationSizeMb: maxHeapMb * HEADROOM, maxYoungGenerationSizeMb: 16 },
      });
      worker = started;
      started.on('message', (message: Schemas | PlanningOutcome) => {
        if ('kind' in message) {
          if (message.kind === 'tooLarge' && message.cause !== undefined) {
            logger.warn({ cause: message.cause }, 'the planner cannot plan an operation');
          }
          finish((job) => toPlanAnswer(job.task.text, message));
        } else {
          state = 'ready';
          resolve(message);
        }
        next();
      });
      started.on('error', (error: NodeJS.ErrnoException) => {
        cause = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'fault';
        logger.error({ err: error }, 'the planner thread failed');
        reject(error);
      });
      started.on('exit', () => {
        reject(new Error('The planner thread ended before it was ready.'));
        replace();
      });
    });
  }

  /** Lets the operation that the thread died of go, and begins a new thread for the others. */
  function replace(): void {
    const wasReady = state !== 'starting';
    const why = cause;
    state = 'ended';
    finish(() => {
      if (why === 'fault') {
        throw new Error('The planner thread ended.');
      }
      return {
        kind: 'refused',
        errors: [
          ERRORS.OPERATION_TOO_LARGE.create(
            why === 'timeout'
              ? `Planning the operation takes longer than ${timeoutMs} ms.`
              : 'Planning the operation takes too much memory.',
          ),
        ],
      };
    });
    if (isClosed || !wasReady) {
      // A thread that does not even get ready is not tried again by itself, but for the next operation.
      refuseWaiting();
      return;
    }
    restarts += 1;
    logger.warn({ cause: why }, 'the planner thread has ended; another one begins');
    startAgain();
  }

  function startAgain(): void {
    start().catch(() => {}); // `replace` has dealt with it
  }

  function next(): void {
    while (state === 'ready' && current === undefined) {
      const job = waiting.shift();
      if (job === undefined) {
        return;
      }
      if (job.waitsUntil < performance.now()) {
        job.settle(overloaded);
        continue;
      }
      current = { job, watch: watch() };
      worker.postMessage(job.task);
    }
  }

  /** Ends the thread when what it plans takes too much. */
  function watch(): NodeJS.Timeout {
    const endsAt = performance.now() + timeoutMs;
    const mostBytes = process.memoryUsage.rss() + maxHeapMb * MEBIBYTE;
    const watching = setInterval(() => {
      const isLate = performance.now() >= endsAt;
      if (isLate || process.memoryUsage.rss() > mostBytes) {
        clearInterval(watching);
        cause = isLate ? 'timeout' : 'memory';
        state = 'ending';
        void worker.terminate();
      }
    }, WATCH_MS);
    return watching;
  }

  function finish(answer: (job: Job) => PlanAnswer): void {
    if (current !== undefined) {
      const { job, watch: watching } = current;
      clearInterval(watching);
      current = undefined;
      job.settle(() => answer(job));
    }
  }

  function refuseWaiting(): void {
    for (const job of waiting.splice(0)) {
      job.settle(overloaded);
    }
  }

  const schemas = readSchemas(supergraphSdl, await start());
  return {
    ...schemas,
    restarts: () => restarts,

    plan: ({ text, prepared, overrides }) =>
      new Promise((resolve, reject) => {
        const settle: Job['settle'] = (answer) => {
          try {
            resolve(answer());
          } catch (error) {
            reject(error);
          }
        };
        const isIdle = state === 'ready' && current === undefined;
        if (isClosed || (!isIdle && waiting.length >= maxWaiting)) {
          settle(overloaded);
          return;
        }
        waiting.push({
          task: { text, prepared, overrides: [...overrides] },
          waitsUntil: performance.now() + maxWaitMs,
          settle,
        });
        if (state === 'ended') {
          startAgain();
        }
        next();
      }),

    close: async () => {
      isClosed = true;
      await worker.terminate();
    },
  };
}

function overloaded(): PlanAnswer {
  return {
    kind: 'refused',
    errors: [ERRORS.OVERLOADED.create('Too many new operations at once; try again.')],
  };
}
