/** Something under way that may have to end before it is done. */
export interface Watched {
  /** Called every tick. `now`: as `performance.now()`; undefined when this process was busy and no deadline should fall yet. */
  check(now: number | undefined): void;
}

/** One timer for everything that is under way, in place of one each. */
export interface Watch {
  add(watched: Watched): void;
  delete(watched: Watched): void;
}

/** How late a deadline may fall, and how long it may take until it is noticed that a caller has left. */
const TICK_MS = 25;

export function createWatch(): Watch {
  const all = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let expectedAt = 0;
  let wasLate = false;

  function tick(): void {
    const now = performance.now();
    // A tick that comes late says that this process was busy: answers may have come that nobody has read. Once.
    const isLate = !wasLate && now > expectedAt + 2 * TICK_MS;
    wasLate = isLate;
    expectedAt = now + TICK_MS;
    for (const watched of all) {
      watched.check(isLate ? undefined : now);
    }
    if (all.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  return {
    add(watched) {
      all.add(watched);
      if (timer === undefined) {
        expectedAt = performance.now() + TICK_MS;
        timer = setInterval(tick, TICK_MS);
        timer.unref();
      }
    },
    delete: (watched) => {
      all.delete(watched);
    },
  };
}
