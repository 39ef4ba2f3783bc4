import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

const MAX_BYTES = 8 * 1024 * 1024;

interface Filled {
  readonly given: number;
  readonly grownBytes: number;
  readonly operations: number;
  readonly bytes: number;
}

async function fillEngine(executions: number): Promise<Filled> {
  const script = join(import.meta.dirname, 'fillEngine.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', script, String(MAX_BYTES), String(executions)],
    { timeout: 110_000 },
  );
  return JSON.parse(stdout) as Filled;
}

describe('the memory of compiled operations', () => {
  it.each([
    ['seen once', 1],
    ['executed often', 12],
  ])('stays within its bound for operations that all differ, %s (G-14)', async (_how, executions) => {
    const { given, grownBytes, operations, bytes } = await fillEngine(executions);

    expect(operations).toBeLessThanOrEqual(given / 2);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
    expect(bytes).toBeGreaterThan(0.8 * MAX_BYTES);
    expect(grownBytes).toBeLessThan(1.25 * MAX_BYTES);
    // Nor is the room left empty.
    expect(grownBytes).toBeGreaterThan(0.7 * MAX_BYTES);
  });
});
