import { DOUBT } from './doubt.ts';

/**
 * Checks of one JSON token each (RFC 8259, strictly, no white space) in UTF-8 bytes: from where the token begins to where it
 * ends. That the bytes are valid UTF-8 is checked elsewhere. Beyond the end of the bytes they throw a RangeError.
 */
export type Scan = (bytes: DataView, at: number) => number;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A string. Four bytes at a time are passed over while none is a quote, a backslash or a control character. */
export function scanString(bytes: DataView, at: number): number {
  if (bytes.getUint8(at) !== QUOTE) {
    throw DOUBT;
  }
  const lastWord = bytes.byteLength - 4;
  let i = at + 1;
  for (;;) {
    while (i <= lastWord) {
      const word = bytes.getInt32(i, true);
      const quotes = word ^ 0x22222222;
      const backslashes = word ^ 0x5c5c5c5c;
      // (x - 0x01…) & ~x has the high bit set in the lowest byte of x that is zero; the control characters likewise.
      const found =
        ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | ((word - 0x20202020) & ~word);
      if ((found & 0x80808080) !== 0) {
        break;
      }
      i += 4;
    }
    const byte = bytes.getUint8(i);
    if (byte === QUOTE) {
      return i + 1;
    }
    if (byte < 0x20) {
      throw DOUBT;
    }
    i = byte === BACKSLASH ? scanEscape(bytes, i + 1) : i + 1;
  }
}

function scanEscape(bytes: DataView, at: number): number {
  switch (bytes.getUint8(at)) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1;
    case 0x75: // u
      for (let i = at + 1; i < at + 5; i++) {
        const byte = bytes.getUint8(i);
        const letter = byte | 0x20;
        if (!((byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66))) {
          throw DOUBT;
        }
      }
      return at + 5;
    default:
      throw DOUBT;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** An integer of 32 bits, without fraction and exponent (GraphQL specification, section 3.5.1). */
export function scanInt(bytes: DataView, at: number): number {
  const isNegative = bytes.getUint8(at) === 0x2d;
  const start = isNegative ? at + 1 : at;
  let i = start;
  let value = 0;
  let byte = bytes.getUint8(i);
  while (isDigit(byte)) {
    value = value * 10 + byte - 0x30;
    byte = bytes.getUint8(++i);
  }
  const digits = i - start;
  const hasLeadingZero = bytes.getUint8(start) === 0x30 && (digits > 1 || isNegative);
  if (digits === 0 || digits > 10 || hasLeadingZero || value > 2147483647 + (isNegative ? 1 : 0)) {
    throw DOUBT;
  }
  return i;
}

const MAX_DIGITS = 15;

/** A number in plain notation that JavaScript holds exactly as it is written; others are left to be read and written anew. */
export function scanFloat(bytes: DataView, at: number): number {
  const isNegative = bytes.getUint8(at) === 0x2d;
  const start = isNegative ? at + 1 : at;
  let i = start;
  let isZero = true;
  while (isDigit(bytes.getUint8(i))) {
    isZero &&= bytes.getUint8(i) === 0x30;
    i++;
  }
  const digits = i - start;
  if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes.getUint8(start) === 0x30)) {
    throw DOUBT;
  }
  if (bytes.getUint8(i) === 0x2e) {
    const fraction = ++i;
    while (isDigit(bytes.getUint8(i))) {
      isZero &&= bytes.getUint8(i) === 0x30;
      i++;
    }
    if (i === fraction || i - fraction > MAX_DIGITS) {
      throw DOUBT;
    }
  }
  const isExponent = (bytes.getUint8(i) | 0x20) === 0x65;
  if (isExponent || (isNegative && isZero)) {
    throw DOUBT;
  }
  return i;
}

const TRUE = 0x65757274;
const ALSE = 0x65736c61;
const NULL = 0x6c6c756e;

export function scanBoolean(bytes: DataView, at: number): number {
  if (bytes.getInt32(at, true) === TRUE) {
    return at + 4;
  }
  if (bytes.getUint8(at) === 0x66 && bytes.getInt32(at + 1, true) === ALSE) {
    return at + 5;
  }
  throw DOUBT;
}

export function scanNull(bytes: DataView, at: number): number {
  if (bytes.getInt32(at, true) !== NULL) {
    throw DOUBT;
  }
  return at + 4;
}

function scanNumber(bytes: DataView, at: number): number {
  const start = bytes.getUint8(at) === 0x2d ? at + 1 : at;
  let i = scanDigits(bytes, start);
  if (bytes.getUint8(start) === 0x30 && i > start + 1) {
    throw DOUBT;
  }
  if (bytes.getUint8(i) === 0x2e) {
    i = scanDigits(bytes, i + 1);
  }
  if ((bytes.getUint8(i) | 0x20) === 0x65) {
    const sign = bytes.getUint8(i + 1);
    i = scanDigits(bytes, sign === 0x2b || sign === 0x2d ? i + 2 : i + 1);
  }
  return i;
}

function scanDigits(bytes: DataView, at: number): number {
  let i = at;
  while (isDigit(bytes.getUint8(i))) {
    i++;
  }
  if (i === at) {
    throw DOUBT;
  }
  return i;
}

const MAX_DEPTH = 100;

/** Any JSON value. */
export function scanAny(bytes: DataView, at: number, depth = 0): number {
  if (depth > MAX_DEPTH) {
    throw DOUBT;
  }
  switch (bytes.getUint8(at)) {
    case QUOTE:
      return scanString(bytes, at);
    case 0x5b:
      return scanItems(bytes, at, 0x5d, (i) => scanAny(bytes, i, depth + 1));
    case 0x7b:
      return scanItems(bytes, at, 0x7d, (i) => {
        const colon = scanString(bytes, i);
        if (bytes.getUint8(colon) !== 0x3a) {
          throw DOUBT;
        }
        return scanAny(bytes, colon + 1, depth + 1);
      });
    case 0x74:
    case 0x66:
      return scanBoolean(bytes, at);
    case 0x6e:
      return scanNull(bytes, at);
    default:
      return scanNumber(bytes, at);
  }
}

function scanItems(bytes: DataView, at: number, close: number, scanItem: (at: number) => number): number {
  let i = at + 1;
  if (bytes.getUint8(i) === close) {
    return i + 1;
  }
  for (;;) {
    i = scanItem(i);
    const next = bytes.getUint8(i++);
    if (next === close) {
      return i;
    }
    if (next !== 0x2c) {
      throw DOUBT;
    }
  }
}

/** Whether the bytes from `at` on are those between `from` and `to`. */
export function isSameText(bytes: DataView, at: number, from: number, to: number): boolean {
  if (at + to - from > bytes.byteLength) {
    return false;
  }
  let i = at;
  let k = from;
  for (; k + 4 <= to; k += 4, i += 4) {
    if (bytes.getInt32(i, true) !== bytes.getInt32(k, true)) {
      return false;
    }
  }
  for (; k < to; k++, i++) {
    if (bytes.getUint8(i) !== bytes.getUint8(k)) {
      return false;
    }
  }
  return true;
}
