import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createFolder, type Folder, until } from './support/createFolder.ts';

/** Who reads everything anyway has to become somebody else. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const hasPermissions = process.platform !== 'win32';

let folder: Folder;
let children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await createFolder({ 'a.yaml': 'name: A\n', 'b.yaml': 'name: B\n' });
  await chmod(folder.directory, 0o755);
});
afterEach(async () => {
  for (const child of children) {
    child.kill();
    await (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined);
  }
  children = [];
  await folder.close();
});

/** A process of its own that follows the folder. */
function follow(): { states: () => unknown[]; errors: () => string; child: ChildProcess } {
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', 'tsx', 'tests/municipalities/support/followAs.ts', folder.directory],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH ?? '' }, ...NOBODY },
  );
  children.push(child);
  const [out, err] = [keep(child.stdout), keep(child.stderr)];
  return {
    states: () =>
      out()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown),
    errors: err,
    child,
  };
}

function keep(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

(hasPermissions ? describe : describe.skip)('a municipality file that may not be read', () => {
  it('C-07: keeps the last good state, and follows the file again once it may', async () => {
    const { states, errors } = follow();
    await until(() => states().length === 1 || errors() !== '', 30_000);
    expect(errors()).toBe('');

    await chmod(join(folder.directory, 'a.yaml'), 0o000);
    await folder.write({ 'b.yaml': 'name: B\nmodules: { housing: true }\n' });
    await until(() => states().length === 2);
    await folder.replace('a.yaml', 'name: A\nmodules: { housing: true }\n');
    await until(() => states().length === 3);

    expect(states()).toEqual([
      { on: [], problems: [] },
      { on: [], problems: ['cannot be read: EACCES'] },
      { on: ['a', 'b'], problems: [] },
    ]);
  }, 60_000);

  it('C-07: ends a start, with the file and the reason', async () => {
    await chmod(join(folder.directory, 'b.yaml'), 0o000);
    const { errors, child } = follow();
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(errors()).toContain(`${join(folder.directory, 'b.yaml')}:1:1 cannot be read: EACCES`);
  }, 60_000);
});
