import { LRUCache } from 'lru-cache';

/** Asking is slow, and a whole country has one zone. */
const known = new LRUCache<string, boolean>({ max: 500 });

/** Whether text names a time zone that this program knows. */
export function isTimeZone(text: string): boolean {
  let isKnown = known.get(text);
  if (isKnown === undefined) {
    isKnown = canFormatIn(text);
    known.set(text, isKnown);
  }
  return isKnown;
}

function canFormatIn(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
