import { expect, it } from '@jest/globals';

import { createFetcher } from '../../gateway/fetch/createFetcher.ts';
import { createHttpTransport } from '../../gateway/fetch/createHttpTransport.ts';
import { DisabledFeatures } from '../../gateway/model/DisabledFeatures.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { jsonAnswer, startRawServer } from '../support/rawServer.ts';

const DAY = 24 * 60 * 60;

it.each<[string, readonly number[]]>([
  ['max-age=60', [60]],
  ['public, max-age=999999999', [DAY]],
  [`s-maxage=1${'0'.repeat(400)}`, [DAY]],
  ['public, max-age=60, no-store', []],
  ['private, max-age=60', []],
  ['max-age=-1', []],
])(
  'answers with Cache-Control "%s" are kept for %j seconds: the shorter of what both sides allow (S-23)',
  async (header, expected) => {
    const server = await startRawServer((socket) =>
      socket.write(jsonAnswer({ data: { offers: [] } }, `cache-control: ${header}\r\n`)),
    );
    const memory = createMemoryStore();
    const ttls: number[] = [];
    const fetcher = createFetcher({
      transports: new Map([['housing', createHttpTransport({ subgraph: 'housing', url: server.origin })]]),
      supergraphId: 'one',
      store: {
        ...memory,
        setMany: (entries) => {
          ttls.push(...entries.map(({ ttlSeconds }) => ttlSeconds));
          return memory.setMany(entries);
        },
      },
      clock: systemClock,
    });

    const prepared = {
      subgraph: 'housing',
      operation: '{ offers }',
      operationName: undefined,
      kind: 'query',
      identity: {},
      calls: [{ variables: {}, positions: undefined }],
      representations: 0,
    } as const;
    const answer = await fetcher.fetch(prepared, {
      requestId: 'kept',
      snapshot: undefined,
      disabled: new DisabledFeatures(),
      deadlineAt: Date.now() + 10_000,
      signal: new AbortController().signal,
    });

    expect(answer.data).toEqual({ offers: [] });
    expect(ttls).toEqual(expected);
    await Promise.all([fetcher.close(), server.close()]);
  },
);
