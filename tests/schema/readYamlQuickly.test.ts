import { isDeepStrictEqual } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument } from 'yaml';

import { readYamlQuickly } from '../../schema/municipalities/readYamlQuickly.ts';

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
  ...['a: ', 'b: ', '  c: ', 'null: ', 'a: {', 'b: [', '"a": ', '\nk1: ', '\n  k2: ', '{ c: ', ' }', ' ]', '[x, '],
  ...['1: ', '1.0: ', '~: ', ': ', '[]: ', '\n- ', '\nk3: "', '\nk4: {', `${'k'.repeat(1030)}: `],
  ...['1_000', '0o17', '0b11', '-0x1f', '+1', '-0', '-0.0', '5.', '1e400', '-.Inf', '.nan', '9'.repeat(310)],
);

/** Whatever the reader takes has the content that the parser finds in it, in the same order. */
function check(text: string): void {
  const content = readYamlQuickly(text);
  if (typeof content === 'object') {
    const parsed = parse(text);
    expect(JSON.stringify(content)).toBe(JSON.stringify(parsed));
    // Not `toStrictEqual`, which takes a key named `constructor` for the type of its object.
    expect(isDeepStrictEqual(content, parsed)).toBe(true);
  }
}

describe('readYamlQuickly', () => {
  it.each(PLAIN)('reads %j', (text) => {
    expect(readYamlQuickly(text)).toEqual(parse(text));
    expect(readYamlQuickly(text.replaceAll('\n', '\r\n'))).toEqual(parse(text));
  });

  it.each([
    ...[
      'a: 1\na: 2',
      'a: &x 1\nb: *x',
      'a: !!binary x',
      'a: |\n  b',
      'a: @b',
      '? a',
      '%YAML 1.1\n---\na: 1',
      '---\na: 1',
    ],
    ...[
      '<<: { b: 1 }',
      '__proto__: { b: 1 }',
      'a: { __proto__: 1 }',
      'true: 1',
      '1: a',
      'a: { ~: 1 }',
      'a: { b, : 1 }',
      'a: { b: 1, { c } }',
      'a: { [c] }',
    ],
    ...['a: 0b11', 'a: -0x1f', 'a: +1', 'a: -0', 'a: -0.0', 'a: .inf', 'a: 1e400', `a: ${'9'.repeat(310)}`],
    ...['a: b\n  c', 'a: "b\n  c"', 'a: {\n  b: 1 }', 'a: { b: 1\n}', 'a: { b: 1', `${'k'.repeat(1_030)}: 1`],
    ...['\ta: 1', 'a:\u00a0b', '\ufeffa: 1', 'a: 1\rb: 2', 'a: "\\n"', 'a: {}#b', `a: ${'['.repeat(100)}`],
  ])('leaves %j to the parser', (text) => {
    expect(readYamlQuickly(text)).toBeUndefined();
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
