export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A day of the calendar as the milliseconds of its midnight in UTC: days add and compare as numbers. */
export type Day = number;

/** The day in Berlin at an instant. */
export function dayInBerlin(instantMs: number): Day {
  return Math.floor((instantMs + offsetMs(instantMs)) / DAY_MS) * DAY_MS;
}

/** The Monday on or before a day. 1970-01-01 was a Thursday. */
export function mondayOf(day: Day): Day {
  const sinceMonday = (Math.floor(day / DAY_MS) + 3) % 7;
  return day - sinceMonday * DAY_MS;
}

/** The instant at which clocks in Berlin show this many minutes after midnight. */
export function instantAt(day: Day, minutes: number): number {
  const wall = day + minutes * MINUTE_MS;
  // No demo event lies within the hours of a clock change, so one correction suffices.
  return wall - offsetMs(wall - offsetMs(wall));
}

/** `2026-11-23T13:00:00+01:00`, with milliseconds where they are asked for. */
export function toBerlinIso(instantMs: number, { milliseconds = false } = {}): string {
  const offset = offsetMs(instantMs);
  const wall = new Date(instantMs + offset).toISOString();
  return `${wall.slice(0, milliseconds ? 23 : 19)}+0${offset / (60 * MINUTE_MS)}:00`;
}

export function toIsoDay(day: Day): string {
  return new Date(day).toISOString().slice(0, 10);
}

/** Summer time of the European Union: last Sunday of March to last Sunday of October, both at 01:00 UTC. */
function offsetMs(instantMs: number): number {
  const year = new Date(instantMs).getUTCFullYear();
  const isSummer = instantMs >= lastSundayOf(year, 2) && instantMs < lastSundayOf(year, 9);
  return (isSummer ? 2 : 1) * 60 * MINUTE_MS;
}

function lastSundayOf(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  return last.getTime() - last.getUTCDay() * DAY_MS;
}
