/** Keeps tries again to a share of first tries, so that they never make a failing neighbour's load much larger. */
export interface RetryBudget {
  /** Counts a first try. */
  earn(): void;
  /** Whether one may be tried again now; counts it. */
  spend(): boolean;
}

/** `share`: tries again for each first try. A few are there from the start, and a few can be saved up. */
export function createRetryBudget({ share = 0.2, atStart = 3, most = 10 } = {}): RetryBudget {
  let saved = atStart;
  return {
    earn: () => {
      saved = Math.min(saved + share, most);
    },
    spend: () => {
      if (saved < 1) {
        return false;
      }
      saved -= 1;
      return true;
    },
  };
}
