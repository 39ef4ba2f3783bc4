import { afterEach, describe, expect, it } from '@jest/globals';

import { createHttpTransport } from '../../gateway/fetch/createHttpTransport.ts';
import type { SubgraphTransport } from '../../gateway/model/SubgraphTransport.ts';
import { jsonAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';

const GOOD = jsonAnswer({ data: { ok: true } });
let server: RawServer;
let transport: SubgraphTransport;

afterEach(async () => {
  await transport.close();
  await server.close();
});

/** A server that gives connections up just when the next request may come. */
async function start(): Promise<void> {
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
  transport = createHttpTransport({ subgraph: 'housing', url: `${server.origin}/graphql` });
}

async function askMany(kind: 'query' | 'mutation', times: number): Promise<void> {
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
    await start();
    await askMany('query', 10_000);
    expect(server.requests().length).toBeGreaterThanOrEqual(10_000);
  });

  it('is noticed by no mutation, and gets none twice', async () => {
    await start();
    await askMany('mutation', 300);
    expect(server.requests()).toHaveLength(300);
  });
});
