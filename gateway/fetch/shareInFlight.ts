/** Runs equal work once: whoever asks while it runs gets the same outcome. */
export interface InFlight<T> {
  /**
   * The outcome of `work` for the key. The work's signal aborts when every caller has left; a caller whose own signal
   * aborts gets a rejection at once and does not disturb the others.
   */
  share(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export function createInFlight<T>(): InFlight<T> {
  const running = new Map<string, { outcome: Promise<T>; controller: AbortController; callers: number }>();

  return {
    async share(key, signal, work) {
      let shared = running.get(key);
      if (shared === undefined) {
        const controller = new AbortController();
        const outcome = work(controller.signal).finally(() => {
          if (running.get(key)?.controller === controller) {
            running.delete(key);
          }
        });
        outcome.catch(() => {}); // every caller may have left
        shared = { outcome, controller, callers: 0 };
        running.set(key, shared);
      }
      const mine = shared;
      mine.callers += 1;
      let leave: (() => void) | undefined;
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(new DOMException('The client has left.', 'AbortError'));
        if (signal.aborted) {
          leave();
        } else {
          signal.addEventListener('abort', leave, { once: true });
        }
      });
      try {
        return await Promise.race([mine.outcome, left]);
      } finally {
        if (leave !== undefined) {
          signal.removeEventListener('abort', leave);
        }
        mine.callers -= 1;
        if (mine.callers === 0 && running.get(key) === mine) {
          running.delete(key);
          mine.controller.abort();
        }
      }
    },
  };
}
