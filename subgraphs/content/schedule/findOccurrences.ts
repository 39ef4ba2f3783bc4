import { LRUCache } from 'lru-cache';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

import type { Schedule } from './Schedule.ts';

/** One time that an event takes place. */
export interface Occurrence {
  readonly startsAt: Temporal.ZonedDateTime;
  readonly endsAt: Temporal.ZonedDateTime | null;
}

export interface OccurrenceWindow {
  /** Milliseconds; occurrences end after it. */
  readonly from: number;
  /** Milliseconds; occurrences start before it. Default: no end. */
  readonly to?: number | undefined;
  readonly first: number;
}

/** Occurrences that are looked at before `from`, at most: a long event of every day overlaps with many. */
const MAX_STEPS = 1_000;
/** What DST can add to or take from a wall clock duration, and a day for good measure. */
const MARGIN_MS = 26 * 3_600_000;

/** Rules are costly to set up and asked again with every request; the schedule is the whole key. */
const rules = new LRUCache<string, RRuleTemporal>({ max: 2_000 });

/** The occurrences that end after `from` and start before `to`, in order; a single event has one at most. */
export function findOccurrences(
  schedule: Schedule,
  { from, to = Infinity, first }: OccurrenceWindow,
): readonly Occurrence[] {
  const start = Temporal.PlainDateTime.from(schedule.start).toZonedDateTime(schedule.timeZone);
  const isInside = ({ startsAt, endsAt }: Occurrence) =>
    (endsAt ?? endOfPoint(schedule, startsAt)).epochMilliseconds > from && startsAt.epochMilliseconds < to;
  if (first <= 0) {
    return [];
  }
  if (schedule.rule === null) {
    return [toOccurrence(schedule, start)].filter(isInside);
  }
  const rule = ruleOf(schedule, start);
  const found: Occurrence[] = [];
  let after = new Date(from - lengthMs(schedule) - MARGIN_MS);
  for (let step = 0; step < MAX_STEPS && found.length < first; step += 1) {
    const next = rule.next(after, false);
    if (next === null || next.epochMilliseconds >= to) {
      break;
    }
    after = new Date(next.epochMilliseconds);
    const occurrence = toOccurrence(schedule, toLocal(next, schedule));
    if (isInside(occurrence)) {
      found.push(occurrence);
    }
  }
  return found;
}

/** The next occurrence that ends after `from`, else the last there was. */
export function nextOccurrence(schedule: Schedule, from: number): Occurrence {
  const [next] = findOccurrences(schedule, { from, first: 1 });
  if (next !== undefined) {
    return next;
  }
  const start = Temporal.PlainDateTime.from(schedule.start).toZonedDateTime(schedule.timeZone);
  const last = schedule.rule === null ? null : ruleOf(schedule, start).previous(new Date(from), true);
  return toOccurrence(schedule, last === null ? start : toLocal(last, schedule));
}

/** The instant with the offset of the event's zone, so that the text shows the wall clock time: 2030-01-01T13:00:00+01:00. */
export function formatInstant(instant: Temporal.ZonedDateTime): string {
  return instant.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

function toOccurrence({ duration }: Schedule, startsAt: Temporal.ZonedDateTime): Occurrence {
  const endsAt =
    duration === null ? null : startsAt.toPlainDateTime().add(duration).toZonedDateTime(startsAt.timeZoneId);
  return { startsAt, endsAt };
}

/** An event without an end lasts until its day ends when it is all day, else it is a point in time. */
function endOfPoint({ allDay }: Schedule, startsAt: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return allDay ? startsAt.add({ days: 1 }) : startsAt;
}

function lengthMs({ duration }: Schedule): number {
  return duration === null
    ? 0
    : Temporal.Duration.from(duration).total({ unit: 'milliseconds', relativeTo: '2030-01-01' });
}

function ruleOf(schedule: Schedule, start: Temporal.ZonedDateTime): RRuleTemporal {
  const key = `${schedule.timeZone} ${schedule.start} ${schedule.rule}`;
  let rule = rules.get(key);
  if (rule === undefined) {
    rule = new RRuleTemporal({ rruleString: `RRULE:${schedule.rule}`, dtstart: start, maxIterations: 20_000 });
    rules.set(key, rule);
  }
  return rule;
}

/** The library has a polyfill of its own; values cross as instants. */
function toLocal(instant: { readonly epochMilliseconds: number }, { timeZone }: Schedule): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.epochMilliseconds).toZonedDateTimeISO(timeZone);
}
