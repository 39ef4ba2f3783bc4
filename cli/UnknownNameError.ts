import { closest } from 'fastest-levenshtein';

/** A name that nothing has, with the nearest one that something has. */
export class UnknownNameError extends Error {
  override readonly name = 'UnknownNameError';
  constructor(what: string, wrong: string, valid: readonly string[]) {
    const hint = valid.length === 0 ? '' : `; did you mean ${JSON.stringify(closest(wrong, [...valid]))}?`;
    super(`${what} ${JSON.stringify(wrong)}${hint}`);
  }
}
