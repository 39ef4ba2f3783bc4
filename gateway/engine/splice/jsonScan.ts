import { isUtf8 } from 'node:buffer';

/**
 * Thrown (as it is, without a stack) when a text is not exactly what was expected. It says nothing about whether the text is
 * good: who catches it reads the text in full.
 */
export const DOUBT: unique symbol = Symbol('doubt');

/**
 * Checks of one JSON token each: they take the text and where the token begins, and return where it ends (RFC 8259, strictly, no
 * white space). Texts are UTF-8 read as Latin-1, one character a byte; that they are valid UTF-8 and free of control
 * characters is known before.
 */
export type Scan = (text: string, at: number) => number;

/** A string in a text that holds no backslash at all. */
export function scanPlainString(text: string, at: number): number {
  const end = text.indexOf('"', at + 1);
  if (text.charCodeAt(at) !== QUOTE || end === -1) {
    throw DOUBT;
  }
  return end + 1;
}

const QUOTE = 0x22;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** A string that may hold escapes; each is checked. */
export function scanEscapedString(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) {
    throw DOUBT;
  }
  let i = at + 1;
  for (;;) {
    const quote = text.indexOf('"', i);
    const backslash = text.indexOf('\\', i);
    if (quote === -1) {
      throw DOUBT;
    }
    if (backslash === -1 || quote < backslash) {
      return quote + 1;
    }
    ESCAPE.lastIndex = backslash;
    if (!ESCAPE.test(text)) {
      throw DOUBT;
    }
    i = ESCAPE.lastIndex;
  }
}

/** An integer of 32 bits, without fraction and exponent (GraphQL specification, section 3.5.1). */
export function scanInt(text: string, at: number): number {
  let i = at;
  const isNegative = text.charCodeAt(i) === 0x2d;
  if (isNegative) {
    i++;
  }
  const start = i;
  let value = 0;
  let digit = text.charCodeAt(i) - 0x30;
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit;
    i++;
    digit = text.charCodeAt(i) - 0x30;
  }
  const digits = i - start;
  const hasLeadingZero = text.charCodeAt(start) === 0x30 && (digits > 1 || isNegative);
  if (digits === 0 || digits > 10 || hasLeadingZero || value > 2147483647 + (isNegative ? 1 : 0)) {
    throw DOUBT;
  }
  return i;
}

const PLAIN_FLOAT = /(?:-(?=[1-9]|0\.\d*[1-9]))?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?![\d.eE])/y;

/** A number in plain notation; others are left to be read and written anew. */
export function scanFloat(text: string, at: number): number {
  PLAIN_FLOAT.lastIndex = at;
  if (!PLAIN_FLOAT.test(text)) {
    throw DOUBT;
  }
  return PLAIN_FLOAT.lastIndex;
}

export function scanBoolean(text: string, at: number): number {
  if (text.startsWith('true', at)) {
    return at + 4;
  }
  if (text.startsWith('false', at)) {
    return at + 5;
  }
  throw DOUBT;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const MAX_DEPTH = 100;

/** Any JSON value. */
export function scanAny(text: string, at: number, depth = 0): number {
  if (depth > MAX_DEPTH) {
    throw DOUBT;
  }
  switch (text.charCodeAt(at)) {
    case QUOTE:
      return scanEscapedString(text, at);
    case 0x5b:
      return scanItems(text, at, 0x5d, (i) => scanAny(text, i, depth + 1));
    case 0x7b:
      return scanItems(text, at, 0x7d, (i) => {
        const colon = scanEscapedString(text, i);
        if (text.charCodeAt(colon) !== 0x3a) {
          throw DOUBT;
        }
        return scanAny(text, colon + 1, depth + 1);
      });
    case 0x74:
    case 0x66:
      return scanBoolean(text, at);
    case 0x6e:
      if (text.startsWith('null', at)) {
        return at + 4;
      }
      throw DOUBT;
    default:
      NUMBER.lastIndex = at;
      if (!NUMBER.test(text)) {
        throw DOUBT;
      }
      return NUMBER.lastIndex;
  }
}

function scanItems(text: string, at: number, close: number, scanItem: (at: number) => number): number {
  let i = at + 1;
  if (text.charCodeAt(i) === close) {
    return i + 1;
  }
  for (;;) {
    i = scanItem(i);
    const next = text.charCodeAt(i++);
    if (next === close) {
      return i;
    }
    if (next !== 0x2c) {
      throw DOUBT;
    }
  }
}

/**
 * The bytes of an answer as text to scan, one character a byte. They must be valid UTF-8 and hold no control characters, which
 * compact JSON has neither in strings nor between tokens; one line feed at the end is passed over.
 */
export function compactText(bytes: Buffer): string {
  const end = bytes[bytes.length - 1] === 0x0a ? bytes.length - 1 : bytes.length;
  if (hasControlBytes(bytes, end) || !isUtf8(bytes)) {
    throw DOUBT;
  }
  return bytes.toString('latin1', 0, end);
}

/** Looks at four bytes at a time: `(word - 0x20...) & ~word & 0x80...` has a bit set where a byte is below 0x20. */
function hasControlBytes(bytes: Buffer, end: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  const words = end - (end % 4);
  for (let i = 0; i < words; i += 4) {
    const word = view.getUint32(i, true);
    if (((word - 0x20202020) & ~word & 0x80808080) !== 0) {
      return true;
    }
  }
  for (let i = words; i < end; i++) {
    if (view.getUint8(i) < 0x20) {
      return true;
    }
  }
  return false;
}
