import pLimit, { type LimitFunction } from 'p-limit';

import type { Deadline } from './deadline.ts';

export interface HostLimits {
  /** The result of the work as soon as the host has room; `full` when too many wait; rejects at the deadline. */
  run<T>(host: string, deadline: Deadline, work: () => Promise<T>): Promise<T | 'full'>;
}

/** So much at once and so much waiting, for each host by itself: a slow one does not hold up the others. */
export function createHostLimits({
  maxConcurrency,
  maxQueue,
}: {
  maxConcurrency: number;
  maxQueue: number;
}): HostLimits {
  const limits = new Map<string, LimitFunction>();
  return {
    run: async (host, deadline, work) => {
      const limit = limits.get(host) ?? pLimit(maxConcurrency);
      limits.set(host, limit);
      if (limit.activeCount >= maxConcurrency && limit.pendingCount >= maxQueue) {
        return 'full';
      }
      const queued = limit(async () => {
        if (deadline.signal.aborted) {
          throw new Error('The deadline passed in the queue.'); // nobody waits for it any more
        }
        return work();
      });
      try {
        return await deadline.within(queued);
      } finally {
        if (limit.activeCount === 0 && limit.pendingCount === 0) {
          limits.delete(host);
        }
      }
    },
  };
}
