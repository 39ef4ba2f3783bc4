import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { createAlarm } from '../../../platform/clock/createAlarm.ts';

const DAY_MS = 86_400_000;

describe('createAlarm', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const alarm = createAlarm({ now: () => Date.now() });

  it('rings at an instant that lies further ahead than a timer reaches', () => {
    const ring = jest.fn();
    alarm(60 * DAY_MS, ring);
    jest.advanceTimersByTime(60 * DAY_MS - 1);
    expect(ring).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(10 * DAY_MS);
    expect(ring).toHaveBeenCalledTimes(1);
  });

  it('rings soon when the instant has passed, and never once called off', () => {
    const [late, never] = [jest.fn(), jest.fn()];
    alarm(-1, late);
    alarm(10 * DAY_MS, never)();
    jest.advanceTimersByTime(20 * DAY_MS);
    expect([late.mock.calls.length, never.mock.calls.length]).toEqual([1, 0]);
  });

  it('follows a clock that is put forward within a minute', () => {
    const ring = jest.fn();
    alarm(30 * DAY_MS, ring);
    jest.advanceTimersByTime(1_000);
    jest.setSystemTime(31 * DAY_MS);
    jest.advanceTimersByTime(60_000);
    expect(ring).toHaveBeenCalledTimes(1);
  });
});
