import { describe, expect, it } from '@jest/globals';

import { foldText } from '../../../subgraphs/apprenticeships/foldText.ts';
import { createRemarks } from '../../../subgraphs/apprenticeships/normalise/Remarks.ts';
import { readLocation } from '../../../subgraphs/apprenticeships/normalise/readLocation.ts';
import { toGeoPoint } from '../../../subgraphs/apprenticeships/normalise/toGeoPoint.ts';
import { toGermanPostcode } from '../../../subgraphs/apprenticeships/normalise/toGermanPostcode.ts';
import { toHttpUrl } from '../../../subgraphs/apprenticeships/normalise/toHttpUrl.ts';
import { isUrl } from '../../../subgraphs/kit/scalars.ts';

describe('toHttpUrl', () => {
  it.each([
    ['https://example.org/stelle/1', 'https://example.org/stelle/1'],
    ['HTTP://EXAMPLE.org', 'http://example.org/'],
    [' https://example.org/a b ', 'https://example.org/a%20b'],
    ['https://example.org/?q=a|b^c`{d}', 'https://example.org/?q=a%7Cb%5Ec%60%7Bd%7D'],
    ['https://bücher.example/ö', 'https://xn--bcher-kva.example/%C3%B6'],
  ])('makes %j the link %s', (sent, expected) => {
    expect(toHttpUrl(sent)).toBe(expected);
    expect(isUrl(expected)).toBe(true);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://example.org/',
    'https://nutzer:geheim@example.org/',
    '//example.org/stelle',
    'stelle/1',
    'https://',
    `https://example.org/${'x'.repeat(2_000)}`,
  ])('D-12: makes no link of %j', (sent) => {
    expect(toHttpUrl(sent)).toBeUndefined();
  });
});

describe('toGermanPostcode', () => {
  it.each([
    ['86150', '86150'],
    [1067, '01067'],
    ['1067', '01067'],
    [' 04103 ', '04103'],
  ])('reads %j as %s', (sent, expected) => {
    expect(toGermanPostcode(sent)).toBe(expected);
  });

  it.each(['', '0', '00000', 0, '861500', '8615O', 'D-86150', null, undefined, -1067])('reads %j as none', (sent) => {
    expect(toGermanPostcode(sent)).toBeUndefined();
  });
});

describe('toGeoPoint', () => {
  it.each([
    ['48.36', '10.88', { latitude: 48.36, longitude: 10.88 }],
    [48.36, 10.88, { latitude: 48.36, longitude: 10.88 }],
    ['48,36', '10,88', { latitude: 48.36, longitude: 10.88 }],
    [-33.9, 0, { latitude: -33.9, longitude: 0 }],
  ])('reads %j and %j', (latitude, longitude, expected) => {
    expect(toGeoPoint(latitude, longitude)).toEqual(expected);
  });

  it.each([
    [0, 0],
    ['0', '0.0'],
    [91, 10],
    [48, 181],
    ['48.36', ''],
    [null, 10],
    ['0x30', '10'],
    ['1e1', '10'],
    [Number.NaN, 10],
    [Number.POSITIVE_INFINITY, 10],
  ])('reads %j and %j as no point', (latitude, longitude) => {
    expect(toGeoPoint(latitude, longitude)).toBeUndefined();
  });
});

describe('readLocation', () => {
  it.each([
    [null, undefined],
    ['', ''],
    [0, 0],
    ['0', '0'],
  ])('takes %j and %j for "not located" without a remark', (latitude, longitude) => {
    const remarks = createRemarks();

    expect(readLocation(remarks, latitude, longitude)).toBeNull();
    expect(remarks.all).toEqual([]);
  });

  it('remarks on what is no point', () => {
    const remarks = createRemarks();

    expect(readLocation(remarks, '4836.46', '10.88')).toBeNull();
    expect(remarks.all).toEqual(['location left empty: "4836.46, 10.88" is not a point on the earth']);
  });
});

describe('foldText', () => {
  it.each([
    ['Bäcker/in', 'backer/in'],
    ['STRASSENBAU', 'strassenbau'],
    ['Straßenbau', 'strassenbau'],
    ['  Neuburg   an der  Donau ', 'neuburg an der donau'],
    ['Łódź', 'łodz'],
  ])('folds %j to %j', (text, expected) => {
    expect(foldText(text)).toBe(expected);
  });
});
