import type { Clock } from './Clock.ts';

/** Calls back once the clock has reached an instant (milliseconds since the epoch); returns how to call it off. */
export type Alarm = (at: number, ring: () => void) => () => void;

/** A timer holds 24.8 days at most, and none follows a clock that is put right or a machine that slept. */
const MAX_WAIT_MS = 60_000;

/** Alarms by a clock. They look at it once a minute at least, and hold no process open. */
export function createAlarm(clock: Clock): Alarm {
  return (at, ring) => {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = at - clock.now();
      if (left <= 0) {
        ring();
        return;
      }
      timer = setTimeout(wait, Math.min(left, MAX_WAIT_MS));
      timer.unref();
    };
    timer = setTimeout(wait, 0);
    timer.unref();
    return () => clearTimeout(timer);
  };
}
