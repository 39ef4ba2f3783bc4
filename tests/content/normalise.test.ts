import { describe, expect, it } from '@jest/globals';

import { judgeList } from '../../subgraphs/content/compare/judgeList.ts';
import { contentId } from '../../subgraphs/content/normalise/contentId.ts';
import { sortKeyOf, toExcerpt } from '../../subgraphs/content/normalise/plainText.ts';
import { sanitiseHtml } from '../../subgraphs/content/normalise/sanitiseHtml.ts';
import { toGeoPoint } from '../../subgraphs/content/normalise/toGeoPoint.ts';
import { toUrl } from '../../subgraphs/content/normalise/toUrl.ts';
import { normalisePath, toInstant } from '../../subgraphs/content/parse/cmsValues.ts';

const HOF = { latitude: 50.1, longitude: 11.5 };

describe('toGeoPoint', () => {
  it.each([
    ['sound ones stay', 48.37, 10.9, undefined, { latitude: 48.37, longitude: 10.9 }],
    ['swapped ones are put right', 13.4, 52.52, undefined, { latitude: 52.52, longitude: 13.4 }],
    ['swapped ones are put right near a known place', 11.5, 50.1, HOF, HOF],
    ['a far place stays when swapping brings it no nearer', 41.01, 28.98, HOF, { latitude: 41.01, longitude: 28.98 }],
    [
      'swapped beyond the poles',
      120.5,
      47.1,
      { latitude: 47.1, longitude: 120.5 },
      { latitude: 47.1, longitude: 120.5 },
    ],
    ['on no globe', 200, 95, undefined, null],
    ['zero and zero is nowhere', 0, 0, undefined, null],
    ['half a pair', 50.1, undefined, undefined, null],
  ])('%s', (_, latitude, longitude, near, expected) => {
    expect(toGeoPoint(latitude, longitude, near)).toEqual(expected);
  });
});

describe('sanitiseHtml', () => {
  it.each([
    ['scripts and their text', '<p>a<script>alert(1)</script></p>', '<p>a</p>'],
    ['handlers', '<p onclick="x()">a</p>', '<p>a</p>'],
    ['styles and classes', '<p style="x" class="y">a</p>', '<p>a</p>'],
    ['script links', '<a href="JaVaScRiPt:alert(1)">a</a>', '<a>a</a>'],
    ['links disguised by line breaks', '<a href="java\nscript:alert(1)">a</a>', '<a>a</a>'],
    ['data images', '<img src="data:image/svg+xml,x" alt="a">', '<img alt="a" />'],
    ['frames', '<iframe src="https://x.example.org">a</iframe>b', 'b'],
    ['drawings', '<svg><a xlink:href="javascript:x"><text>a</text></a></svg>b', 'b'],
    ['forms, but not their labels', '<form><label>a</label><input></form>', 'a'],
    ['comments', 'a<!-- b -->', 'a'],
    [
      'links to other hosts without a scheme',
      '<a href="//x.example.org/y">a</a>',
      '<a href="https://x.example.org/y">a</a>',
    ],
  ])('drops or mends %s', (_, html, expected) => {
    expect(sanitiseHtml(html, 'https://cms.example.org/hof/de/')).toBe(expected);
  });

  it.each([
    '<p dir="rtl" lang="ar">مرحبا</p>',
    '<h2>a</h2><ul><li>b</li></ul><ol start="3"><li>c</li></ol>',
    '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td colspan="2">b</td></tr></tbody></table>',
    '<details><summary>a</summary>b</details>',
    '<a href="mailto:a@example.org">a</a><a href="#b">b</a>',
    '<img src="https://cms.example.org/a.png" alt="Plan" />',
  ])('keeps %s', (html) => {
    expect(sanitiseHtml(html, 'https://cms.example.org/')).toBe(html);
  });

  it('keeps a new window from reaching the old one', () => {
    expect(sanitiseHtml('<a href="https://x.example.org/" target="_top">a</a>', null)).toBe(
      '<a href="https://x.example.org/" target="_blank" rel="noopener noreferrer">a</a>',
    );
  });
});

describe('texts', () => {
  it('of excerpts are decoded once, and keep their line breaks', () => {
    expect(toExcerpt('A &amp; B\r\n&lt;3 &nbsp;&auml; &amp;lt; <b>fett</b>')).toBe('A & B\r\n<3 \u00a0ä &lt; fett');
  });

  it('sort without regard to case and accents', () => {
    expect(['Zoo', 'ämter', 'Bad', 'Äpfel'].sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1))).toEqual([
      'ämter',
      'Äpfel',
      'Bad',
      'Zoo',
    ]);
  });

  it.each([
    ['https://cms.example.org/ar/الوصول/', 'https://cms.example.org/ar/الوصول/'],
    ['www.example.org/a', 'https://www.example.org/a'],
    ['/media/a b.png', 'https://cms.example.org/media/a%20b.png'],
    ['javascript:alert(1)', null],
    ['mailto:a@example.org', null],
    ['kein Link', null],
    ['', null],
  ])('that name a URL become absolute or nothing: %s', (text, expected) => {
    expect(toUrl(text, 'https://cms.example.org')).toBe(expected);
  });

  it.each([
    ['2029-06-01T10:00:00.123+02:00', '2029-06-01T08:00:00.123Z'],
    ['2029-06-01T08:00:00.123Z', '2029-06-01T08:00:00.123Z'],
    ['2029-06-01 08:00:00', '2029-06-01T08:00:00.000Z'],
    ['2029-06-01T10:00:00+0200', '2029-06-01T08:00:00.000Z'],
    ['2029-02-30T08:00:00Z', undefined],
    ['gestern', undefined],
    [1_700_000_000, undefined],
  ])('that name a time are read strictly: %s', (text, expected) => {
    expect(toInstant(text)?.toISOString()).toBe(expected);
  });

  it.each(['/hof/de/café/', 'hof/de/cafe\u0301', '/hof//de/caf%C3%A9/'])(
    'that name a path have one form: %s',
    (path) => {
      expect(normalisePath(path)).toBe('/hof/de/café/');
    },
  );

  it('give ids that differ by kind, municipality and path alone', () => {
    const id = contentId('page', 'hof', '/hof/de/a/');
    expect(contentId('page', 'hof', '/hof/de/a/')).toBe(id);
    expect(
      new Set([
        id,
        contentId('event', 'hof', '/hof/de/a/'),
        contentId('page', 'ulm', '/hof/de/a/'),
        contentId('page', 'hof', '/hof/de/b/'),
      ]).size,
    ).toBe(4);
  });
});

describe('judgeList', () => {
  const now = new Date('2030-01-08T00:00:00Z');
  it.each([
    ['nothing was stored before', 0, 0, undefined, 'trusted'],
    ['half is left', 10, 5, undefined, 'trusted'],
    ['less than half is left', 10, 4, undefined, 'quarantined'],
    ['nothing is left', 1, 0, undefined, 'quarantined'],
    ['it stays short for a day', 10, 4, '2030-01-07T00:00:00Z', 'trusted'],
    ['it is empty for a day', 10, 0, '2030-01-07T00:00:00Z', 'quarantined'],
    ['it is empty for a week', 10, 0, '2030-01-01T00:00:00Z', 'trusted'],
  ])('decides when %s', (_, expected, got, since, kind) => {
    const quarantinedSince = since === undefined ? undefined : new Date(since);
    expect(judgeList({ expected, got, quarantinedSince, now }).kind).toBe(kind);
  });
});
