import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { lockDirectory } from '../../../platform/sql/lockDirectory.ts';
import { readProcessStart } from '../../../platform/sql/readProcessStart.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-lock-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function writeLock(holder: { pid: number; startedAt?: string | undefined; host?: string }): Promise<void> {
  return writeFile(join(directory, 'lock'), JSON.stringify({ host: hostname(), nonce: 'left-behind', ...holder }));
}

/** The pid of a process that has ended. */
async function findDeadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('lockDirectory', () => {
  it('refuses a second holder and names the first', async () => {
    const lock = await lockDirectory(directory);

    await expect(lockDirectory(directory)).rejects.toThrow(
      `The database in ${directory} is in use by process ${process.pid} on ${hostname()}.`,
    );

    await lock.release();
  });

  it('can be taken again after its release, and leaves nothing behind', async () => {
    await (await lockDirectory(directory)).release();
    await (await lockDirectory(directory)).release();

    expect(await readdir(directory)).toEqual([]);
  });

  it('gives the directory to one of many who ask at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockDirectory(directory)));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses while another live process holds it', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    await writeLock({ pid, startedAt: await readProcessStart(pid) });

    await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${pid}`);

    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await lockDirectory(directory)).release();
  });

  it('takes over the lock of a process that has died (P-19)', async () => {
    await writeLock({ pid: await findDeadPid(), startedAt: 'boot:1' });

    const lock = await lockDirectory(directory);

    expect(JSON.parse(await readFile(join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(await readdir(directory)).toEqual(['lock']);
    await lock.release();
  });

  it('takes over a lock whose pid belongs to a later process (P-19)', async () => {
    await writeLock({ pid: process.ppid, startedAt: 'an earlier boot:1' });

    await (await lockDirectory(directory)).release();
  });

  it('respects a live pid of which it cannot know the start', async () => {
    await writeLock({ pid: process.ppid });

    await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${process.ppid}`);
  });

  it('gives a dead lock to one of many who ask at once', async () => {
    await writeLock({ pid: await findDeadPid(), startedAt: 'boot:1' });

    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockDirectory(directory)));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(directory)).toEqual(['lock']);
  });

  it('goes on after one that died while it took over a dead lock', async () => {
    const pid = await findDeadPid();
    await writeLock({ pid, startedAt: 'boot:1' });
    await writeFile(
      join(directory, 'lock.left-behind'),
      JSON.stringify({ pid, startedAt: 'boot:1', host: hostname(), nonce: 'second' }),
    );

    await (await lockDirectory(directory)).release();

    expect(await readdir(directory)).toEqual([]);
  });

  it('respects a lock of another machine while that touches it, and takes it over a minute later', async () => {
    await writeLock({ pid: 1, startedAt: 'boot:1', host: 'elsewhere.example.org' });
    await expect(lockDirectory(directory)).rejects.toThrow('in use by process 1 on elsewhere.example.org');

    const past = new Date(Date.now() - 61_000);
    await utimes(join(directory, 'lock'), past, past);

    await (await lockDirectory(directory)).release();
  });

  it('does not touch a lock that it cannot read', async () => {
    await writeFile(join(directory, 'lock'), 'someone else was here');

    await expect(lockDirectory(directory)).rejects.toThrow('is not a lock of ours');
  });

  it('does not release a lock that is no longer its own', async () => {
    const lock = await lockDirectory(directory);
    await rm(join(directory, 'lock'));
    const second = await lockDirectory(directory);

    await lock.release();

    await expect(lockDirectory(directory)).rejects.toThrow('in use');
    await second.release();
  });
});
