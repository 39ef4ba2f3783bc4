/** Numbers that a seed determines (mulberry32). */
export interface Random {
  /** An integer from 0 to below `bound`. */
  below(bound: number): number;
  chance(percent: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  some<T>(items: readonly T[], percent: number): T[];
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  const chance = (percent: number): boolean => below(100) < percent;
  return {
    below,
    chance,
    pick: (items) => items[below(items.length)] ?? items[0],
    some: (items, percent) => items.filter(() => chance(percent)),
  };
}

/** A number that the texts determine, evenly spread. */
export function hash(...texts: readonly (string | number)[]): number {
  let h = 2166136261;
  for (const text of texts) {
    for (const character of `${text}|`) {
      h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 16777619);
    }
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return h >>> 0;
}
