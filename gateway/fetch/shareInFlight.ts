import { type Departure, OwnDeparture } from '../model/Departure.ts';

/** Runs equal work once: whoever asks while it runs gets the same outcome. */
export interface InFlight<T> {
  /**
   * The outcome of `work` for the key. The work's signal aborts when every caller has left; a caller whose own signal
   * aborts gets a rejection at once and does not disturb the others.
   */
  share(key: string, signal: Departure, work: (signal: Departure) => Promise<T>): Promise<T>;
}

/** One who waits for the outcome. */
interface Caller<T> {
  readonly resolve: (outcome: T) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: Departure;
  readonly leave: () => void;
}

interface Running<T> {
  readonly departure: OwnDeparture;
  readonly callers: Set<Caller<T>>;
}

/** `onShared` is told how many will get an outcome, before they do, where they are more than one. */
export function createInFlight<T>(onShared?: (outcome: T, callers: number) => void): InFlight<T> {
  const all = new Map<string, Running<T>>();

  function start(key: string, work: (signal: Departure) => Promise<T>): Running<T> {
    const running: Running<T> = { departure: new OwnDeparture(), callers: new Set() };
    const end = (tell: (caller: Caller<T>) => void): void => {
      if (all.get(key) === running) {
        all.delete(key);
      }
      for (const caller of running.callers) {
        caller.signal.removeEventListener('abort', caller.leave);
        tell(caller);
      }
    };
    work(running.departure).then(
      (outcome) => {
        if (running.callers.size > 1) {
          onShared?.(outcome, running.callers.size);
        }
        end((caller) => caller.resolve(outcome));
      },
      (error) => end((caller) => caller.reject(error)),
    );
    all.set(key, running);
    return running;
  }

  return {
    share: (key, signal, work) =>
      new Promise((resolve, reject) => {
        const left = (): void => reject(new DOMException('The client has left.', 'AbortError'));
        if (signal.aborted) {
          left();
          return;
        }
        const running = all.get(key) ?? start(key, work);
        const leave = (): void => {
          running.callers.delete(caller);
          left();
          if (running.callers.size === 0 && all.get(key) === running) {
            all.delete(key);
            running.departure.abort();
          }
        };
        const caller: Caller<T> = { resolve, reject, signal, leave };
        running.callers.add(caller);
        signal.addEventListener('abort', leave, { once: true });
      }),
  };
}
