/** Why a flag is off, in OpenFeature's words: the files say so, or it could not be bound to a municipality. */
export type DisabledReason = 'STATIC' | 'ERROR';

/** One entry of `extensions.features.disabled`. */
export interface DisabledFeature {
  readonly flag: string;
  readonly municipality: string | null;
  readonly reason: DisabledReason;
  /** Response paths; `@` stands for every position of a list. */
  readonly paths: readonly (readonly (string | number)[])[];
}

/** The most paths that one entry lists. */
const MAX_PATHS = 10;

/** Gathers, for one request, which flags left which fields out. */
export class DisabledFeatures {
  readonly #entries = new Map<
    string,
    {
      flag: string;
      municipality: string | null;
      reason: DisabledReason;
      paths: Map<string, readonly (string | number)[]>;
    }
  >();

  add(
    flag: string,
    municipality: string | null,
    path: readonly (string | number)[],
    reason: DisabledReason = 'STATIC',
  ): void {
    const key = JSON.stringify([flag, municipality, reason]);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { flag, municipality, reason, paths: new Map() };
      this.#entries.set(key, entry);
    }
    if (entry.paths.size < MAX_PATHS) {
      entry.paths.set(path.join('\u0000'), path);
    }
  }

  /** In the order of flag and municipality, so that equal requests answer equal bytes. */
  list(): readonly DisabledFeature[] {
    return [...this.#entries.values()]
      .map(({ paths, ...entry }) => ({ ...entry, paths: [...paths.values()] }))
      .sort((a, b) => compare(a.flag, b.flag) || compare(a.municipality ?? '', b.municipality ?? ''));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
