import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, it } from '@jest/globals';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** A plain connection for looking at what is stored and for breaking it. */
  readonly client: Redis;
  /** Sends a signal; resolves when the process has ended, or at once for SIGSTOP and SIGCONT. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const HAS_SERVER = spawnSync('redis-server', ['--version']).status === 0;

/** A suite that needs a Redis server of its own: skipped where there is none, failed where CI should have one. */
export function describeRedis(name: string, suite: () => void): void {
  if (HAS_SERVER) {
    describe(name, suite);
  } else if (process.env.CI !== undefined && process.env.CI !== '') {
    it(name, () => {
      throw new Error('CI runs this suite: install redis-server.');
    });
  } else {
    describe.skip(`${name}: install redis-server to run it`, suite);
  }
}

/** Starts a Redis server on a free port of the loopback interface, without persistence. */
export async function startRedis({
  port,
  args = [],
}: {
  port?: number;
  args?: readonly string[];
} = {}): Promise<TestRedis> {
  const usedPort = port ?? (await findFreePort());
  const directory = await mkdtemp(join(tmpdir(), 'civigraph-redis-'));
  let server = await spawnServer();
  const client = new Redis({ port: usedPort, host: '127.0.0.1', retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.ping();

  async function spawnServer(): Promise<ChildProcess> {
    const child = spawn(
      'redis-server',
      [
        '--port',
        String(usedPort),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        directory,
        ...args,
      ],
      { stdio: 'ignore' },
    );
    await once(child, 'spawn');
    return child;
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    const ended = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
    server.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') {
      await ended;
    }
  }

  return {
    url: `redis://127.0.0.1:${usedPort}`,
    port: usedPort,
    client,
    kill,
    restart: async () => {
      server = await spawnServer();
      await client.ping();
    },
    stop: async () => {
      client.disconnect();
      await kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A port of the loopback interface on which nothing listens. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('No port.');
  }
  return address.port;
}

/** Waits until the check is true, looking every few milliseconds; fails after `limitMs`. */
export async function until(check: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await check())) {
    if (performance.now() > deadline) {
      throw new Error(`Not so within ${limitMs} ms: ${check}`);
    }
    await delay(10);
  }
}
