export type Judgement = { readonly kind: 'trusted' } | { readonly kind: 'quarantined'; readonly reason: string };

export interface ListHistory {
  /** Stored items that an honest answer would still hold. */
  readonly expected: number;
  readonly got: number;
  /** When answers of this part began to be too short; undefined when the last one was trusted. */
  readonly quarantinedSince: Date | undefined;
  readonly now: Date;
}

/** A list that stays short for so long is what the editors want; an emptied one has to wait longer. */
const SHRUNKEN_MS = 24 * 3_600_000;
const EMPTY_MS = 7 * SHRUNKEN_MS;

/** Whether a list may take the place of the stored one: one that lost more than half is a fault until time proves it. */
export function judgeList({ expected, got, quarantinedSince, now }: ListHistory): Judgement {
  if (got * 2 >= expected) {
    return { kind: 'trusted' };
  }
  const waitMs = got === 0 ? EMPTY_MS : SHRUNKEN_MS;
  if (quarantinedSince !== undefined && now.getTime() - quarantinedSince.getTime() >= waitMs) {
    return { kind: 'trusted' };
  }
  const what = got === 0 ? `the list is empty` : `the list shrank to ${got}`;
  return {
    kind: 'quarantined',
    reason: `${what}, ${expected} are stored; they stay for ${waitMs / 3_600_000} hours in case it is a fault`,
  };
}
