import { Temporal } from 'temporal-polyfill';

import { isTimeZone } from './isTimeZone.ts';
import { type ParsedRecurrence, readUntil } from './parseRecurrence.ts';
import type { Schedule } from './Schedule.ts';

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** The times of an event as the CMS gives them: instants, or wall clock times in older versions. */
export interface CmsEventTimes {
  readonly start: Date | undefined;
  readonly start_date: string | undefined;
  readonly start_time: string | undefined;
  readonly end: Date | undefined;
  readonly end_date: string | undefined;
  readonly end_time: string | undefined;
  readonly all_day: boolean;
  readonly timezone: string | undefined;
}

/**
 * Turns instants into wall clock times of the event's zone, so that a series keeps its hour across a DST change.
 * A series begins at its DTSTART: the times beside it may be those of a later occurrence.
 */
export function toSchedule(
  event: CmsEventTimes,
  recurrence: ParsedRecurrence | undefined,
  defaultTimeZone: string,
): Schedule {
  const timeZone = event.timezone !== undefined && isTimeZone(event.timezone) ? event.timezone : defaultTimeZone;
  const start = readWallClock(event.start, event.start_date, event.start_time ?? '00:00:00', timeZone);
  if (start === undefined) {
    throw new RangeError(`no readable start: ${event.start_date}`);
  }
  const end = readWallClock(event.end, event.end_date, event.end_time ?? '23:59:00', timeZone);
  const first = recurrence?.startsAt === undefined ? start : toWallClock(recurrence.startsAt, timeZone);
  const until = recurrence?.parts.find(([name]) => name === 'UNTIL')?.[1];
  return {
    start: first.toString({ smallestUnit: 'second' }),
    duration:
      end === undefined || Temporal.PlainDateTime.compare(end, start) < 0
        ? null
        : start.until(end, { largestUnit: 'days' }).toString(),
    allDay: event.all_day,
    timeZone,
    rule: recurrence === undefined ? null : formatRule(recurrence, first),
    until: (until === undefined ? undefined : readUntil(until))?.toISOString() ?? null,
  };
}

/**
 * The rule as RFC 5545 wants it beside a DTSTART with a zone: UNTIL with a Z, weekdays of the local start.
 * The CMS writes DTSTART in UTC; where its weekdays fit that day and not the local one, they move along.
 */
function formatRule({ startsAt, parts }: ParsedRecurrence, first: Temporal.PlainDateTime): string {
  const days = parts.find(([name]) => name === 'BYDAY')?.[1].split(',') ?? [];
  const localDay = WEEKDAYS[first.dayOfWeek - 1] ?? '';
  const utcDay = startsAt === undefined ? localDay : (WEEKDAYS[(startsAt.getUTCDay() + 6) % 7] ?? '');
  const shift =
    days.includes(utcDay) && !days.includes(localDay) ? WEEKDAYS.indexOf(localDay) - WEEKDAYS.indexOf(utcDay) : 0;
  return parts
    .map(([name, value]) => {
      if (name === 'BYDAY') {
        return `BYDAY=${days.map((day) => shiftDay(day, shift)).join(',')}`;
      }
      if (name === 'UNTIL') {
        return `UNTIL=${
          readUntil(value)
            ?.toISOString()
            .replace(/[-:]|\.000/g, '') ?? value
        }`;
      }
      return `${name}=${value}`;
    })
    .join(';');
}

/** `MO` moved by days; `+1MO` of a month stays, because its week would move too. */
function shiftDay(day: string, shift: number): string {
  const position = WEEKDAYS.indexOf(day);
  return position === -1 ? day : (WEEKDAYS[(position + shift + 7) % 7] ?? day);
}

function readWallClock(
  instant: Date | undefined,
  date: string | undefined,
  time: string,
  timeZone: string,
): Temporal.PlainDateTime | undefined {
  if (instant !== undefined) {
    return toWallClock(instant, timeZone);
  }
  try {
    return date === undefined ? undefined : Temporal.PlainDateTime.from(`${date}T${time}`);
  } catch {
    return undefined;
  }
}

function toWallClock(instant: Date, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDateTime();
}
