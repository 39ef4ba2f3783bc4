/** Something under way that may have to end before it is done. */
export interface Watched {
  /** Where a watch keeps it, while it does. */
  place: number;
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
  // Not a Set: its table, left behind when it is made anew, keeps what it held until the whole heap is collected.
  const all: Watched[] = [];
  let timer: NodeJS.Timeout | undefined;
  let expectedAt = 0;
  let wasLate = false;

  function tick(): void {
    const now = performance.now();
    // A tick that comes late says that this process was busy: answers may have come that nobody has read. Once.
    const isLate = !wasLate && now > expectedAt + 2 * TICK_MS;
    wasLate = isLate;
    expectedAt = now + TICK_MS;
    for (const watched of all.slice()) {
      watched.check(isLate ? undefined : now);
    }
    if (all.length === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  return {
    add(watched) {
      watched.place = all.push(watched) - 1;
      if (timer === undefined) {
        expectedAt = performance.now() + TICK_MS;
        timer = setInterval(tick, TICK_MS);
        timer.unref();
      }
    },
    delete(watched) {
      if (all[watched.place] !== watched) {
        return;
      }
      const last = all.pop() as Watched;
      if (last !== watched) {
        all[watched.place] = last;
        last.place = watched.place;
      }
    },
  };
}
