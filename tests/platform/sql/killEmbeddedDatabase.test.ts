import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '../../../platform/logger/Logger.ts';
import { openEmbeddedDatabase } from '../../../platform/sql/openEmbeddedDatabase.ts';
import { findTemplate } from '../../support/database.ts';
import { until } from '../../support/redis.ts';

/** Kills with data in flight; more of them in a nightly run. */
const KILLS = Number(process.env.CIVIGRAPH_TEST_KILLS ?? 4);

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-kill-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** A process that writes to the database in the directory; `acknowledged` counts what it was told is stored. */
function startWriter(): { child: ChildProcess; acknowledged: () => number } {
  const script = join(process.cwd(), 'tests/platform/sql/support/writeLedger.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { child, acknowledged: () => Number(output.split('\n').at(-2) ?? 0) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('openEmbeddedDatabase after kill -9', () => {
  it(
    'has every row that was acknowledged, and opens every time (P-16)',
    async () => {
      await cp(await findTemplate(), join(directory, 'data'), { recursive: true });
      let last = 0;
      for (let round = 0; round < KILLS; round += 1) {
        const { child, acknowledged } = startWriter();
        await until(() => acknowledged() >= last + 20 + round * 13, 90_000);
        await kill(child);
        last = acknowledged();
      }

      const database = await openEmbeddedDatabase({ directory, logger: silentLogger, statementTimeoutMs: 20_000 });
      const { rows } = await database.query(
        'select count(*) as count, min(id) as first, max(id) as last, min(length(text)) as shortest from ledger',
      );
      await database.close();

      const found = Number(rows[0]?.last);
      expect(rows).toEqual([{ count: found, first: 1, last: found, shortest: 2_000 }]);
      expect(found - last).toBeGreaterThanOrEqual(0);
      expect(found - last).toBeLessThanOrEqual(1); // stored, but the answer was cut off
    },
    30_000 * KILLS,
  );

  it('starts over when the first start was killed (P-15)', async () => {
    const { child } = startWriter();
    await until(async () => (await readdir(directory)).some((name) => name.startsWith('data.new-')), 90_000);
    await until(async () => (await readdir(directory, { recursive: true })).length > 50, 90_000);
    await kill(child);
    expect(await readdir(directory)).not.toContain('data');

    const database = await openEmbeddedDatabase({ directory, logger: silentLogger, statementTimeoutMs: 20_000 });
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect((await readdir(directory)).sort()).toEqual(['data', 'lock']);
    await database.close();
  }, 120_000);

  it('refuses a directory that another live process has open, and names it (P-14)', async () => {
    await cp(await findTemplate(), join(directory, 'data'), { recursive: true });
    const { child, acknowledged } = startWriter();
    await until(() => acknowledged() > 0, 90_000);

    const opening = openEmbeddedDatabase({ directory, logger: silentLogger });

    await expect(opening).rejects.toThrow(`is in use by process ${child.pid} on`);
    const before = acknowledged();
    await until(() => acknowledged() > before); // and it is not disturbed
    await kill(child);
  }, 120_000);
});
