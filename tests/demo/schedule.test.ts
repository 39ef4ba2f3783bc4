import { describe, expect, it } from '@jest/globals';
import { RRuleTemporal } from 'rrule-temporal';

import { DAY_MS, dayInBerlin, instantAt, mondayOf, toBerlinIso } from '../../demo/berlinTime.ts';
import { EVENT_TEMPLATES } from '../../demo/cms/eventTemplates.ts';
import { scheduleOf, toRecurrenceRule } from '../../demo/cms/schedule.ts';

const TODAYS = [
  '2026-01-01',
  '2026-03-29',
  '2026-07-31',
  '2026-08-01',
  '2026-10-25',
  '2026-11-23',
  '2028-02-29',
  '2029-12-31',
];

describe('berlinTime', () => {
  it('shows what a clock in Berlin shows, through both clock changes', () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    for (let hour = 0; hour < 24 * 366; hour += 1) {
      const instant = Date.UTC(2027, 9, 1) + hour * 3_600_000;
      expect(toBerlinIso(instant).slice(0, 19).replace('T', ' ')).toBe(format.format(instant));
      expect(Date.parse(toBerlinIso(instant, { milliseconds: true }))).toBe(instant);
    }
  });

  it('finds the instant of a time of day in winter and in summer', () => {
    expect(toBerlinIso(instantAt(Date.UTC(2026, 0, 10), 16 * 60))).toBe('2026-01-10T16:00:00+01:00');
    expect(toBerlinIso(instantAt(Date.UTC(2026, 6, 10), 16 * 60))).toBe('2026-07-10T16:00:00+02:00');
    expect(dayInBerlin(Date.parse('2026-07-10T22:30:00Z'))).toBe(Date.UTC(2026, 6, 11));
    expect(mondayOf(Date.UTC(2026, 10, 29))).toBe(Date.UTC(2026, 10, 23));
  });
});

describe('scheduleOf', () => {
  const cases = TODAYS.flatMap((today) => EVENT_TEMPLATES.map((template) => [template.key, today, template] as const));

  it.each(cases)('gives %s on %s the days that its rule means', (_, text, template) => {
    const today = Date.parse(text);
    const schedule = scheduleOf(template.timing, today);
    const rule = toRecurrenceRule(schedule, template);
    const last = schedule.days.at(-1) ?? 0;

    if (rule === null) {
      expect(schedule.days).toHaveLength(1);
      expect(last + schedule.lengthDays * DAY_MS).toBeGreaterThan(today);
      return;
    }
    const [, basic = ''] = /^DTSTART:(\S+)\n/.exec(rule) ?? [];
    const utc = Date.parse(basic.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));
    const wall = toBerlinIso(utc).slice(0, 19).replace(/[-:]/g, '');
    // UNTIL must be in UTC beside a zone; ours is the end of a day, far from any occurrence.
    const zoned = rule.replace(/^.*\n/, `DTSTART;TZID=Europe/Berlin:${wall}\n`).replace(/(UNTIL=\d{8}T\d{6})/, '$1Z');
    const meant = new RRuleTemporal({ rruleString: zoned }).between(
      new Date(utc - 1000),
      new Date(today + 31 * DAY_MS + DAY_MS - 1),
      true,
    );
    const ours = schedule.days.filter((day) => day <= today + 31 * DAY_MS);

    expect(ours.map((day) => instantAt(day, template.start))).toEqual(
      meant.map(({ epochMilliseconds }) => epochMilliseconds),
    );
    // A series may just have ended; it is then left out until the next one begins.
    expect(last).toBeGreaterThan(today - 14 * DAY_MS);
  });
});
