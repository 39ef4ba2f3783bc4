import { readFileSync } from 'node:fs';

/** What the thread of the event loop has worked: processor time, so that what else runs on the machine does not count. */
export interface ThreadWatch {
  /** Since the beginning, in ms, and the longest time between two turns of the event loop. */
  stop(): { readonly spentMs: number; readonly longestMs: number };
}

export function watchThread(): ThreadWatch {
  const start = threadMs();
  let longestMs = 0;
  let last = start;
  let isOver = false;
  const turn = () => {
    const now = threadMs();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (!isOver) {
      setImmediate(turn).unref();
    }
  };
  setImmediate(turn).unref();
  return {
    stop: () => {
      isOver = true;
      return { spentMs: threadMs() - start, longestMs };
    },
  };
}

/** Linux counts it for each thread; elsewhere the clock has to do. */
function threadMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return performance.now();
  }
}
