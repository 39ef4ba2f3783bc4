import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const SECRET = 'hunter2-not-to-be-seen';

let directory: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-secrets-'));
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(directory, { recursive: true, force: true });
});

/** The program from source, in a process of its own; what it prints is kept. */
function run(role: string, environment: Record<string, string>): { child: ChildProcess; printed: () => string } {
  const started = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', 'main.ts', role], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: directory,
      PORT: '0',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
      ...environment,
    },
  });
  child = started;
  let printed = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  return { child: started, printed: () => printed };
}

describe('secrets of the configuration', () => {
  it.each([
    ['DATABASE_URL', `postgres//civigraph:${SECRET}@db/civigraph`],
    ['REDIS_URL', `http://:${SECRET}@redis`],
    ['SMTP_URL', `imap://mail:${SECRET}@mail`],
    ['PUBLIC_URL', '$' + '{SECRET}'], // nothing puts a value in its place
  ])(
    'C-12: end a start by their name alone when %s cannot be used',
    async (name, value) => {
      const { child: started, printed } = run('housing', { [name]: value, SECRET });
      const [code] = await once(started, 'close');
      expect(code).toBe(1);
      expect(printed()).toContain(`${name}: `);
      expect(printed()).not.toContain('hunter2');
    },
    60_000,
  );

  it('C-12: stand in no error when what they open cannot be reached', async () => {
    const { child: started, printed } = run('housing', {
      DATABASE_URL: `postgres://civigraph:${SECRET}@127.0.0.1:1/civigraph`,
    });
    const [code] = await once(started, 'close');
    expect(code).toBe(1);
    expect(printed()).toMatch(/ECONNREFUSED|could not/);
    expect(printed()).not.toContain('hunter2');
  }, 60_000);

  it('C-12, H-31: stand neither in the log of a gateway nor in its health nor in its metrics, which the public port has not', async () => {
    const { child: started, printed } = run('gateway', {
      REDIS_URL: `redis://:${SECRET}@127.0.0.1:1`,
      PLAN_TOKEN: SECRET,
      MODULE_TOKENS: `housing=${SECRET}`,
      METRICS_PORT: '0',
      JOBSUCHE_API_KEY: SECRET,
      SMTP_URL: `smtp://mail:${SECRET}@127.0.0.1:1`,
    });
    const origin = await addressIn(printed);
    const health = await (await fetch(`${origin}/health/ready`)).text();
    expect(JSON.parse(health)).toMatchObject({ status: 'degraded', cache: { reachable: false } });
    const metrics = /"url":"([^"]+\/metrics)"/.exec(printed())?.[1] ?? '';
    const figures = await (await fetch(metrics)).text();
    expect(figures).toContain('civigraph_municipality_snapshot_info{id="');
    expect((await fetch(`${origin}/metrics`)).status).toBe(404);
    started.kill('SIGTERM');
    await once(started, 'close');
    expect(printed()).toContain('127.0.0.1');
    expect(printed() + health + figures).not.toContain('hunter2');
  }, 60_000);
});

/** Where the gateway listens, once it says so. */
async function addressIn(printed: () => string): Promise<string> {
  const deadline = performance.now() + 45_000;
  for (;;) {
    const found = /"url":"(http:\/\/[^/"]+)\/graphql"/.exec(printed())?.[1];
    if (found !== undefined) {
      return found;
    }
    if (performance.now() > deadline) {
      throw new Error(`the gateway does not listen: ${printed()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
