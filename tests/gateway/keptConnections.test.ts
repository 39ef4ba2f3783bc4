import { afterEach, describe, expect, it } from '@jest/globals';
import { Pool } from 'undici';

import { createHttpTransport } from '../../gateway/fetch/createHttpTransport.ts';
import type { SubgraphTransport } from '../../gateway/model/SubgraphTransport.ts';
import { type RawGateway, startRawGateway } from '../support/rawGateway.ts';
import { jsonAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';

const GOOD = jsonAnswer({ data: { ok: true } });
let server: RawServer;
let transport: SubgraphTransport | undefined;
let gateway: RawGateway | undefined;

afterEach(async () => {
  await Promise.all([transport?.close(), gateway?.close()]);
  await server.close();
  transport = gateway = undefined;
});

/** A server that gives connections up just when the next request may come. */
async function startServer(): Promise<void> {
  let seed = 7;
  server = await startRawServer((socket) => {
    socket.write(GOOD);
    seed = (seed * 48_271) % 2_147_483_647;
    const close = seed % 2 === 0 ? () => socket.end() : () => socket.destroy();
    if (seed % 5 === 0) {
      setImmediate(close);
    } else {
      const timer = setTimeout(close, seed % 4);
      socket.once('data', () => clearTimeout(timer));
    }
  });
}

async function start(): Promise<SubgraphTransport> {
  await startServer();
  transport = createHttpTransport({ subgraph: 'housing', url: `${server.origin}/graphql` });
  return transport;
}

/** Asks through a gateway, in lanes that each wait for their answer; resolves with the answers by how often they came. */
async function askGateway(times: number): Promise<ReadonlyMap<string, number>> {
  await startServer();
  gateway = await startRawGateway({ housing: { sdl: 'type Query { ok: Boolean }', url: `${server.origin}/graphql` } });
  const pool = new Pool(new URL(gateway.url).origin, { connections: 20 });
  const answers = new Map<string, number>();
  let left = times;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (left > 0) {
        left -= 1;
        const { statusCode, body } = await pool.request({
          path: '/graphql',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ ok }"}',
        });
        const answer = `${statusCode} ${await body.text()}`;
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    }),
  );
  await pool.close();
  return answers;
}

async function askMany(transport: SubgraphTransport, kind: 'query' | 'mutation', times: number): Promise<void> {
  const { signal } = new AbortController();
  let left = times;
  await Promise.all(
    Array.from({ length: 20 }, async (_, lane) => {
      while (left > 0) {
        left -= 1;
        const answer = await transport.send({
          operation: '{ ok }',
          operationName: undefined,
          kind,
          variables: {},
          timeoutMs: 5_000,
          signal,
        });
        expect(answer.data).toEqual({ ok: true });
        if ((left + lane) % 8 === 0) {
          await new Promise((resolve) => setTimeout(resolve, left % 4));
        }
      }
    }),
  );
}

describe('a server that closes idle connections while they are taken for the next request', () => {
  it('is noticed by no query in 10,000 (S-16)', async () => {
    await askMany(await start(), 'query', 10_000);
    expect(server.requests().length).toBeGreaterThanOrEqual(10_000);
  });

  it('is noticed by no client in 10,000 (S-16)', async () => {
    expect([...(await askGateway(10_000))]).toEqual([['200 {"data":{"ok":true}}', 10_000]]);
    expect(server.requests().length).toBeGreaterThanOrEqual(10_000);
  });

  it('is noticed by no mutation, and gets none twice', async () => {
    await askMany(await start(), 'mutation', 300);
    expect(server.requests()).toHaveLength(300);
  });
});
