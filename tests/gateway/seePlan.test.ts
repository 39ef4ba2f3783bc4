import { afterEach, describe, expect, it } from '@jest/globals';

import type { PlanDescription } from '../../gateway/model/PlanDescription.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { createTestGateway, type TestGateway } from '../support/testGateway.ts';

const TOKEN = 'a-token-of-this-test';

const SUBGRAPHS = {
  content: {
    sdl: `
      type Query { municipality(slug: ID!): Municipality @cacheControl(maxAge: 60) }
      type Municipality @key(fields: "slug") { slug: ID!  name: String }
    `,
    resolvers: { Query: { municipality: (_: unknown, { slug }: { slug: string }) => ({ slug, name: 'Celle' }) } },
  },
  housing: {
    sdl: `
      type Municipality @key(fields: "slug") @cacheControl(maxAge: 60) {
        slug: ID!  offers: [Offer!] @feature(flag: "housing")
      }
      type Offer @key(fields: "id") @cacheControl(maxAge: 60) { id: ID!  rent: Int }
    `,
    resolvers: {
      Municipality: { __resolveReference: (key: object) => key, offers: () => [{ id: '1', rent: 5 }, { id: '2' }] },
    },
  },
  photos: {
    sdl: `
      type Offer @key(fields: "id") { id: ID!  photo: String }
      type Municipality @key(fields: "slug") { slug: ID!  crest: String }
    `,
    resolvers: {
      Offer: {
        __resolveReference: (key: object) => key,
        photo: () => {
          throw new Error('no camera');
        },
      },
      Municipality: { __resolveReference: (key: object) => key, crest: () => 'lion' },
    },
  },
};
const OPERATION = `query ($crest: Boolean!) {
  municipality(slug: "celle") { name offers { rent photo } crest @include(if: $crest) }
}`;

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

async function ask(headers: Record<string, string>, crest = true) {
  const response = await fetch(gateway?.url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: OPERATION, variables: { crest } }),
  });
  const text = await response.text();
  const { data, extensions } = JSON.parse(text) as { data: unknown; extensions?: { plan?: PlanDescription } };
  return { data, plan: extensions?.plan, text };
}

describe('extensions.plan', () => {
  const start = async (options: Partial<Parameters<typeof createTestGateway>[0]> = {}) => {
    gateway = await createTestGateway({
      subgraphs: SUBGRAPHS,
      municipalities: { celle: { housing: true } },
      overHttp: true,
      store: createMemoryStore({ clock: systemClock }),
      planToken: TOKEN,
      ...options,
    });
    return gateway;
  };

  it('tells what was asked, under which conditions and flags, and what became of it', async () => {
    await start();
    const { data, plan } = await ask({ 'x-civigraph-plan': TOKEN });

    expect(data).toEqual({
      municipality: {
        name: 'Celle',
        offers: [
          { rent: 5, photo: null },
          { rent: null, photo: null },
        ],
        crest: 'lion',
      },
    });
    expect(plan?.conditions).toEqual({ crest: true });
    expect(JSON.stringify(plan?.tree)).toContain('{"kind":"Condition","variable":"crest","whenTrue":{"kind":"Fetch"');
    expect(JSON.stringify(plan?.tree)).toContain('"gated":[{"flags":["housing"],"fields":["offers"]}]');
    const requests = plan?.requests.map(({ subgraph, after, run }) => ({
      subgraph,
      isFirst: after.length === 0,
      entities: run?.entities,
      from: run?.from,
    }));
    expect(requests).toEqual(
      expect.arrayContaining([
        { subgraph: 'content', isFirst: true, entities: 0, from: 'subgraph' },
        { subgraph: 'housing', isFirst: false, entities: 1, from: 'subgraph' },
        { subgraph: 'photos', isFirst: false, entities: 1, from: 'subgraph' },
        { subgraph: 'photos', isFirst: false, entities: 2, from: 'subgraph' },
      ]),
    );
    expect(plan?.requests[0]).toMatchObject({
      number: 1,
      kind: 'query',
      operation: '{municipality(slug:"celle"){__typename slug name}}',
      fetches: 1,
      run: {
        bytes: JSON.stringify({ municipality: { __typename: 'Municipality', slug: 'celle', name: 'Celle' } }).length,
      },
    });
    for (const { run } of plan?.requests ?? []) {
      expect(run?.ms).toBeGreaterThanOrEqual(0);
      expect(run?.atMs).toBeGreaterThanOrEqual(0);
    }
  });

  it('tells what the store held, what is off and what failed', async () => {
    const { setMunicipalities } = await start({ down: ['photos'] });
    await ask({});
    const fromOf = async (crest: boolean) =>
      Object.fromEntries(
        (await ask({ 'x-civigraph-plan': TOKEN }, crest)).plan?.requests.map(({ subgraph, run }) => [
          subgraph,
          run && [run.from, run.code],
        ]) ?? [],
      );

    expect(await fromOf(false)).toEqual({
      content: ['store', undefined],
      housing: ['store', undefined],
      photos: ['failed', 'SUBGRAPH_UNAVAILABLE'],
    });
    setMunicipalities({ celle: { housing: false } });
    expect(await fromOf(false)).toMatchObject({ housing: ['off', undefined], photos: undefined });
  });

  it.each([
    ['another token', { 'x-civigraph-plan': `${TOKEN}r` }, TOKEN],
    ['no token', {}, TOKEN],
    ['a token where the gateway has none', { 'x-civigraph-plan': '' }, undefined],
    [
      'the headers of other gateways (G-41)',
      { 'apollo-query-plan-experimental': '1', 'apollo-federation-include-trace': 'ftv1' },
      TOKEN,
    ],
  ])('is kept from who sends %s', async (_what, headers, planToken) => {
    await start({ ...(planToken === undefined ? {} : { planToken }) });
    const plain = await ask({});
    const again = await ask(headers as Record<string, string>);

    expect(again.plan).toBeUndefined();
    expect(again.data).toEqual(plain.data);
    expect(again.text).not.toContain('__typename');
  });
});
