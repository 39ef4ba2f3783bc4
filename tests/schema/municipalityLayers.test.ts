import { describe, expect, it } from '@jest/globals';

import { knownModules } from '../../schema/modules.ts';
import { buildSnapshot } from '../../schema/municipalities/buildSnapshot.ts';
import { createFlagIndex } from '../../schema/municipalities/FlagIndex.ts';
import { locateFlag } from '../../schema/municipalities/locateFlag.ts';
import { formatProblem } from '../../schema/municipalities/Municipality.ts';
import { type LayerCache, readLayers } from '../../schema/municipalities/readLayers.ts';
import { runAtOnce } from '../../schema/municipalities/slices.ts';

const index = createFlagIndex(knownModules(['events', 'housing', 'housing.contact', 'housing.pictures']));

function read(texts: Record<string, string>, cache: LayerCache = new Map()) {
  const files = Object.entries(texts).map(([file, text]) => ({ file, text }));
  return { files, reading: runAtOnce(readLayers(files, { index, cache })) };
}

/** The snapshot at an instant, with what locates its flags. */
function snapshotOf(texts: Record<string, string>, now = '2027-01-15T12:00:00Z') {
  const { files, reading } = read(texts);
  if (reading.kind === 'refused') {
    throw new Error(reading.problems.map(formatProblem).join('\n'));
  }
  const provided = undefined;
  const snapshot = runAtOnce(buildSnapshot(reading.value, { now: Date.parse(now), provided }));
  const sources = { layers: reading.value, provided, snapshot, files };
  return {
    snapshot,
    nextSwitchAt: snapshot.nextSwitchAt,
    of: (slug: string) => snapshot.municipalities.get(slug),
    isOn: (slug: string, flag: string) => snapshot.municipalities.get(slug)?.modules.isOn(flag),
    origin: (slug: string, flag: string) => locateFlag(sources, { slug, flag }),
  };
}

function problemsOf(texts: Record<string, string>): string[] {
  const { reading } = read(texts);
  return reading.kind === 'read' ? [] : reading.problems.map(formatProblem);
}

const FEDERAL = {
  'm/_defaults.yaml': 'modules: { events: true, apprenticeships: { enabled: true, radiusKm: 25 } }\n',
  'm/profiles/de.yaml':
    'country: DE\nlanguages: [de, en]\nmodules: { housing: { enabled: true, flags: { contact: false } } }\n',
  'm/profiles/by.yaml':
    'extends: de\nmodules:\n  events: false\n  apprenticeships: { radiusKm: 40, sources: [sprungbrett] }\n',
  'm/a.yaml': 'name: A\nextends: by\n',
  'm/b.yaml':
    'name: B\nextends: by\nlanguages: [de, no]\nmodules:\n  events: true\n  apprenticeships: { radiusKm: 10 }\n  housing: { flags: { pictures: false } }\n',
  'm/c.yaml': 'name: C\n',
};

describe('profiles', () => {
  it('hold where the own file says nothing, the nearest first, then the defaults', () => {
    const { isOn, of } = snapshotOf(FEDERAL);

    expect([isOn('a', 'events'), isOn('a', 'housing'), isOn('a', 'housing.contact')]).toEqual([false, true, false]);
    expect([isOn('b', 'events'), isOn('b', 'housing'), isOn('b', 'housing.pictures')]).toEqual([true, true, false]);
    expect([isOn('c', 'events'), isOn('c', 'housing'), isOn('c', 'apprenticeships')]).toEqual([true, false, true]);
    expect([of('a')?.languages, of('b')?.languages, of('c')?.languages]).toEqual([['de', 'en'], ['de', 'no'], []]);
  });

  it('give a part that the own file does not mention, even when it mentions the module', () => {
    expect(snapshotOf(FEDERAL).isOn('b', 'housing.contact')).toBe(false);
  });

  it('give options key by key', () => {
    const { of } = snapshotOf(FEDERAL);
    const options = (slug: string) => of(slug)?.modules.get('apprenticeships')?.options;
    expect(options('a')).toEqual({ radiusKm: 40, sources: ['sprungbrett'] });
    expect(options('b')).toEqual({ radiusKm: 10, sources: ['sprungbrett'] });
    expect(options('c')).toEqual({ radiusKm: 25 });
  });

  it('are named as the origin of a value, with line and column', () => {
    const { origin } = snapshotOf(FEDERAL);
    expect(origin('a', 'events')).toEqual({
      decidedBy: 'events',
      reason: 'STATIC',
      source: 'profile',
      file: 'm/profiles/by.yaml',
      line: 3,
      column: 11,
    });
    expect(origin('b', 'housing.contact')).toMatchObject({ file: 'm/profiles/de.yaml', line: 3, column: 56 });
    expect(origin('a', 'housing.pictures')).toMatchObject({ decidedBy: 'housing', file: 'm/profiles/de.yaml' });
    expect(origin('c', 'housing')).toEqual({ decidedBy: 'housing', reason: 'DEFAULT', source: 'none' });
  });

  it('give the same snapshot whatever the order of the files', () => {
    const reversed = Object.fromEntries(Object.entries(FEDERAL).reverse());
    expect(snapshotOf(reversed).snapshot.id).toBe(snapshotOf(FEDERAL).snapshot.id);
  });

  it.each([
    [
      'a profile that is not there',
      { 'm/a.yaml': 'name: A\nextends: byern\n', 'm/profiles/bayern.yaml': '' },
      ['m/a.yaml:2:10 no profile is called "byern"; did you mean "bayern"?'],
    ],
    [
      'a profile where there is none at all',
      { 'm/a.yaml': 'name: A\nextends: x\n' },
      ['m/a.yaml:2:10 no profile is called "x"; profiles/ holds none'],
    ],
    [
      'profiles in a circle, once',
      {
        'm/a.yaml': 'name: A\nextends: one\n',
        'm/profiles/one.yaml': 'extends: two\n',
        'm/profiles/two.yaml': 'modules: {}\nextends: three\n',
        'm/profiles/three.yaml': 'extends: one\n',
      },
      ['m/profiles/three.yaml:1:10 profiles extend each other in a circle: one -> two -> three -> one'],
    ],
    [
      'a profile that extends itself',
      { 'm/profiles/one.yaml': 'extends: one\n' },
      ['m/profiles/one.yaml:1:10 profiles extend each other in a circle: one -> one'],
    ],
    [
      'too long a chain, once',
      Object.fromEntries(
        Array.from({ length: 12 }, (_, n) => [`m/profiles/p${n}.yaml`, n === 0 ? '' : `extends: p${n - 1}\n`]),
      ),
      ['m/profiles/p8.yaml:1:10 more than 8 profiles extend one another'],
    ],
    [
      'a mistake in a profile, but not also everybody who extends it',
      { 'm/a.yaml': 'name: A\nextends: p\n', 'm/profiles/p.yaml': 'modules: { evnets: true }\n' },
      ['m/profiles/p.yaml:1:12 unknown key below "modules" "evnets"; did you mean "events"?'],
    ],
    [
      'what only a municipality has',
      { 'm/profiles/p.yaml': 'name: P\n' },
      ['m/profiles/p.yaml:1:1 unknown key "name"; valid are extends, country, timeZone, languages, changedBy, modules'],
    ],
    [
      'the same profile with two endings',
      { 'm/profiles/p.yaml': '', 'm/profiles/p.yml': '' },
      ['m/profiles/p.yml:1:1 the profile "p" is in m/profiles/p.yaml already'],
    ],
  ])('refuse %s', (_what, texts, expected) => {
    expect(problemsOf(texts as Record<string, string>)).toEqual(expected);
  });
});

describe('a file that has not changed', () => {
  it('is not read again', () => {
    const cache: LayerCache = new Map();
    const chainOf = (texts: Record<string, string>, slug: string) => {
      const { reading } = read(texts, cache);
      return reading.kind === 'read' ? reading.value.municipalities.get(slug)?.chain : undefined;
    };
    const before = chainOf(FEDERAL, 'a');
    const after = chainOf({ ...FEDERAL, 'm/b.yaml': 'name: B\n' }, 'a');
    expect(after?.map((layer, n) => layer === before?.[n])).toEqual([true, true, true, true]);
    const { 'm/c.yaml': _, ...rest } = FEDERAL;
    expect(chainOf(rest, 'c')).toBeUndefined();
    expect(cache.has('m/c.yaml')).toBe(false);
  });
});

describe('dates', () => {
  const file = (entry: string, zone = 'Europe/Berlin') => ({
    'a.yaml': `name: A\ntimeZone: ${zone}\nmodules:\n  housing: ${entry}\n`,
  });
  const at = (entry: string, now: string, zone?: string) => snapshotOf(file(entry, zone), now);

  it('switch at the first minute of the day and after the last, by the clock of the municipality', () => {
    const entry = '{ enabled: true, from: 2027-03-01, until: 2027-06-30 }';
    const isOn = (now: string) => at(entry, now).isOn('a', 'housing');
    expect(isOn('2027-02-28T22:59:59Z')).toBe(false);
    expect(isOn('2027-02-28T23:00:00Z')).toBe(true); // 1 March, 00:00 in Berlin
    expect(isOn('2027-06-30T21:59:59Z')).toBe(true);
    expect(isOn('2027-06-30T22:00:00Z')).toBe(false); // 1 July, 00:00 in Berlin
  });

  it('switch at a minute', () => {
    const entry = '{ enabled: false, from: 2027-03-01T08:00, until: 2027-03-01T17:30 }';
    const isOn = (now: string) => at(entry, now, 'America/St_Johns').isOn('a', 'housing');
    expect(isOn('2027-03-01T11:29:59Z')).toBe(true);
    expect(isOn('2027-03-01T11:30:00Z')).toBe(false); // 08:00 at UTC-3:30
    expect(isOn('2027-03-01T20:59:59Z')).toBe(false);
    expect(isOn('2027-03-01T21:00:00Z')).toBe(true);
  });

  it('tell the reason, since when and until when the module is as it is, and what comes next', () => {
    const entry = '{ enabled: true, from: 2027-03-01, until: 2027-06-30 }';
    const [begin, end] = [new Date('2027-02-28T23:00:00Z'), new Date('2027-06-30T22:00:00Z')];
    const module = (now: string) => at(entry, now).of('a')?.modules.get('housing');
    expect(module('2027-01-01T00:00:00Z')).toMatchObject({
      enabled: false,
      reason: 'TARGETING_MATCH',
      since: undefined,
      until: begin,
    });
    expect(module('2027-04-01T00:00:00Z')).toMatchObject({
      enabled: true,
      reason: 'TARGETING_MATCH',
      since: begin,
      until: end,
    });
    expect(module('2027-08-01T00:00:00Z')).toMatchObject({ enabled: false, since: end, until: undefined });
    expect(at(entry, '2027-01-01T00:00:00Z').nextSwitchAt).toEqual(begin);
    expect(at(entry, '2027-04-01T00:00:00Z').nextSwitchAt).toEqual(end);
    expect(at(entry, '2027-08-01T00:00:00Z').nextSwitchAt).toBeUndefined();
    expect(at(entry, '2027-04-01T00:00:00Z').origin('a', 'housing')).toMatchObject({
      line: 4,
      column: 23,
      since: begin,
      until: end,
    });
  });

  it('hold for parts, which stay off while the module is', () => {
    const entry = '{ enabled: true, from: 2027-03-01, flags: { contact: { enabled: true, until: 2027-03-10 } } }';
    const isOn = (now: string) => at(entry, now).isOn('a', 'housing.contact');
    expect([isOn('2027-02-01T00:00:00Z'), isOn('2027-03-05T00:00:00Z'), isOn('2027-03-11T00:00:00Z')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('count a time that the clock leaves out by the clock before the change, and one that comes twice the first time', () => {
    const begins = (from: string, zone?: string) =>
      new Date(at(`{ enabled: true, from: ${from} }`, '2020-01-01T00:00:00Z', zone).nextSwitchAt ?? 0).toISOString();
    expect(begins('2027-03-28T02:30')).toBe('2027-03-28T01:30:00.000Z'); // 03:30 of the new clock
    expect(begins('2027-10-31T02:30')).toBe('2027-10-31T00:30:00.000Z'); // the first 02:30
    // Beirut puts its clock forward at midnight: the day begins at 01:00.
    expect(begins('2027-03-28', 'Asia/Beirut')).toBe('2027-03-27T22:00:00.000Z');
  });

  it.each([
    [
      '{ enabled: true, from: 2027-02-30 }',
      'a.yaml:4:35 "modules.housing.from": expected a day, such as 2027-03-01, or a minute, such as 2027-03-01T08:00',
    ],
    ['{ enabled: true, until: tomorrow }', 'a.yaml:4:36 "modules.housing.until": expected a day'],
    ['{ enabled: true, from: 2027-03-01T08:00:30 }', 'a.yaml:4:35 "modules.housing.from": expected a day'],
    [
      '{ enabled: true, from: 2027-03-02, until: 2027-03-01 }',
      'a.yaml:4:54 "modules.housing.until": expected to lie after "from" (2027-03-02)',
    ],
    ['{ from: 2027-03-02 }', 'a.yaml:4:20 "modules.housing.from": needs "enabled" beside it'],
    [
      '{ enabled: true, flags: { contact: { from: 2027-03-02 } } }',
      '"modules.housing.flags.contact.enabled" is missing',
    ],
  ])('refuse %s', (entry, expected) => {
    expect(problemsOf(file(entry)).join('\n')).toContain(expected);
  });

  it('may be one day', () => {
    expect(problemsOf(file('{ enabled: true, from: 2027-03-01, until: 2027-03-01 }'))).toEqual([]);
  });
});
