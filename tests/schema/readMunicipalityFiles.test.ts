import { describe, expect, it } from '@jest/globals';
import { knownModules } from '../../schema/modules.ts';
import { isFlagEnabled } from '../../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';

const modules = knownModules(['events', 'housing', 'housing.contact', 'language-courses']);
const loadedAt = new Date('2026-11-01T08:00:00Z');

function read(files: Record<string, string>) {
  return readMunicipalityFiles(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    { modules, loadedAt },
  );
}

function problemsOf(files: Record<string, string>): string[] {
  const reading = read(files);
  return reading.kind === 'read'
    ? []
    : reading.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
}

describe('readMunicipalityFiles', () => {
  it('takes the slug from the file, the rest from the file and the defaults', () => {
    const reading = read({
      'm/_defaults.yaml': 'country: AT\ntimeZone: Europe/Vienna\nmodules: { events: true }\n',
      'm/lech.yaml':
        'name: Gemeinde Lech\npostcode: "6764"\nmodules:\n  housing: { enabled: true, flags: { contact: false } }\n',
    });

    expect(reading.kind).toBe('read');
    if (reading.kind !== 'read') return;
    const lech = reading.value.municipalities.get('lech');
    expect(lech).toMatchObject({
      slug: 'lech',
      name: 'Gemeinde Lech',
      country: 'AT',
      timeZone: 'Europe/Vienna',
      cmsRegion: 'lech',
    });
    expect(isFlagEnabled(reading.value, 'lech', 'events')).toBe(true);
    expect(isFlagEnabled(reading.value, 'lech', 'housing')).toBe(true);
    expect(isFlagEnabled(reading.value, 'lech', 'housing.contact')).toBe(false);
    expect(isFlagEnabled(reading.value, 'lech', 'apprenticeships')).toBe(false);
    expect(isFlagEnabled(reading.value, 'nowhere', 'events')).toBe(false);
    expect(isFlagEnabled(reading.value, 'lech', 'constructor')).toBe(false);
    expect([...(lech?.modules.keys() ?? [])]).toContain('language-courses');
  });

  it('gives equal snapshots the same id whatever the form of the files', () => {
    const a = read({ 'a.yaml': 'name: A\nmodules: { events: true, housing: false }\n' });
    const b = read({ 'a.yaml': 'modules:\n  housing: { enabled: false }\n  events: true\nname: "A"\n' });
    const c = read({ 'a.yaml': 'name: A\nmodules: { events: true, housing: true }\n' });

    expect(a.kind === 'read' && b.kind === 'read' && c.kind === 'read').toBe(true);
    if (a.kind !== 'read' || b.kind !== 'read' || c.kind !== 'read') return;
    expect(a.value.id).toBe(b.value.id);
    expect(a.value.id).not.toBe(c.value.id);
  });

  it.each([
    [
      'an unknown module (C-02)',
      'name: A\nmodules:\n  housng: true\n',
      'a.yaml:3:3 unknown key below "modules" "housng"; did you mean "housing"?',
    ],
    [
      'an unknown key (C-02)',
      'name: A\npostcod: "12345"\n',
      'a.yaml:2:1 unknown key "postcod"; did you mean "postcode"?',
    ],
    [
      'an unknown option of a module',
      'name: A\nmodules:\n  housing: { enabled: true, flag: {} }\n',
      'a.yaml:3:29 unknown key below "modules.housing" "flag"; did you mean "flags"?',
    ],
    [
      'a misspelt option of a module',
      'name: A\nmodules:\n  housing: { enabled: true, moderator: a@example.org }\n',
      'a.yaml:3:29 unknown key below "modules.housing" "moderator"; did you mean "moderation"?',
    ],
    [
      'a moderator without an address',
      'name: A\nmodules:\n  housing: { enabled: true, moderation: true }\n',
      'a.yaml:3:41 "modules.housing.moderation": expected',
    ],
    [
      'two moderators',
      'name: A\nmodules:\n  housing: { moderation: "a@example.org, b@example.org" }\n',
      'a.yaml:3:26 "modules.housing.moderation": expected',
    ],
    [
      'an unknown part of a module (C-02)',
      'name: A\nmodules:\n  housing: { enabled: true, flags: { contct: false } }\n',
      'a.yaml:3:38 unknown key below "modules.housing.flags" "contct"; did you mean "contact"?',
    ],
    ['a tab (C-01)', 'name: A\nmodules:\n\thousing: true\n', 'a.yaml:3:1 Tabs are not allowed as indentation'],
    [
      'a key that stands twice (C-03)',
      'name: A\nmodules:\n  events: true\n  events: false\n',
      'a.yaml:4:3 Map keys must be unique',
    ],
    [
      'a wrong type',
      'name: A\nmodules:\n  events: "yes"\n',
      'a.yaml:3:11 "modules.events": expected boolean or object, got "yes"',
    ],
    ['an AGS without quotes (C-06)', 'name: A\nags: 09761000\n', 'a.yaml:2:6 "ags": expected string, received number'],
    ['a slug that is a number (C-06)', 'name: A\nslug: 0123\n', 'a.yaml:2:7 "slug": expected string, received number'],
    [
      'a slug that is a power of ten (C-06)',
      'name: A\nslug: 1e3\n',
      'a.yaml:2:7 "slug": expected string, received number',
    ],
    ['a slug that is a time of day (C-06)', 'name: A\nslug: 12:30\n', 'a.yaml:2:7 "slug": '],
    [
      'a slug that is a boolean (C-06)',
      'name: A\nslug: true\n',
      'a.yaml:2:7 "slug": expected string, received boolean',
    ],
    ['a missing name', 'postcode: "12345"\n', 'a.yaml:1:1 "name" is missing'],
    [
      'a coordinate out of range',
      'name: A\nlocation: { latitude: 480, longitude: 10 }\n',
      'a.yaml:2:23 "location.latitude": too big: expected number to be <=90',
    ],
    [
      'an unknown time zone',
      'name: A\ntimeZone: Europe/Berln\n',
      'a.yaml:2:11 "timeZone": expected an IANA time zone, such as Europe/Berlin',
    ],
    ['a custom tag (C-05)', 'name: !!js/function "x"\n', 'a.yaml:1:7 Unresolved tag: tag:yaml.org,2002:js/function'],
    ['a tag of our own (C-05)', 'name: !mine A\n', 'a.yaml:1:7 Unresolved tag: !mine'],
    ['binary text (C-05)', 'name: !!binary SGFsbG8=\n', '"name": expected string, received Buffer'],
    ['a merge key (C-05)', 'name: A\n<<: { __proto__: { hidden: true } }\n', 'a.yaml:2:1 unknown key "<<"'],
    ['an empty file (C-07)', '', 'a.yaml:1:1 "name" is missing'],
  ])('refuses %s with line and column', (_what, text, expected) => {
    expect(problemsOf({ 'a.yaml': text }).join('\n')).toContain(expected);
  });

  it('refuses an anchor bomb (C-04)', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...[...'bcdefgh'].map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[i]}`)}]`),
    ];
    expect(problemsOf({ 'a.yaml': `${bomb.join('\n')}\n` })[0]).toContain('Excessive alias count');
  });

  it('names both files when a slug stands twice (C-03)', () => {
    expect(problemsOf({ 'm/a.yaml': 'name: A\n', 'm/b.yaml': 'name: B\nslug: a\n' })).toEqual([
      'm/b.yaml:2:7 the slug "a" is taken by m/a.yaml; every municipality needs its own',
    ]);
  });

  it('names both files when an AGS stands twice (C-03)', () => {
    expect(
      problemsOf({
        'm/a.yaml': 'name: A\nags: "09761000"\n',
        'm/b.yaml': 'name: B\nmodules: {}\nags: "09761000"\n',
        'm/c.yaml': 'name: C\n',
      }),
    ).toEqual(['m/b.yaml:3:6 "ags": "09761000" is that of m/a.yaml; every municipality has its own']);
  });

  it('lists the problems of all files at once', () => {
    expect(problemsOf({ 'a.yaml': 'nam: A\n', 'b.yaml': 'name: B\nmodules: { hosing: true }\n' })).toHaveLength(3);
  });

  it('keeps text that YAML 1.1 took for booleans and numbers (C-06)', () => {
    const reading = read({ 'no.yaml': 'name: no\npostcode: "0123"\nmodules: {}\n' });
    expect(reading.kind === 'read' && reading.value.municipalities.get('no')?.name).toBe('no');
  });

  it.each(['no', 'on', 'off', 'yes', 'y', 'n'])(
    'takes the slug %s for text, and Norwegian for a language (C-06)',
    (slug) => {
      const reading = read({ 'a.yaml': `name: A\nslug: ${slug}\n`, '_defaults.yaml': 'languages: [de, no]\n' });
      expect(reading.kind === 'read' && reading.value.municipalities.get(slug)?.languages).toEqual(['de', 'no']);
      expect(problemsOf({ 'a.yaml': `name: A\nmodules: { housing: ${slug} }\n` })).not.toEqual([]);
    },
  );

  it('leaves the prototype alone when a key is called __proto__ (C-05)', () => {
    expect(problemsOf({ 'a.yaml': 'name: A\nmodules: { __proto__: { enabled: true } }\n' })).not.toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).enabled).toBeUndefined();
  });
});
