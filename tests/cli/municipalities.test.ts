import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Printed, runCivigraph } from './support/runCivigraph.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-cli-'));
  await mkdir(join(directory, 'profiles'));
  await writeFile(join(directory, 'profiles', 'bavaria.yaml'), 'modules: { events: true }\n');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const civigraph = (...args: string[]) => runCivigraph(directory, args);

describe('civigraph municipalities add', () => {
  it('writes a valid file with comments from options', async () => {
    const added = await civigraph(
      ...['municipalities', 'add', 'neu-musterstadt', '--name', 'Stadt "Neu": Musterstadt', '--prefix', 'Stadt'],
      ...['--ags', '01234567', '--postcode', '01234', '--latitude', '48.5', '--longitude', '-10.25'],
      ...['--extends', 'bavaria', '--enable', 'news', 'housing', '--disable', 'offers'],
    );

    expect(added).toEqual({ out: 'neu-musterstadt.yaml was written\n', error: '', exitCode: 0 });
    const text = await readFile(join(directory, 'neu-musterstadt.yaml'), 'utf8');
    expect(text).toContain('# yaml-language-server: $schema=./schema.json\n');
    expect(text).toContain('name: "Stadt \\"Neu\\": Musterstadt"\n');
    expect(text).toContain('modules:\n  news: true\n  housing: true\n  offers: false\n#  events: true\n');
    expect((await civigraph('municipalities', 'validate')).out).toMatch(/^1 municipalities are valid/);
    const { out } = await civigraph('flags', 'list', '--json');
    expect(JSON.parse(out).municipalities).toEqual([
      {
        slug: 'neu-musterstadt',
        flags: expect.objectContaining({ events: true, news: true, housing: true, offers: false }),
      },
    ]);
  });

  it('asks for what the options leave out when somebody sits there', async () => {
    const asked: string[] = [];
    const answers = ['Stadt Musterstadt', '', '09761000', '', 'bavaria'];
    const ask = async (question: string) => {
      asked.push(question);
      return ` ${answers[asked.length - 1]} `;
    };

    const { exitCode } = await runCivigraph(directory, ['municipalities', 'add', 'muster'], { ask });

    expect({ exitCode, asked: asked.length }).toEqual({ exitCode: 0, asked: 5 });
    const text = await readFile(join(directory, 'muster.yaml'), 'utf8');
    expect(text).toContain('name: "Stadt Musterstadt"\n# prefix: Stadt\n');
    expect(text).toContain('ags: "09761000"\n# postcode: "86150"\n');
    expect(text).toContain('extends: "bavaria"\n');
  });

  it('never touches a municipality that exists, under whatever file name', async () => {
    await writeFile(join(directory, 'a.yaml'), 'name: A\n');
    await writeFile(join(directory, 'other.yml'), 'name: B\nslug: b\n');

    for (const slug of ['a', 'b']) {
      expect(await civigraph('municipalities', 'add', slug, '--name', 'X')).toEqual({
        out: '',
        error: `the municipality "${slug}" exists already; its file was not touched\n`,
        exitCode: 1,
      });
    }
    expect(await readFile(join(directory, 'a.yaml'), 'utf8')).toBe('name: A\n');
  });

  it.each([
    [['--name', 'X', '--ags', '12'], 'new.yaml:6:6 "ags": expected 8 digits'],
    [['--name', 'X', '--extends', 'bavarai'], 'new.yaml:10:10 no profile is called "bavarai"; did you mean "bavaria"?'],
    [
      ['--name', 'X', '--enable', 'housng'],
      'new.yaml:13:3 unknown key below "modules" "housng"; did you mean "housing"?',
    ],
    [['--name', 'X', '--latitude', '48'], 'new.yaml:8:11 "location.longitude" is missing'],
    [[], '"name" is missing'],
  ])('writes nothing that would not be valid: %j', async (options, message) => {
    const { error, exitCode } = await civigraph('municipalities', 'add', 'new', ...options);

    expect(exitCode).toBe(1);
    expect(error).toContain('Nothing was written:\n');
    expect(error).toContain(message);
    await expect(readFile(join(directory, 'new.yaml'))).rejects.toThrow('ENOENT');
  });
});

describe('civigraph municipalities validate --watch', () => {
  it('checks again after every change, until it is stopped', async () => {
    await writeFile(join(directory, 'a.yaml'), 'name: A\n');
    let stop = () => {};
    const printed: Printed = { out: '', error: '', exitCode: 0 };
    const running = runCivigraph(
      directory,
      ['municipalities', 'validate', '--watch'],
      {
        onStopSignal: (onStop) => {
          stop = onStop;
        },
      },
      printed,
    );
    const comes = async (isThere: () => boolean) => {
      while (!isThere()) {
        await delay(20);
      }
    };
    await comes(() => printed.out.startsWith('1 municipalities are valid'));
    await delay(300); // the watch stands
    await writeFile(join(directory, 'b.yaml'), 'name: B\nmodules: { evnts: true }\n');
    await comes(() => printed.error.includes('b.yaml:2:12 unknown key below "modules" "evnts"'));
    expect(printed.exitCode).toBe(1);
    await writeFile(join(directory, 'b.yaml'), 'name: B\nmodules: { events: true }\n');
    await comes(() => printed.out.includes('2 municipalities are valid'));
    expect(printed.exitCode).toBe(0);
    stop();
    await running;
  });
});

describe('civigraph, used wrongly', () => {
  it.each([
    [['compose', '--subgraph', 'bad']],
    [['municipalities', 'validate', '--bad']],
    [['municipalities', 'add']],
    [['municipalities', 'add', '../x', '--name', 'X']],
    [['municipalities', 'add', 'x', '--name', 'X', '--latitude', 'north']],
    [['flags', 'explain']],
    [['flags', 'check', '--disable', 'housing']],
    [['gateway', '--supergraph', 'x', '--port', '99999']],
    [['nothing']],
  ])('ends with exit code 2 and says how it is used: %j', async (args) => {
    const { error, exitCode } = await civigraph(...args);
    expect(exitCode).toBe(2);
    expect(error).toContain('(--help shows how it is used)');
  });

  it.each([
    [['--help']],
    [['municipalities', 'validate', '--help']],
    [['municipalities', 'add', '--help']],
    [['flags', 'check', '--help']],
    [['flags', 'explain', '--help']],
  ])('explains itself: %j', async (args) => {
    const { out, exitCode } = await civigraph(...args);
    expect(exitCode).toBe(0);
    expect(out).toContain('Usage: civigraph');
  });
});
