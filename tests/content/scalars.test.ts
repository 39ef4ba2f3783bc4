import { describe, expect, it } from '@jest/globals';

import {
  CountryCodeScalar,
  DateScalar,
  DateTimeScalar,
  LanguageTagScalar,
  UrlScalar,
} from '../../subgraphs/kit/scalars.ts';

describe('scalars', () => {
  it.each([
    [
      'DateTime',
      DateTimeScalar,
      ['2030-01-31T18:00:00Z', '2030-01-31T18:00+01:00', '2028-02-29T00:00:00.123456Z'],
      [
        '2030-01-31',
        '2030-02-29T00:00:00Z',
        '2030-01-31T18:00:00',
        '2030-01-31T24:00:00Z',
        '2030-13-01T00:00:00Z',
        '2030-01-31 18:00:00Z',
        'now',
        '',
        5,
        null,
      ],
    ],
    [
      'Date',
      DateScalar,
      ['2030-01-31', '2028-02-29'],
      ['2030-02-29', '2030-1-31', '31.01.2030', '2030-01-31T00:00:00Z', '0000-00-00', 20300131],
    ],
    [
      'LanguageTag',
      LanguageTagScalar,
      ['de', 'de-DE', 'zh-Hans', 'ar-arb', 'x-private'],
      ['de_DE', '', '-de', 'de-', 'deutschsprachig', 5],
    ],
    ['CountryCode', CountryCodeScalar, ['DE', 'CH'], ['de', 'DEU', '', 'D1', 49]],
    [
      'URL',
      UrlScalar,
      ['https://example.org/', 'http://example.org/ä?b=c#d'],
      [
        'example.org',
        'ftp://example.org/',
        'javascript:alert(1)',
        'https://',
        'https://a b/',
        'https://example.org/"x',
        '/a',
      ],
    ],
  ])('%s takes what it is for and refuses the rest', (_, scalar, good, bad) => {
    for (const value of good) {
      expect(() => scalar.parseValue(value)).not.toThrow();
      expect(scalar.serialize(value)).toBe(value);
    }
    for (const value of bad) {
      expect(() => scalar.parseValue(value)).toThrow(scalar.name);
      expect(() => scalar.serialize(value)).toThrow(TypeError);
    }
  });

  it('DateTime arrives as an instant and leaves as one', () => {
    expect(DateTimeScalar.parseValue('2030-01-31T18:00:00+01:00')).toEqual(new Date('2030-01-31T17:00:00Z'));
    expect(DateTimeScalar.serialize(new Date('2030-01-31T17:00:00Z'))).toBe('2030-01-31T17:00:00.000Z');
    expect(() => DateTimeScalar.serialize(new Date('never'))).toThrow(TypeError);
  });
});
