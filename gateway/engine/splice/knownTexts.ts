import type { IsKnown } from '../../plan/witnesses.ts';

/** Whether the JSON text from `from` to `to` names a municipality that the request knows. */
export type IsKnownText = (bytes: DataView, from: number, to: number) => boolean;

/** One slug can be written in many ways. */
const MAX_TEXTS = 200_000;
const readers = new WeakMap<IsKnown, IsKnownText>();
const everybody: IsKnown = () => true;

/** Reads each text that is known once; from then on its bytes are enough. Default: all are known. */
export function knownTexts(isKnown: IsKnown = everybody): IsKnownText {
  const reader = readers.get(isKnown) ?? createReader(isKnown);
  readers.set(isKnown, reader);
  return reader;
}

function createReader(isKnown: IsKnown): IsKnownText {
  const known = new Map<number, Uint8Array>();
  return (bytes, from, to) => {
    const hash = hashOf(bytes, from, to);
    const earlier = known.get(hash);
    if (earlier !== undefined && isSame(earlier, bytes, from, to)) {
      return true;
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
    const slug: unknown = JSON.parse(text.toString('utf8'));
    const isOne = (typeof slug === 'string' || typeof slug === 'number') && isKnown(String(slug));
    if (isOne && known.size < MAX_TEXTS) {
      known.set(hash, Uint8Array.from(text));
    }
    return isOne;
  };
}

function hashOf(bytes: DataView, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) {
    hash = (Math.imul(hash, 31) + bytes.getUint8(at)) | 0;
  }
  return hash;
}

function isSame(known: Uint8Array, bytes: DataView, from: number, to: number): boolean {
  if (known.length !== to - from) {
    return false;
  }
  for (let at = 0; at < known.length; at++) {
    if (known[at] !== bytes.getUint8(from + at)) {
      return false;
    }
  }
  return true;
}
