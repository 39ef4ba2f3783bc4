import { DAY_MS, type Day, instantAt, mondayOf } from '../berlinTime.ts';
import type { EventTemplate, Timing } from './eventTemplates.ts';

/** When an event takes place: the days on which it begins, and its rule when it recurs. */
export interface Schedule {
  /** Rising; of a series those until a good month from now. */
  readonly days: readonly Day[];
  /** How many days after its first day one occurrence ends. */
  readonly lengthDays: number;
  /** RRULE without DTSTART; null for a single event. */
  readonly rule: string | null;
}

const WEEK_MS = 7 * DAY_MS;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const COURSE_WEEKS = 8;
/** Without combine_recurring the CMS looks this far. */
export const HORIZON_DAYS = 31;

/** Only `today` decides, so that a series keeps its first day for a year and a single event its day for a week. */
export function scheduleOf(timing: Timing, today: Day): Schedule {
  const year = new Date(today).getUTCFullYear();
  const yearStart = Date.UTC(year, 0, 1);
  const until = today + (HORIZON_DAYS + 2) * DAY_MS;
  switch (timing.kind) {
    case 'once':
      return single(mondayOf(today) + timing.weeksAhead * WEEK_MS + timing.weekday * DAY_MS, 0);
    case 'span':
      return single(mondayOf(today) + timing.weeksAhead * WEEK_MS, timing.days);
    case 'course': {
      const block = Math.floor(mondayOf(today) / WEEK_MS / COURSE_WEEKS) * COURSE_WEEKS;
      // The first Monday of the epoch's week numbers is mondayOf(0), three days before it.
      const first = mondayOf(0) + (block + 1) * WEEK_MS + timing.weekday * DAY_MS;
      const days = Array.from({ length: COURSE_WEEKS }, (_, week) => first + week * WEEK_MS);
      const last = first + (COURSE_WEEKS - 1) * WEEK_MS;
      return { days, lengthDays: 0, rule: `FREQ=WEEKLY;${untilPart(last)};BYDAY=${nameOf(timing.weekday)}` };
    }
    case 'weekly': {
      const end = timing.ends ? endOfJuly(today) : undefined;
      const monday = mondayOf(end === undefined ? yearStart : end - 330 * DAY_MS);
      const days: Day[] = [];
      for (let week = monday; week <= until; week += timing.interval * WEEK_MS) {
        days.push(...timing.weekdays.map((weekday) => week + weekday * DAY_MS));
      }
      const parts = [
        'FREQ=WEEKLY',
        ...(timing.interval === 1 ? [] : [`INTERVAL=${timing.interval}`]),
        ...(end === undefined ? [] : [untilPart(end)]),
        `BYDAY=${timing.weekdays.map(nameOf).join(',')}`,
      ];
      return { days: days.filter((day) => end === undefined || day <= end), lengthDays: 0, rule: parts.join(';') };
    }
    case 'monthly': {
      const days = Array.from({ length: 15 }, (_, month) => nthWeekday(year, month, timing.weekday, timing.nth));
      const sign = timing.nth > 0 ? '+' : '';
      return {
        days: days.filter((day) => day <= until),
        lengthDays: 0,
        rule: `FREQ=MONTHLY;BYDAY=${sign}${timing.nth}${nameOf(timing.weekday)}`,
      };
    }
  }
}

/** As the CMS writes it: DTSTART in UTC, yet without a Z. */
export function toRecurrenceRule({ days: [first], rule }: Schedule, { start }: EventTemplate): string | null {
  return rule === null || first === undefined ? null : `DTSTART:${toBasic(instantAt(first, start))}\nRRULE:${rule}`;
}

function single(day: Day, lengthDays: number): Schedule {
  return { days: [day], lengthDays, rule: null };
}

function untilPart(day: Day): string {
  return `UNTIL=${toBasic(day).slice(0, 8)}T235959`;
}

function toBasic(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
}

function nameOf(weekday: number): string {
  return WEEKDAYS[weekday] ?? 'MO';
}

/** Of the running school year: the July that is not over. */
function endOfJuly(today: Day): Day {
  const year = new Date(today).getUTCFullYear();
  const july = Date.UTC(year, 6, 31);
  return today <= july ? july : Date.UTC(year + 1, 6, 31);
}

/** The nth weekday of a month, or the last one for -1. Months beyond December lie in the next year. */
function nthWeekday(year: number, month: number, weekday: number, nth: number): Day {
  if (nth < 0) {
    const last = Date.UTC(year, month + 1, 0);
    return last - ((weekdayOf(last) - weekday + 7) % 7) * DAY_MS;
  }
  const first = Date.UTC(year, month, 1);
  return first + (((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7) * DAY_MS;
}

function weekdayOf(day: Day): number {
  return (day - mondayOf(day)) / DAY_MS;
}
