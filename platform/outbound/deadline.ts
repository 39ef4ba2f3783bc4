/** The time that a call has left, as a signal. `end` must be called, or the timer and the listener stay. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time that ran out, and not the caller who lost interest. */
  isOver(): boolean;
  remainingMs(): number;
  /** Waits; rejects when the signal comes first. */
  pause(milliseconds: number): Promise<void>;
  /** The result of the work; rejects when the signal comes first. */
  within<T>(work: Promise<T>): Promise<T>;
  end(): void;
}

/** Starts the clock of one call. */
export function startDeadline(milliseconds: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const endsAt = performance.now() + milliseconds;
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort();
  }, milliseconds);
  const abort = () => controller.abort();
  if (caller?.aborted === true) {
    abort();
  }
  caller?.addEventListener('abort', abort, { once: true });

  function within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(new Error('The deadline has passed.'));
      if (signal.aborted) {
        stop();
      }
      signal.addEventListener('abort', stop, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  return {
    signal,
    isOver: () => isOver,
    remainingMs: () => endsAt - performance.now(),
    within,
    pause: async (pauseMs) => {
      let pause: NodeJS.Timeout | undefined;
      try {
        await within(
          new Promise<void>((resolve) => {
            pause = setTimeout(resolve, pauseMs);
          }),
        );
      } finally {
        clearTimeout(pause);
      }
    },
    end: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}
