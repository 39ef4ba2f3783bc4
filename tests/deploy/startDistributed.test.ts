import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createRoleProcesses, type RoleProcesses } from '../../scripts/createRoleProcesses.ts';
import { ROOT } from '../endToEnd/support/buildProgram.ts';
import { until } from '../support/redis.ts';

/** A program with roles that only live and die. */
const PROGRAM = `
import { existsSync, writeFileSync } from 'node:fs';
const [role] = process.argv.slice(2);
if (role === 'fragile' && !existsSync(process.env.MARK)) {
  writeFileSync(process.env.MARK, '');
  console.error('something broke');
  process.exit(3);
}
process.on('SIGTERM', () => { console.log('stops'); setTimeout(() => process.exit(0), 50); });
console.log('runs as ' + role);
setInterval(() => {}, 1000);
`;

describe('createRoleProcesses', () => {
  let directory: string;
  let output: string;
  let roles: RoleProcesses;
  let environment: Record<string, string>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'civigraph-roles-'));
    const main = join(directory, 'main.mjs');
    await writeFile(main, PROGRAM);
    output = '';
    environment = { MARK: join(directory, 'mark') };
    roles = createRoleProcesses({
      main,
      write: (text) => {
        output += text;
      },
    });
  });

  afterEach(async () => {
    roles.kill();
    await roles.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('starts a role again that died, and shows its words behind its name', async () => {
    const role = roles.start('content', 'fragile', environment);
    await until(() => output.includes('runs as'), 90_000);

    expect(output.split('\n')).toEqual([
      'content         | something broke',
      'content         | ended (exit code 3); it is started again in 0.5 s',
      'content         | runs as fragile',
      '',
    ]);
    expect({ isRunning: role.isRunning(), deaths: role.deaths() }).toEqual({ isRunning: true, deaths: 1 });
  });

  it('stops the role that was started last first, waits for each, and starts none again', async () => {
    const content = roles.start('content', 'sound', environment);
    const gateway = roles.start('gateway-1', 'sound', environment);
    await until(() => output.split('runs as').length === 3, 90_000);
    output = '';

    await roles.stop();

    expect(output).toBe('gateway-1       | stops\ncontent         | stops\n');
    expect([content.isRunning(), gateway.isRunning(), roles.isStopping()]).toEqual([false, false, true]);
  });

  it('does not start a role whose pause ends after the stop', async () => {
    const role = roles.start('content', 'fragile', environment);
    await until(() => output.includes('started again'), 90_000);

    await roles.stop();
    await new Promise((resolve) => setTimeout(resolve, 700)); // the pause is 0.5 s

    expect(role.isRunning()).toBe(false);
    expect(output).not.toContain('runs as');
  });
});

describe('npm run start:distributed', () => {
  it.each([
    [
      'nothing is set',
      {},
      ['DATABASE_URL and REDIS_URL must be set', 'REDIS_URL=redis://127.0.0.1:6379 npm run start:distributed'],
    ],
    [
      'one is wrong',
      { REDIS_URL: 'memory', DATABASE_URL: 'postgres://127.0.0.1/x' },
      ['The configuration cannot be used:\n  REDIS_URL: '],
    ],
  ])('ends with exit code 1 and an example when %s', async (_, environment, words) => {
    const { code, stderr } = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', join('scripts', 'startDistributed.ts')],
        { cwd: ROOT, env: { PATH: process.env.PATH, ...environment }, timeout: 60_000 },
        (_error, _stdout, text) => resolve({ code: child.exitCode, stderr: text }),
      );
    });

    expect(code).toBe(1);
    for (const word of words) {
      expect(stderr).toContain(word);
    }
  });
});
