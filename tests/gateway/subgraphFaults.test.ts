import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import { type RawGateway, startRawGateway } from '../support/rawGateway.ts';
import { jsonAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';

interface Stats {
  readonly queries: number;
  readonly mutations: number;
  readonly most: number;
}

interface Outcome {
  readonly sentAt: number;
  readonly ms: number;
  readonly data: unknown;
  readonly code: unknown;
}

let child: ChildProcess;
let good: RawServer;
let gateway: RawGateway;

afterEach(async () => {
  await gateway.close();
  await good.close();
  child.kill('SIGKILL');
});

/** Starts the faulty subgraph; resolves with its port. */
async function startChild(port = 0): Promise<number> {
  child = fork(join(import.meta.dirname, '..', 'support', 'faultySubgraph.js'), [String(port)], { execArgv: [] });
  return (await heard<{ port: number }>()).port;
}

function heard<T>(): Promise<T> {
  return new Promise((resolve) => child.once('message', (message) => resolve(message as T)));
}

async function tell<T>(message: { mode?: string }): Promise<T> {
  const answer = heard<T>();
  child.send(message);
  return answer;
}

async function start(): Promise<number> {
  good = await startRawServer((socket) => socket.write(jsonAnswer({ data: { name: 'Hof' } })));
  const port = await startChild();
  gateway = await startRawGateway({
    good: { sdl: 'type Query { name: String }', url: `${good.origin}/graphql` },
    faulty: {
      sdl: 'type Query { hint: String } type Mutation { touch: Int }',
      url: `http://127.0.0.1:${port}/graphql`,
    },
  });
  expect((await gateway.execute('{ name }')).data).toEqual({ name: 'Hof' });
  expect((await gateway.execute('{ hint }')).data).toEqual({ hint: 'x' });
  return port;
}

async function ask(query: string): Promise<Outcome> {
  const sentAt = performance.now();
  const { data, errors } = await gateway.execute(query);
  return { sentAt, ms: performance.now() - sentAt, data, code: errors?.[0]?.extensions.code };
}

/** Asks at a steady rate, whatever the answers do, and waits for the last one. */
async function load(query: string, { rate, seconds }: { rate: number; seconds: number }): Promise<readonly Outcome[]> {
  const outcomes: Promise<Outcome>[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < rate * seconds; i += 1) {
    await sleep(Math.max(0, startedAt + (i * 1_000) / rate - performance.now()));
    outcomes.push(ask(query));
  }
  return Promise.all(outcomes);
}

/** The other module answers as if nothing were: nobody waited for the one with the fault. */
function expectUntouched(others: readonly Outcome[]): void {
  expect(new Set(others.map(({ data }) => JSON.stringify(data)))).toEqual(new Set(['{"name":"Hof"}']));
  const sorted = others.map(({ ms }) => ms).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length * 0.5)]).toBeLessThan(1_000);
  expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(2_500);
}

async function untilWell(maxMs: number): Promise<void> {
  const startedAt = performance.now();
  while ((await ask('{ hint }')).code !== undefined) {
    expect(performance.now() - startedAt).toBeLessThan(maxMs);
    await sleep(100);
  }
}

describe('a subgraph with a fault', () => {
  it('killed: its fields are null with a code, the others answer, and it is back 10 s after its return (FT-08)', async () => {
    const port = await start();
    const [others, hints] = await Promise.all([
      load('{ name }', { rate: 15, seconds: 2 }),
      load('{ hint }', { rate: 20, seconds: 2 }),
      sleep(500).then(() => child.kill('SIGKILL')),
    ]);

    expectUntouched(others);
    const failed = hints.filter(({ code }) => code !== undefined);
    expect(failed.length).toBeGreaterThan(10);
    expect(new Set(failed.map(({ code, data }) => `${code} ${JSON.stringify(data)}`))).toEqual(
      new Set(['SUBGRAPH_UNAVAILABLE {"hint":null}']),
    );
    await startChild(port);
    await untilWell(10_000);
  });

  it('stopped: clients wait 3 s until five have, then no more, and it is back 10 s after its return (FT-09)', async () => {
    await start();
    child.kill('SIGSTOP');
    const [others, hints] = await Promise.all([
      load('{ name }', { rate: 10, seconds: 4.5 }),
      load('{ hint }', { rate: 5, seconds: 4.5 }),
    ]);
    const fast = await load('{ hint }', { rate: 20, seconds: 0.5 });

    expectUntouched(others);
    expect(new Set(hints.map(({ code }) => code))).toEqual(new Set(['SUBGRAPH_TIMEOUT', 'SUBGRAPH_UNAVAILABLE']));
    expect(Math.max(...hints.map(({ ms }) => ms))).toBeLessThan(3_700);
    expect(new Set(fast.map(({ code }) => code))).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']));
    expect(fast.map(({ ms }) => ms).sort((a, b) => a - b)[5]).toBeLessThan(300);
    child.kill('SIGCONT');
    await untilWell(10_000);
  });

  it('slow under load: at most 50 requests wait for it, the others answer (FT-10)', async () => {
    await start();
    await tell({ mode: 'slow' });
    const [others, hints] = await Promise.all([
      load('{ name }', { rate: 15, seconds: 4 }),
      load('{ hint }', { rate: 35, seconds: 4 }),
    ]);

    expectUntouched(others);
    expect((await tell<Stats>({})).most).toBe(50);
    const codes = new Set(hints.map(({ code }) => code));
    expect(codes).toContain(undefined);
    expect(codes).toContain('SUBGRAPH_UNAVAILABLE');
    const refused = hints.filter(({ code }) => code === 'SUBGRAPH_UNAVAILABLE').map(({ ms }) => ms);
    expect(refused.sort((a, b) => a - b)[Math.floor(refused.length / 2)]).toBeLessThan(1_000);
  });

  it('flapping: is asked no more than 1.2 times as often, and never twice for a mutation (FT-11)', async () => {
    await start();
    const before = await tell<Stats>({});
    const flap = async (): Promise<void> => {
      for (const mode of ['shaky', 'away', 'shaky', 'away', 'shaky']) {
        await tell({ mode });
        await sleep(1_000);
      }
    };
    const [others, queries, mutations] = await Promise.all([
      load('{ name }', { rate: 10, seconds: 5 }),
      load('{ hint }', { rate: 20, seconds: 5 }),
      load('mutation { touch }', { rate: 5, seconds: 5 }),
      flap(),
    ]);
    const after = await tell<Stats>({});

    expectUntouched(others);
    expect(after.queries - before.queries).toBeLessThanOrEqual(1.2 * queries.length);
    const attempted = mutations.filter(({ code }) => code === undefined).length;
    expect(after.mutations - before.mutations).toBeLessThanOrEqual(mutations.length);
    expect(after.mutations - before.mutations).toBeGreaterThanOrEqual(attempted);
  });

  it('hostile: nothing fails but its own fields, and memory stays (FT-12)', async () => {
    await start();
    await tell({ mode: 'hostile' });
    const rss = process.memoryUsage().rss;
    let most = rss;
    const sampling = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const [others, hints] = await Promise.all([
      load('{ name }', { rate: 10, seconds: 4 }),
      load('{ hint }', { rate: 10, seconds: 4 }),
    ]);
    clearInterval(sampling);

    expectUntouched(others);
    expect(hints.every(({ code, data }) => code !== undefined && JSON.stringify(data) === '{"hint":null}')).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(most - rss).toBeLessThan(64 * 1024 * 1024);
  });
});
