import { describe, expect, it } from '@jest/globals';

import { createInProcessTransport } from '../../gateway/fetch/createInProcessTransport.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { createSubgraph } from '../../subgraphs/kit/createSubgraph.ts';
import { FEDERATION } from '../support/testGateway.ts';

/** A subgraph whose field waits until nobody wants it any more, and how long that took. */
async function createPatient() {
  const waited: number[] = [];
  const subgraph = await createSubgraph<{ signal: AbortSignal | undefined }>({
    name: 'patient',
    typeDefs: `${FEDERATION} type Query { hint: String }`,
    resolvers: {
      Query: {
        hint: (_: unknown, _args: unknown, { signal }: { signal: AbortSignal | undefined }) =>
          new Promise((resolve) => {
            const startedAt = performance.now();
            signal?.addEventListener('abort', () => {
              waited.push(performance.now() - startedAt);
              resolve('late');
            });
          }),
      },
    },
    createContext: (signal) => ({ signal }),
    logger: silentLogger,
  });
  return { subgraph, waited };
}

describe('the deadline of a fetch', () => {
  it('ends the work of a subgraph that is told of it over HTTP', async () => {
    const { subgraph, waited } = await createPatient();
    const port = await subgraph.listen(0);

    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-timeout-ms': '100' },
      body: '{"query":"{ hint }"}',
    });

    expect(await response.json()).toEqual({ data: { hint: 'late' } });
    expect(waited[0]).toBeLessThan(2_000);
    await subgraph.close();
  });

  it('ends the work of a subgraph in the same process, and the wait for it', async () => {
    const { subgraph, waited } = await createPatient();
    const transport = createInProcessTransport('patient', subgraph);

    const answer = transport.send({
      operation: '{ hint }',
      operationName: undefined,
      kind: 'query',
      variables: {},
      timeoutMs: 100,
      signal: new AbortController().signal,
    });

    await expect(answer).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_TIMEOUT' } });
    expect(waited).toHaveLength(1);
    await subgraph.close();
  });

  it('is not waited for by a client that left', async () => {
    const { subgraph, waited } = await createPatient();
    const controller = new AbortController();
    const answer = createInProcessTransport('patient', subgraph).send({
      operation: '{ hint }',
      operationName: undefined,
      kind: 'query',
      variables: {},
      timeoutMs: 20_000,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 50);

    expect((await answer).data).toEqual({ hint: 'late' });
    expect(waited[0]).toBeLessThan(5_000);
    await subgraph.close();
  });
});
