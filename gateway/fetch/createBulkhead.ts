/** Somebody who waits for a place. */
export interface Waiting {
  /** A place is free, and taken by this call. */
  onPlace(): void;
}

/** So many at once, so many more in a queue. Whoever has a place must give it back with `leave`. */
export interface Bulkhead {
  enter(waiting: Waiting): 'inside' | 'waiting' | 'full';
  leave(): void;
  /** Takes somebody out of the queue. */
  forget(waiting: Waiting): void;
}

export function createBulkhead({ places, queue }: { readonly places: number; readonly queue: number }): Bulkhead {
  const waitingOnes = new Set<Waiting>();
  let inside = 0;

  return {
    enter(waiting) {
      if (inside < places) {
        inside += 1;
        return 'inside';
      }
      if (waitingOnes.size >= queue) {
        return 'full';
      }
      waitingOnes.add(waiting);
      return 'waiting';
    },
    leave() {
      for (const next of waitingOnes) {
        waitingOnes.delete(next);
        next.onPlace();
        return;
      }
      inside -= 1;
    },
    forget: (waiting) => {
      waitingOnes.delete(waiting);
    },
  };
}
