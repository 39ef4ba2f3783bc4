import { CollectedSelection } from '../response/OutputSelection.ts';

/** V8 on 64 bits without pointer compression: a word, and what comes before the content of objects, arrays and texts. */
const WORD = 8;
const OBJECT = 3 * WORD;
const ARRAY = 6 * WORD;
const TEXT = 2 * WORD;
const MAP = 12 * WORD;
const MAP_ENTRY = 4 * WORD;

/**
 * Bytes in memory of plain data: objects, arrays, maps and sets, texts, and selections. Each counts once, and what they refer to
 * of other kinds (functions, parts of a schema) is taken to be there anyway.
 */
export function weighData(roots: readonly unknown[]): number {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [...roots];
  let bytes = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') {
      if (!seen.has(value)) {
        seen.add(value);
        bytes += TEXT + value.length;
      }
    } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      bytes += weighShallow(value, waiting);
    }
  }
  return bytes;
}

/** Bytes of a value without what it refers to, which is added to `waiting`. */
function weighShallow(value: object, waiting: unknown[]): number {
  if (Array.isArray(value)) {
    waiting.push(...value);
    return ARRAY + WORD * value.length;
  }
  if (value instanceof Map || value instanceof Set) {
    for (const [key, entry] of value.entries()) {
      waiting.push(key, entry);
    }
    return MAP + MAP_ENTRY * value.size;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !(value instanceof CollectedSelection)) {
    return 0;
  }
  const parts = Object.values(value);
  waiting.push(...parts);
  return OBJECT + WORD * parts.length;
}

/** Executions after which V8 has optimized what is worth it. */
export const OFTEN_EXECUTED = 8;

/**
 * Memory for each character of generated code, as measured over our own supergraph: its text, bytecode and feedback, and machine code
 * of what has run often. Of a long program less runs: most of its lists are empty in one answer or another.
 */
const CODE_BYTES = { first: 5, characters: 24_000, further: 2.4 };
const OPTIMIZED_CODE_BYTES = { first: 11.8, characters: 12_000, further: 3.4 };

/** Bytes in memory of so many characters of generated code. */
export function weighCode(characters: number, executions: number): number {
  const { first, further, ...part } = executions < OFTEN_EXECUTED ? CODE_BYTES : OPTIMIZED_CODE_BYTES;
  const short = Math.min(characters, part.characters);
  return Math.round(first * short + further * (characters - short));
}
