import fc from 'fast-check';

/** Numbers that a generated list gives out one by one; when it ends, the simplest choice is taken. */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** An integer from 0 to below `bound`; 0 where nothing is left. */
  below(bound: number): number {
    const number = this.#numbers[this.#next++] ?? 0;
    return number % bound;
  }

  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}

export function choices(length: number): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.nat(9_999), { maxLength: length, size: 'max' });
}
