import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument } from 'yaml';

import { readPlainYaml } from '../../schema/municipalities/readPlainYaml.ts';

/** What the parser makes of a text: its content, or that it refuses it. */
function parse(text: string): unknown {
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true });
  const isRefused = document.errors.length + document.warnings.length > 0;
  return isRefused ? 'refused' : (document.toJS({ maxAliasCount: 100 }) ?? {});
}

const PLAIN = [
  '# yaml-language-server: $schema=./schema.json\nname: Stadt Augsburg\nprefix: Stadt\nags: "09761000"\nnuts3: DE271\n',
  'name: \'Neuburg a. d. Donau\'\nlocation: { latitude: 48.3673, longitude: -10.8921 }\nlanguages: [de, no, "zh-Hans"]\n',
  'name: Halle (Saale) # on the river\nmodules:\n  events: true\n  housing: { enabled: true, from: 2027-03-01, flags: { contact: false } }\n',
  'modules:\n  housing:\n    enabled: true\n    until: 2027-03-01T08:00\n\n  # two further ones\n  news: false\n  offers: {}\nhidden: false\n',
];

const PIECES = fc.constantFrom(
  ...[
    '\n',
    '\n ',
    '\n  ',
    '\n    ',
    '\r\n',
    '\r',
    '\t',
    ' ',
    ':',
    ': ',
    ',',
    ', ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '#',
    ' #',
  ],
  ...[
    'a',
    'b',
    'x y',
    '(z)',
    'ß ',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u0007',
    '\u{1f600}',
    '-',
    '- ',
    '+',
    '_',
    '/',
    '.',
    '\\',
  ],
  ...[
    'true',
    'False',
    'null',
    '~',
    '0',
    '1',
    '.5',
    '1e3',
    '0x1f',
    '012',
    '.inf',
    '12:30',
    '2027-03-01',
    'T08:00',
    'no',
    'on',
  ],
  ...['&x ', '*x', '!!str ', '|', '>', '? ', '<<: ', '---', '...', '%', '@', '`', '__proto__: ', 'constructor: '],
  ...['a: ', 'b: ', '  c: ', 'null: ', 'a: {', 'b: [', '"a": '],
);

/** Whatever the reader takes has the content that the parser finds in it, in the same order. */
function check(text: string): void {
  const content = readPlainYaml(text);
  if (content !== undefined) {
    expect(JSON.stringify(content)).toBe(JSON.stringify(parse(text)));
  }
}

describe('readPlainYaml', () => {
  it.each(PLAIN)('reads %j', (text) => {
    expect(readPlainYaml(text)).toEqual(parse(text));
    expect(readPlainYaml(text.replaceAll('\n', '\r\n'))).toEqual(parse(text));
  });

  it.each([
    ...[
      'a: 1\na: 2',
      'a:\nb: 1',
      'a: b\n  c',
      'a: &x 1\nb: *x',
      'a: !!binary x',
      '<<: { b: 1 }',
      '__proto__: { b: 1 }',
    ],
    ...[
      'a:\n- b',
      'a: |\n  b',
      'a: True',
      'a: null',
      'a: 0123',
      'a: 1e3',
      'a: b: c',
      'a: { b: 1',
      '\ta: 1',
      '"a": 1',
      '{}',
    ],
    ...['a: "\\n"', 'a: { b:1 }', 'a: [1,]', 'true: 1', ' a: 1', `a: ${'['.repeat(100)}`],
  ])('leaves %j to the parser', (text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });

  it('reads no text that is put together at random otherwise than the parser does', () => {
    fc.assert(
      fc.property(fc.array(PIECES, { maxLength: 14 }), (pieces) => check(pieces.join(''))),
      { numRuns: 3_000 },
    );
  });

  it('reads no file in which something was changed otherwise than the parser does', () => {
    const edit = fc.tuple(fc.nat(300), fc.nat(4), PIECES);
    fc.assert(
      fc.property(fc.constantFrom(...PLAIN), fc.array(edit, { minLength: 1, maxLength: 3 }), (file, edits) => {
        check(
          edits.reduce((text, [at, removed, piece]) => {
            const place = at % (text.length + 1);
            return text.slice(0, place) + piece + text.slice(place + removed);
          }, file),
        );
      }),
      { numRuns: 3_000 },
    );
  });
});
