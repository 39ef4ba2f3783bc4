export interface BreakerOptions {
  /** Failures in a row that open it. Default 5. */
  readonly failures?: number;
  /** Share of failures among the outcomes of the last ten seconds that opens it, once there are `minOutcomes`. Default 0.5 and 10. */
  readonly share?: number;
  readonly minOutcomes?: number;
  /** How long it stays open: doubled each time a probe fails, up to the longest. Default 5,000 and 10,000 ms. */
  readonly openMs?: number;
  readonly maxOpenMs?: number;
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number;
  /** From 0 to 1; takes up to a fifth off the time that it stays open, so that gateways do not all probe at once. */
  readonly random?: () => number;
}

/** How a call was let through; outcomes are told together with it. */
export type Admission = 'closed' | 'probe';

/**
 * Stops asking whoever does not answer. After a while one call is let through as a probe: its success closes the breaker, its
 * failure opens it again for longer.
 */
export interface Breaker {
  /** Undefined: not now. */
  admit(): Admission | undefined;
  succeed(admission: Admission): void;
  /** `waitMs`: the other side asks not to be asked for so long; the breaker opens at once, for at most 30 seconds. */
  fail(admission: Admission, waitMs?: number): void;
  /** The caller lost interest: that says nothing of the other side. */
  leave(admission: Admission): void;
  /** What was told as a success turned out to be none. */
  retract(): void;
}

const WINDOW_SECONDS = 10;
const MAX_WAIT_MS = 30_000;

export function createBreaker({
  failures = 5,
  share = 0.5,
  minOutcomes = 10,
  openMs = 5_000,
  maxOpenMs = 10_000,
  now = () => performance.now(),
  random = Math.random,
}: BreakerOptions = {}): Breaker {
  /** Outcomes by second; a slot is used again when its second is over by the length of the window. */
  const seconds = new Float64Array(WINDOW_SECONDS).fill(-1);
  const succeeded = new Uint32Array(WINDOW_SECONDS);
  const failed = new Uint32Array(WINDOW_SECONDS);
  let streak = 0;
  /** The streak that the last success ended. */
  let endedStreak = 0;
  let isOpen = false;
  let openUntil = 0;
  let timesOpened = 0;
  let isProbing = false;

  function slotNow(): number {
    const second = Math.floor(now() / 1_000);
    const slot = second % WINDOW_SECONDS;
    if (seconds[slot] !== second) {
      seconds[slot] = second;
      succeeded[slot] = 0;
      failed[slot] = 0;
    }
    return slot;
  }

  function isTooOften(): boolean {
    const oldest = Math.floor(now() / 1_000) - WINDOW_SECONDS;
    let good = 0;
    let bad = 0;
    for (let slot = 0; slot < WINDOW_SECONDS; slot++) {
      if ((seconds[slot] ?? -1) > oldest) {
        good += succeeded[slot] ?? 0;
        bad += failed[slot] ?? 0;
      }
    }
    return good + bad >= minOutcomes && bad >= share * (good + bad);
  }

  function open(waitMs: number): void {
    const backOffMs = Math.min(openMs * 2 ** Math.min(timesOpened, 10), maxOpenMs) * (1 - random() / 5);
    isOpen = true;
    timesOpened += 1;
    openUntil = now() + Math.max(backOffMs, Math.min(waitMs, MAX_WAIT_MS));
  }

  function countFailure(previous: number): void {
    streak = previous + 1;
    const slot = slotNow();
    failed[slot] = (failed[slot] ?? 0) + 1;
  }

  return {
    admit() {
      if (!isOpen) {
        return 'closed';
      }
      if (isProbing || now() < openUntil) {
        return undefined;
      }
      isProbing = true;
      return 'probe';
    },

    succeed(admission) {
      if (admission === 'probe') {
        isProbing = false;
        isOpen = false;
        timesOpened = 0;
        seconds.fill(-1);
      }
      endedStreak = streak;
      streak = 0;
      const slot = slotNow();
      succeeded[slot] = (succeeded[slot] ?? 0) + 1;
    },

    fail(admission, waitMs = 0) {
      countFailure(streak);
      if (admission === 'probe') {
        isProbing = false;
        open(waitMs);
      } else if (!isOpen && (waitMs > 0 || streak >= failures || isTooOften())) {
        open(waitMs);
      }
    },

    leave(admission) {
      if (admission === 'probe') {
        isProbing = false;
      }
    },

    retract() {
      const slot = slotNow();
      succeeded[slot] = Math.max(0, (succeeded[slot] ?? 0) - 1);
      countFailure(Math.max(streak, endedStreak));
      endedStreak = 0;
      if (!isOpen && (streak >= failures || isTooOften())) {
        open(0);
      }
    },
  };
}
