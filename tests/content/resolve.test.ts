import { describe, expect, it } from '@jest/globals';

import type { OpeningDayRecord } from '../../subgraphs/content/ContentRecord.ts';
import { isOpenAt } from '../../subgraphs/content/resolve/isOpenAt.ts';
import { matchLanguage } from '../../subgraphs/content/resolve/matchLanguage.ts';
import { moduleTitle } from '../../subgraphs/content/resolve/moduleTitle.ts';

describe('matchLanguage', () => {
  const languages = [
    ['de', 'de-DE'],
    ['de-si', 'de-DE-simple'],
    ['en', 'en-GB'],
    ['ar', 'ar-arb'],
    ['zh-cn', 'zh-Hans'],
    ['zh-tw', 'zh-Hant'],
  ].map(([code = '', tag = '']) => ({ code, tag, nativeName: code, direction: 'LEFT_TO_RIGHT' as const }));

  it.each([
    ['de', 'de'],
    ['DE-de', 'de'],
    ['de-AT', 'de'],
    ['de-si', 'de-si'],
    ['de-DE-simple', 'de-si'],
    ['ar', 'ar'],
    ['AR-ARB', 'ar'],
    ['ar-EG', 'ar'],
    ['en-US', 'en'],
    ['zh', 'zh-cn'],
    ['zh-Hant', 'zh-tw'],
    ['zh-Hant-TW', 'zh-tw'],
    ['uk', undefined],
    ['d', undefined],
  ])('finds for %s the language %s', (wanted, code) => {
    expect(matchLanguage(languages, wanted)?.code).toBe(code);
  });
});

describe('isOpenAt', () => {
  const closed: OpeningDayRecord = { allDay: false, closed: true, appointmentOnly: false, slots: [] };
  const open = (...slots: (readonly [string, string, string?])[]): OpeningDayRecord => ({
    ...closed,
    closed: false,
    slots: slots.map(([start, end, timeZone = null]) => ({ start, end, timeZone })),
  });
  const week = (days: Readonly<Record<number, OpeningDayRecord>>) =>
    Array.from({ length: 7 }, (_, n) => days[n] ?? closed);

  // 2030-01-07 is a Monday, 2030-07-01 too.
  it.each([
    ['before it opens', { 0: open(['08:00', '12:00']) }, '2030-01-07T06:59:59Z', false],
    ['when it opens', { 0: open(['08:00', '12:00']) }, '2030-01-07T07:00:00Z', true],
    ['at the same hour in summer time', { 0: open(['08:00', '12:00']) }, '2030-07-01T06:00:00Z', true],
    ['in the minute it closes', { 0: open(['08:00', '12:00']) }, '2030-01-07T11:00:00Z', false],
    ['in the second of two slots', { 0: open(['08:00', '10:00'], ['14:00', '16:00']) }, '2030-01-07T14:00:00Z', true],
    ['on another day', { 0: open(['08:00', '12:00']) }, '2030-01-08T08:00:00Z', false],
    ['late in a slot past midnight', { 4: open(['22:00', '02:00']) }, '2030-01-11T22:30:00Z', true],
    ['early the morning after', { 4: open(['22:00', '02:00']) }, '2030-01-12T00:59:00Z', true],
    ['after the night', { 4: open(['22:00', '02:00']) }, '2030-01-12T01:00:00Z', false],
    ['the morning of the same day', { 4: open(['22:00', '02:00']) }, '2030-01-11T00:30:00Z', false],
    ['on Monday morning after Sunday night', { 6: open(['20:00', '01:00']) }, '2030-01-06T23:30:00Z', true],
    ['until midnight, written as 00:00', { 0: open(['18:00', '00:00']) }, '2030-01-07T22:59:00Z', true],
    ['after midnight, written as 00:00', { 0: open(['18:00', '00:00']) }, '2030-01-07T23:00:00Z', false],
    ['until midnight, written as 24:00', { 0: open(['18:00', '24:00']) }, '2030-01-07T22:59:00Z', true],
    ['all day', { 0: { ...closed, closed: false, allDay: true } }, '2030-01-07T22:59:00Z', true],
    ['all day, on the day after', { 0: { ...closed, closed: false, allDay: true } }, '2030-01-07T23:00:00Z', false],
    ['in the zone that a slot names', { 0: open(['08:00', '12:00', 'Europe/London']) }, '2030-01-07T07:30:00Z', false],
    [
      'with appointments alone and no hours',
      { 0: { ...closed, closed: false, appointmentOnly: true } },
      '2030-01-07T08:00:00Z',
      false,
    ],
  ])('knows %s', (_, days, instant, expected) => {
    expect(
      isOpenAt(
        { temporarilyClosed: false, openingHours: week(days) },
        { instantMs: Date.parse(instant), timeZone: 'Europe/Berlin' },
      ),
    ).toBe(expected);
  });

  it('is null without hours, and false while it is closed for a time', () => {
    const at = { instantMs: 0, timeZone: 'Europe/Berlin' };
    expect(isOpenAt({ temporarilyClosed: false, openingHours: null }, at)).toBeNull();
    expect(isOpenAt({ temporarilyClosed: true, openingHours: null }, at)).toBe(false);
  });
});

describe('moduleTitle', () => {
  it.each([
    ['housing', ['ar'], 'السكن'],
    ['housing', ['tr', 'de-DE'], 'Wohnungen'],
    ['housing', ['tr'], 'Housing'],
    ['housing', ['constructor'], 'Housing'],
    ['language-courses', ['de'], 'language-courses'],
    ['constructor', ['de'], 'constructor'],
  ])('of %s in %j is %s', (name, languages, title) => {
    expect(moduleTitle(name, languages)).toBe(title);
  });
});
