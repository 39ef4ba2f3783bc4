import { describe, expect, it } from '@jest/globals';
import { createInFlight } from '../../gateway/fetch/shareInFlight.ts';
import type { Departure } from '../../gateway/model/Departure.ts';

const never = new AbortController().signal;

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

describe('sharing in flight', () => {
  it('runs equal work once and gives everybody its outcome (R-11, L-8)', async () => {
    const inFlight = createInFlight<number>();
    const { promise, resolve } = deferred<number>();
    let runs = 0;
    const ask = () =>
      inFlight.share('a', never, () => {
        runs += 1;
        return promise;
      });

    const answers = Array.from({ length: 1_000 }, ask);
    resolve(7);

    expect(new Set(await Promise.all(answers))).toEqual(new Set([7]));
    expect(runs).toBe(1);
  });

  it('runs it again once it has ended, also when it failed', async () => {
    const inFlight = createInFlight<number>();
    await expect(inFlight.share('a', never, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await inFlight.share('a', never, async () => 1)).toBe(1);
    expect(await inFlight.share('a', never, async () => 2)).toBe(2);
  });

  it('keeps different work apart', async () => {
    const inFlight = createInFlight<number>();
    expect(
      await Promise.all([inFlight.share('a', never, async () => 1), inFlight.share('b', never, async () => 2)]),
    ).toEqual([1, 2]);
  });

  it('lets one leave without disturbing the others', async () => {
    const inFlight = createInFlight<number>();
    const { promise, resolve } = deferred<number>();
    const leaver = new AbortController();
    let isAborted = false;
    const work = (signal: Departure) => {
      signal.addEventListener(
        'abort',
        () => {
          isAborted = true;
        },
        { once: true },
      );
      return promise;
    };

    const leaving = inFlight.share('a', leaver.signal, work);
    const staying = inFlight.share('a', never, work);
    leaver.abort();

    await expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
    expect(isAborted).toBe(false);
    resolve(3);
    expect(await staying).toBe(3);
  });

  it('stops the work when everybody has left, and starts anew for whoever comes then', async () => {
    const inFlight = createInFlight<number>();
    const leaver = new AbortController();
    let isAborted = false;
    const leaving = inFlight.share('a', leaver.signal, (signal) => {
      signal.addEventListener(
        'abort',
        () => {
          isAborted = true;
        },
        { once: true },
      );
      return new Promise<number>(() => {});
    });
    leaver.abort();

    await expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
    expect(isAborted).toBe(true);
    expect(await inFlight.share('a', never, async () => 4)).toBe(4);
  });
});
