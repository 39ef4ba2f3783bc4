import { describe, expect, it } from '@jest/globals';

import { findOccurrences, formatInstant, nextOccurrence } from '../../subgraphs/content/schedule/findOccurrences.ts';
import { parseRecurrence } from '../../subgraphs/content/schedule/parseRecurrence.ts';
import type { Schedule } from '../../subgraphs/content/schedule/Schedule.ts';
import { toSchedule } from '../../subgraphs/content/schedule/toSchedule.ts';

function scheduleOf(
  start: string,
  end: string | undefined,
  rule?: string,
  { allDay = false, timeZone = 'Europe/Berlin' } = {},
): Schedule {
  const recurrence = rule === undefined ? undefined : parseRecurrence(rule);
  if (recurrence?.kind === 'unreadable') {
    throw new Error(recurrence.reason);
  }
  return toSchedule(
    {
      start: new Date(start),
      end: end === undefined ? undefined : new Date(end),
      start_date: undefined,
      start_time: undefined,
      end_date: undefined,
      end_time: undefined,
      all_day: allDay,
      timezone: timeZone,
    },
    recurrence,
    'Europe/Berlin',
  );
}

function startsOf(schedule: Schedule, from: string, first = 3, to?: string): readonly string[] {
  return findOccurrences(schedule, {
    from: Date.parse(from),
    first,
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  }).map(({ startsAt }) => formatInstant(startsAt));
}

describe('schedule of an event', () => {
  it('begins a series at its DTSTART, in UTC without a Z, whichever occurrence came with it', () => {
    const schedule = scheduleOf(
      '2030-01-15T13:00:00+01:00',
      '2030-01-15T15:00:00+01:00',
      'DTSTART:20300101T120000\nRRULE:FREQ=WEEKLY;BYDAY=TU',
    );
    expect(schedule).toEqual({
      start: '2030-01-01T13:00:00',
      duration: 'PT2H',
      allDay: false,
      timeZone: 'Europe/Berlin',
      rule: 'FREQ=WEEKLY;BYDAY=TU',
      until: null,
    });
  });

  it('reads UNTIL as UTC and writes it as RFC 5545 wants it', () => {
    const schedule = scheduleOf(
      '2030-01-01T12:00:00Z',
      undefined,
      'DTSTART:20300101T120000\nRRULE:FREQ=DAILY;UNTIL=20300103T115959',
    );
    expect(schedule).toMatchObject({ rule: 'FREQ=DAILY;UNTIL=20300103T115959Z', until: '2030-01-03T11:59:59.000Z' });
    expect(startsOf(schedule, '2030-01-01T00:00:00Z')).toEqual([
      '2030-01-01T13:00:00+01:00',
      '2030-01-02T13:00:00+01:00',
    ]);
  });

  it.each(['MO', 'TU'])('falls on the local weekday when UTC is still on the day before: BYDAY=%s', (day) => {
    const schedule = scheduleOf(
      '2029-12-31T23:00:00Z',
      undefined,
      `DTSTART:20291231T230000\nRRULE:FREQ=WEEKLY;BYDAY=${day}`,
      { allDay: true },
    );
    expect(startsOf(schedule, '2030-01-01T12:00:00Z', 2)).toEqual([
      '2030-01-01T00:00:00+01:00',
      '2030-01-08T00:00:00+01:00',
    ]);
  });

  it.each([
    ['DAILY', 'FREQ=DAILY', ['2030-03-30T18:00:00+01:00', '2030-03-31T18:00:00+02:00', '2030-04-01T18:00:00+02:00']],
    [
      'WEEKLY',
      'FREQ=WEEKLY;BYDAY=TU',
      ['2030-04-02T18:00:00+02:00', '2030-04-09T18:00:00+02:00', '2030-04-16T18:00:00+02:00'],
    ],
    [
      'MONTHLY',
      'FREQ=MONTHLY;BYDAY=+1TU',
      ['2030-04-02T18:00:00+02:00', '2030-05-07T18:00:00+02:00', '2030-06-04T18:00:00+02:00'],
    ],
    ['YEARLY', 'FREQ=YEARLY', ['2031-01-01T18:00:00+01:00', '2032-01-01T18:00:00+01:00', '2033-01-01T18:00:00+01:00']],
    ['COUNT', 'FREQ=DAILY;COUNT=90', ['2030-03-30T18:00:00+01:00', '2030-03-31T18:00:00+02:00']],
  ])('keeps its hour across the change to summer time: %s', (_, rule, expected) => {
    const schedule = scheduleOf(
      '2030-01-01T17:00:00Z',
      '2030-01-01T18:00:00Z',
      `DTSTART:20300101T170000\nRRULE:${rule}`,
    );
    expect(startsOf(schedule, '2030-03-30T12:00:00Z')).toEqual(expected);
  });

  it('ends on the wall clock too when the night has an hour less', () => {
    const schedule = scheduleOf(
      '2030-03-23T21:00:00Z',
      '2030-03-24T05:00:00Z',
      'DTSTART:20300323T210000\nRRULE:FREQ=WEEKLY',
    );
    const [night] = findOccurrences(schedule, { from: Date.parse('2030-03-30T12:00:00Z'), first: 1 });
    expect(night?.endsAt === null || night === undefined ? null : formatInstant(night.endsAt)).toBe(
      '2030-03-31T06:00:00+02:00',
    );
  });

  it('counts an occurrence until it has ended, and an all-day event without an end until its day has', () => {
    const event = scheduleOf('2030-01-01T18:00:00+01:00', '2030-01-01T20:00:00+01:00');
    expect(startsOf(event, '2030-01-01T18:59:59Z')).toHaveLength(1);
    expect(startsOf(event, '2030-01-01T19:00:00Z')).toHaveLength(0);
    expect(startsOf(event, '2029-12-01T00:00:00Z', 3, '2030-01-01T17:00:00Z')).toHaveLength(0);
    const day = scheduleOf('2030-01-01T00:00:00+01:00', undefined, undefined, { allDay: true });
    expect(startsOf(day, '2030-01-01T22:59:59Z')).toHaveLength(1);
    expect(startsOf(day, '2030-01-01T23:00:00Z')).toHaveLength(0);
  });

  it('gives the last occurrence when there is no next', () => {
    const schedule = scheduleOf('2030-01-01T12:00:00Z', undefined, 'DTSTART:20300101T120000\nRRULE:FREQ=DAILY;COUNT=3');
    expect(formatInstant(nextOccurrence(schedule, Date.parse('2031-01-01T00:00:00Z')).startsAt)).toBe(
      '2030-01-03T13:00:00+01:00',
    );
  });

  it('takes the municipality’s zone when the event names none that exists', () => {
    expect(scheduleOf('2030-01-01T12:00:00Z', undefined, undefined, { timeZone: 'Mars/Olympus' })).toMatchObject({
      timeZone: 'Europe/Berlin',
      start: '2030-01-01T13:00:00',
    });
  });

  it.each([
    ['no rule at all', 'DTSTART:20300101T120000'],
    ['a frequency of seconds', 'DTSTART:20300101T120000\nRRULE:FREQ=SECONDLY'],
    ['an unreadable start', 'DTSTART:20301301T120000\nRRULE:FREQ=DAILY'],
    ['an unreadable end', 'DTSTART:20300101T120000\nRRULE:FREQ=DAILY;UNTIL=soon'],
    ['an unknown part', 'DTSTART:20300101T120000\nRRULE:FREQ=DAILY;BYEASTER=1'],
  ])('refuses %s', (_, text) => {
    expect(parseRecurrence(text)).toMatchObject({ kind: 'unreadable', reason: expect.any(String) });
  });
});
