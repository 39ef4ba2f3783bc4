import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createProgram } from '../../cli/createProgram.ts';

const ROOT = join(import.meta.dirname, '..', '..');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-flags-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function files(texts: Record<string, string>): Promise<void> {
  await Promise.all(Object.entries(texts).map(([name, text]) => writeFile(join(directory, name), text)));
}

/** Runs the command as the program does; a file's name is printed without its folder. */
async function civigraph(...args: string[]): Promise<{ out: string; error: string; exitCode: number }> {
  const printed = { out: '', error: '', exitCode: 0 };
  await createProgram({
    root: ROOT,
    environment: { MUNICIPALITIES_DIR: directory },
    write: (text) => {
      printed.out += text.replaceAll(join(directory, '/'), '');
    },
    writeError: (text) => {
      printed.error += text.replaceAll(join(directory, '/'), '');
    },
    isTerminal: false,
    ask: undefined,
    setExitCode: (code) => {
      printed.exitCode = code;
    },
    onStopSignal: () => {},
  }).parseAsync(args, { from: 'user' });
  return printed;
}

const TOWNS = {
  '_defaults.yaml': 'modules:\n  events: true\n  housing: { enabled: true, flags: { contact: false } }\n',
  'a-town.yaml': 'name: A\nmodules:\n  events: false\n  news:\n    enabled: true\n  housing: true\n',
  'b-town.yaml': 'name: B\nmodules:\n  housing:\n    enabled: true\n    flags:\n      contact: true\n',
  'other-name.yaml': 'slug: c-town\nname: C\nmodules: { housing: { enabled: false, flags: { contact: true } } }\n',
  'd-town.yaml': 'name: D\nmodules: { housing: { enabled: true, flags: {} } }\n',
};

describe('civigraph flags list', () => {
  it('shows every municipality and flag, and how many have it on', async () => {
    await files(TOWNS);

    const { out, exitCode } = await civigraph('flags', 'list');

    expect(exitCode).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['municipality', 'events', 'locations', 'news', 'offers', 'apprenticeships', 'housing', 'housing.contact'],
      ['a-town', 'off', 'off', 'on', 'off', 'off', 'on', 'off'],
      ['b-town', 'on', 'off', 'off', 'off', 'off', 'on', 'on'],
      ['c-town', 'on', 'off', 'off', 'off', 'off', 'off', 'off'],
      ['d-town', 'on', 'off', 'off', 'off', 'off', 'on', 'off'],
      ['on in, of 4', '3', '0', '1', '0', '0', '3', '1'],
      [''],
    ]);
  });

  it('prints the same as JSON', async () => {
    await files(TOWNS);

    const { out } = await civigraph('flags', 'list', '--json');

    const list = JSON.parse(out) as { flags: unknown[]; municipalities: unknown[]; snapshot: string };
    expect(list.snapshot).toMatch(/^[0-9a-f]{16}$/);
    expect(list.flags).toContainEqual({ flag: 'housing.contact', on: 1, of: 4 });
    expect(list.municipalities[0]).toMatchObject({ slug: 'a-town', flags: { events: false, news: true } });
  });

  it('names what is wrong in the files, and fails', async () => {
    await files({ 'a.yaml': 'name: A\nmodules: { evnets: true }\n' });

    const { out, error, exitCode } = await civigraph('flags', 'list');

    expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 });
    expect(error).toBe('a.yaml:2:12 unknown key below "modules" "evnets"; did you mean "events"?\n');
  });
});

describe('civigraph flags explain', () => {
  it.each([
    ['a-town', 'events', 'off', 'STATIC', 'a-town.yaml:3:11', 'the municipality’s own file says so'],
    ['a-town', 'news', 'on', 'STATIC', 'a-town.yaml:5:14', 'the municipality’s own file says so'],
    ['a-town', 'housing', 'on', 'STATIC', 'a-town.yaml:6:12', 'the municipality’s own file says so'],
    [
      'a-town',
      'housing.contact',
      'off',
      'STATIC',
      '_defaults.yaml:3:47',
      '_defaults.yaml says so, the own file does not mention it',
    ],
    ['b-town', 'housing.contact', 'on', 'STATIC', 'b-town.yaml:6:16', 'the municipality’s own file says so'],
    [
      'b-town',
      'events',
      'on',
      'STATIC',
      '_defaults.yaml:2:11',
      '_defaults.yaml says so, the own file does not mention it',
    ],
    ['b-town', 'offers', 'off', 'DEFAULT', '-', 'no file mentions it, so it is off'],
    [
      'c-town',
      'housing.contact',
      'off',
      'STATIC',
      'other-name.yaml:3:32',
      'follows housing: the municipality’s own file says so',
    ],
    // An own entry that does not mention the part leaves it to the defaults.
    [
      'd-town',
      'housing.contact',
      'off',
      'STATIC',
      '_defaults.yaml:3:47',
      '_defaults.yaml says so, the own file does not mention it',
    ],
  ])('%s %s is %s', async (slug, flag, value, reason, place, because) => {
    await files(TOWNS);

    const { out, exitCode } = await civigraph('flags', 'explain', slug, flag);

    expect(exitCode).toBe(0);
    expect(out).toBe(`${[flag, value, reason, place, because].join('  ')}\n`);
  });

  it('explains all flags when none is named, as JSON too', async () => {
    await files(TOWNS);

    const { out } = await civigraph('flags', 'explain', 'c-town', '--json');

    const { municipality, flags } = JSON.parse(out) as { municipality: string; flags: { flag: string }[] };
    expect(municipality).toBe('c-town');
    expect(flags).toHaveLength(7);
    expect(flags.slice(-2)).toEqual([
      {
        flag: 'housing',
        enabled: false,
        reason: 'STATIC',
        decidedBy: 'housing',
        source: 'own',
        file: join(directory, 'other-name.yaml').replace(join(directory, '/'), ''),
        line: 3,
        column: 32,
      },
      expect.objectContaining({ flag: 'housing.contact', enabled: false, decidedBy: 'housing' }),
    ]);
    expect(flags).toContainEqual({
      flag: 'news',
      enabled: false,
      reason: 'DEFAULT',
      decidedBy: 'news',
      source: 'none',
    });
  });

  it('points at the word that is the value, for every flag of every file that comes with the program', async () => {
    const delivered = join(ROOT, 'municipalities');
    const { out } = await civigraph('flags', 'list', '--json', '--directory', delivered);
    const { municipalities } = JSON.parse(out) as {
      municipalities: { slug: string; flags: Record<string, boolean> }[];
    };
    expect(municipalities.length).toBeGreaterThan(40);
    for (const { slug, flags } of municipalities.slice(0, 8)) {
      const explained = await civigraph('flags', 'explain', slug, '--json', '--directory', delivered);
      const found = JSON.parse(explained.out) as {
        flags: { flag: string; enabled: boolean; file: string; line: number; column: number }[];
      };
      for (const { flag, enabled, file, line, column } of found.flags) {
        const text = (await readFile(file, 'utf8')).split('\n')[line - 1]?.slice(column - 1) ?? '';
        expect({ slug, flag, enabled }).toEqual({ slug, flag, enabled: flags[flag] });
        expect({ slug, flag, word: /^\w+/.exec(text)?.[0] }).toEqual({ slug, flag, word: String(enabled) });
      }
    }
  });

  it.each([
    [['a-twon'], 'no municipality has the slug "a-twon"; did you mean "a-town"?\n'],
    [['a-town', 'housng'], 'no module or part of one has the flag "housng"; did you mean "housing"?\n'],
    [
      ['a-town', 'housing.kontact'],
      'no module or part of one has the flag "housing.kontact"; did you mean "housing.contact"?\n',
    ],
  ])('fails for %j with the nearest name', async (args, message) => {
    await files(TOWNS);
    expect(await civigraph('flags', 'explain', ...args)).toEqual({ out: '', error: message, exitCode: 1 });
  });

  it('fails where there is no municipality at all', async () => {
    expect(await civigraph('flags', 'explain', 'a')).toEqual({
      out: '',
      error: 'no municipality has the slug "a"\n',
      exitCode: 1,
    });
  });
});
