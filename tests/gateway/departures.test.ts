import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

/** What the process holds. */
interface Count {
  /** Loaders that were ever made. */
  readonly loaders: number;
  readonly held: Readonly<Record<string, number>>;
}

const ROUNDS = 50;
const CLIENTS = 20;
/** Requests that run while it is counted, and prototypes, are none that were left behind. */
const SPARE = 5;

let child: ChildProcess;
afterEach(() => {
  child.kill('SIGKILL');
});

async function heard<T>(): Promise<T> {
  const [message] = await once(child, 'message');
  return message as T;
}

function tell<T>(what: 'waiting' | 'held'): Promise<T> {
  const answer = heard<T>();
  child.send(what);
  return answer;
}

/** Until so many fields of the subgraph wait. */
async function untilWaiting(number: number): Promise<void> {
  const startedAt = performance.now();
  while ((await tell<{ waiting: number }>('waiting')).waiting !== number) {
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await sleep(5);
  }
}

function requestOf(query: string): string {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

describe('clients that leave before their answer', () => {
  it('leave no loader, no context and no exchange behind, after a thousand of them (H-27)', async () => {
    const script = join(import.meta.dirname, 'serveCounted.ts');
    child = fork(script, { execArgv: ['--no-warnings', '--import', 'tsx'] });
    const { url } = await heard<{ url: string }>();
    const { hostname, port } = new URL(url);
    const { held: before } = await tell<Count>('held');

    for (let round = 0; round < ROUNDS; round += 1) {
      const clients = Array.from({ length: CLIENTS }, () =>
        connect(Number(port), hostname, function send(this: Socket) {
          this.write(requestOf('{ hint }'));
        }),
      );
      await untilWaiting(CLIENTS);
      for (const client of clients) {
        client.destroy();
      }
      await untilWaiting(0);
    }
    await sleep(200);

    const { loaders, held } = await tell<Count>('held');
    expect(loaders).toBeGreaterThanOrEqual(ROUNDS * CLIENTS);
    expect(Object.keys(held)).toEqual(['DataLoader', 'DisabledFeatures', 'OwnDeparture', 'Exchange']);
    for (const [kind, number] of Object.entries(held)) {
      expect({ kind, isFreed: number <= (before[kind] ?? 0) + SPARE, number }).toMatchObject({ isFreed: true });
    }
  });
});
