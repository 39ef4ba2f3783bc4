import { Temporal } from 'temporal-polyfill';

/** A day, or a minute of a day, as people write it; the time zone is the municipality's. */
const WALL_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/;

/** Whether a text is a day or a minute of a day that the calendar has. */
export function isWallTime(text: string): boolean {
  if (!WALL_TIME.test(text)) {
    return false;
  }
  try {
    Temporal.PlainDateTime.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/**
 * The wall clock at which a date begins to hold (`from`) or stops to (`until`), as sortable text. A day begins with its
 * first minute and ends with its last: `until: 2027-06-30` still holds in the evening of that day.
 */
export function wallTimeAt(text: string, edge: 'from' | 'until'): string {
  return toPlainDateTime(text, edge).toString();
}

/**
 * Milliseconds since the epoch. Where the clock is put forward, a time that does not exist counts by the clock before
 * the change (02:30 is 03:30 then); where it is put back, a time that exists twice counts the first time.
 */
export function toInstant(text: string, edge: 'from' | 'until', timeZone: string): number {
  const wall = toPlainDateTime(text, edge);
  const isMidnight = !text.includes('T');
  // Where the clock is put forward at midnight, a day begins later.
  return isMidnight
    ? wall.toPlainDate().toZonedDateTime({ timeZone }).epochMilliseconds
    : wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

function toPlainDateTime(text: string, edge: 'from' | 'until'): Temporal.PlainDateTime {
  const written = Temporal.PlainDateTime.from(text);
  return edge === 'until' && !text.includes('T') ? written.add({ days: 1 }) : written;
}
