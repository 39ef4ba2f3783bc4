import { describe, expect, it } from '@jest/globals';

import { dayIn, toCalendarDay } from '../../../subgraphs/apprenticeships/normalise/toCalendarDay.ts';

const timeZone = 'Europe/Berlin';

describe('toCalendarDay', () => {
  it.each([
    ['2027-09-01', '2027-09-01'],
    [' 2027-09-01 ', '2027-09-01'],
    ['01.09.2027', '2027-09-01'],
    ['1.9.2027', '2027-09-01'],
    ['29.02.2028', '2028-02-29'],
    ['2027-09-01T08:30:00', '2027-09-01'],
    ['2027-09-01T08:30:00.123', '2027-09-01'],
    ['2027-09-01 08:30', '2027-09-01'],
    ['2027-08-31T23:30:00Z', '2027-09-01'],
    ['2027-08-31T21:30:00Z', '2027-08-31'],
    ['2027-09-01T00:30:00+05:30', '2027-08-31'],
    ['2027-03-28T02:30:00', '2027-03-28'], // in the hour that daylight saving leaves out
  ])('reads %j as %s', (text, expected) => {
    expect(toCalendarDay(text, { timeZone })).toBe(expected);
  });

  it.each([
    '31.02.2027',
    '2027-02-31',
    '29.02.2027',
    '00.00.0000',
    '0000-00-00',
    '2027-13-01',
    '01.09.27',
    '9999-12-31',
    '1899-12-31',
    '46266',
    '1788220800000',
    'ab sofort',
    'NaN',
    'Invalid Date',
    '2027-09',
    '2027-02-31T08:00:00Z',
    '2027-09-01T99:99:00Z',
    '',
  ])('D-11: reads %j as no day', (text) => {
    expect(toCalendarDay(text, { timeZone })).toBeUndefined();
  });
});

describe('dayIn', () => {
  it('is the day that the clocks of the zone show', () => {
    const at = new Date('2027-12-31T23:30:00Z');

    expect(dayIn('Europe/Berlin', at)).toBe('2028-01-01');
    expect(dayIn('America/New_York', at)).toBe('2027-12-31');
  });
});
