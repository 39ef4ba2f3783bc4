import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '../../platform/logger/Logger.ts';
import { type AuditEntry, openAuditLog } from '../../roles/municipalities/openAuditLog.ts';
import { createFolder, type Folder, recordErrors, until } from './support/createFolder.ts';

let folder: Folder;
let file: string;
beforeEach(async () => {
  folder = await createFolder({ 'a.yaml': 'name: A\nmodules: { housing: false }\n', 'b.yaml': 'name: B\n' });
  file = join(folder.directory, 'data', 'audit.jsonl');
});
afterEach(() => folder.close());

async function entries(): Promise<AuditEntry[]> {
  return (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry);
}
const open = () => openAuditLog({ file, logger: silentLogger });
const entry = (after: string) =>
  ({ at: '2027-01-01T00:00:00Z', before: null, after, causes: ['files'], files: [], changes: [] }) as const;

describe('the audit log', () => {
  it('records who changed what, from which snapshot to which, before it counts', async () => {
    const register = await folder.open({ audit: await open() });
    const first = register.current().id;
    let linesAtSwap = 0;
    register.onChange(() => {
      linesAtSwap += 1;
    });

    await folder.write({
      'a.yaml':
        'name: Stadt A\nchangedBy: Kim Muster\nmodules: { housing: true, apprenticeships: { enabled: true, radiusKm: 30 } }\n',
    });
    await until(() => linesAtSwap === 1);
    const second = register.current().id;
    await rm(join(folder.directory, 'b.yaml'));
    await until(() => linesAtSwap === 2);

    const [start, changed, removed, ...more] = await entries();
    expect(more).toEqual([]);
    expect(start).toMatchObject({ before: null, after: first, causes: ['start'], count: 0 });
    expect(changed).toMatchObject({
      before: first,
      after: second,
      causes: ['files'],
      files: [{ file: join(folder.directory, 'a.yaml'), changedBy: 'Kim Muster', ownerId: process.getuid?.() }],
      process: { pid: process.pid },
    });
    expect(Date.parse(changed?.at ?? '')).toBeGreaterThan(Date.now() - 60_000);
    const [off, unmentioned, on] = [
      { enabled: false, reason: 'STATIC' },
      { enabled: false, reason: 'DEFAULT' },
      { enabled: true, reason: 'STATIC' },
    ];
    expect(changed?.changes).toEqual([
      { municipality: 'a', what: 'flag', flag: 'apprenticeships', from: unmentioned, to: on },
      { municipality: 'a', what: 'flag', flag: 'housing', from: off, to: on },
      { municipality: 'a', what: 'flag', flag: 'housing.contact', from: off, to: on },
      { municipality: 'a', what: 'name', from: 'A', to: 'Stadt A' },
      { municipality: 'a', what: 'modules.apprenticeships', from: {}, to: { radiusKm: 30 } },
    ]);
    expect(removed).toMatchObject({
      before: second,
      changes: [{ municipality: 'b', what: 'removed' }],
      files: [{ file: join(folder.directory, 'b.yaml'), changedBy: null, modifiedAt: null }],
    });
  });

  it('records nothing when files mean what they meant', async () => {
    const register = await folder.open({ audit: await open() });
    let swaps = 0;
    register.onChange(() => {
      swaps += 1;
    });
    await folder.write({ 'a.yaml': 'name: "A" # the same\nmodules: { housing: false }\n' });
    await until(() => swaps === 1);
    expect(await entries()).toHaveLength(1);
  });

  it('tells at a start that files have changed since the last line, and says nothing when they have not', async () => {
    const first = await folder.open({ audit: await open() });
    await first.close();
    await (await folder.open({ audit: await open() })).close();
    expect(await entries()).toHaveLength(1);
    await folder.write({ 'a.yaml': 'name: A\nmodules: { housing: true }\n' });
    await folder.open({ audit: await open() });
    expect((await entries()).map(({ before }) => before)).toEqual([null, first.current().id]);
  });

  it('keeps whole lines over kill -9, and goes on after half a line', async () => {
    const audit = await open();
    await audit.append(entry('one'));
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', '--input-type=module', '-e'],
        `import { openAuditLog } from './roles/municipalities/openAuditLog.ts';
         const log = await openAuditLog({ file: ${JSON.stringify(file)}, logger: console });
         for (let n = 0; ; n += 1) await log.append({ ...${JSON.stringify(entry('x'))}, after: 'child ' + n });`,
      ],
      { stdio: 'ignore' },
    );
    const lines = async () => (await readFile(file, 'utf8')).split('\n').length;
    while ((await lines()) < 5) {
      await delay(20);
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    await appendFile(file, '{"at":"2027-01-01T00:00:00Z","bef');

    const again = await open();
    expect(again.lastSnapshot()).toMatch(/^child \d+$/);
    await again.append(entry('two'));
    const all = await entries();
    expect(all[0]?.after).toBe('one');
    expect(all.at(-1)?.after).toBe('two');
  });

  it('stays below its bound, in two files', async () => {
    const audit = await openAuditLog({ file, logger: silentLogger, maxBytes: 1_000 });
    for (let n = 0; n < 30; n += 1) {
      await audit.append(entry(`snapshot ${n}`));
    }
    expect((await readdir(join(folder.directory, 'data'))).sort()).toEqual(['audit.jsonl', 'audit.jsonl.1']);
    expect((await readFile(file)).length + (await readFile(`${file}.1`)).length).toBeLessThan(3_000);
    expect((await entries()).at(-1)?.after).toBe('snapshot 29');
  });

  it('stops nothing when it cannot be written', async () => {
    await writeFile(join(folder.directory, 'data'), 'a file in the way');
    const { logger, errors } = recordErrors();
    const register = await folder.open({ audit: await openAuditLog({ file, logger }) });
    await folder.write({ 'a.yaml': 'name: A\nmodules: { housing: true }\n' });
    await until(() => register.current().municipalities.get('a')?.modules.isOn('housing') === true);
    expect(errors).toContain('the audit log cannot be written');
  });
});
