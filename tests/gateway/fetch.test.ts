import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

const ENGINES: readonly EngineName[] = ['compiled', 'apollo'];
const SLUGS = ['augsburg', 'bremen', 'celle'];

const content: TestSubgraph = {
  sdl: `
    type Query { municipalities: [Municipality!]! @cacheControl(maxAge: 60)  municipality(slug: ID!): Municipality }
    type Municipality @key(fields: "slug") @cacheControl(maxAge: 60) { slug: ID! name: String }
  `,
  resolvers: {
    Query: {
      municipalities: () => SLUGS.map((slug) => ({ slug })),
      municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }),
    },
    Municipality: {
      __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
      name: ({ slug }: { slug: string }) => slug.toUpperCase(),
    },
  },
};

function feeds(resolvers: Record<string, unknown> = {}, maxAge = 60): TestSubgraph {
  return {
    sdl: `type Municipality @key(fields: "slug") @cacheControl(maxAge: ${maxAge}) { slug: ID!  vacancies: Int  hint: String! } type Mutation { add: Int }`,
    resolvers: {
      Municipality: {
        __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
        vacancies: ({ slug }: { slug: string }) => slug.length,
        hint: () => 'hint',
        ...resolvers,
      },
      Mutation: { add: () => 1 },
    },
  };
}

let gateway: TestGateway;
afterEach(() => gateway.close());

describe.each(ENGINES)('fetching with the engine %s', (engine) => {
  it('keeps entities one by one: a list fills what a single one reads', async () => {
    gateway = await createTestGateway({ engine, subgraphs: { content, feeds: feeds() }, store: createMemoryStore() });

    await gateway.execute('{ municipalities { vacancies } }');
    const kept = await gateway.execute('{ municipality(slug: "bremen") { vacancies } }');

    expect(kept.data).toEqual({ municipality: { vacancies: 6 } });
    expect(gateway.calls('feeds')).toHaveLength(1);
  });

  it('asks only for the entities that are missing, and puts them back in order', async () => {
    gateway = await createTestGateway({ engine, subgraphs: { content, feeds: feeds() }, store: createMemoryStore() });

    await gateway.execute('{ municipality(slug: "bremen") { vacancies } }');
    const all = await gateway.execute('{ municipalities { slug vacancies } }');

    expect(all.data?.municipalities).toEqual([
      { slug: 'augsburg', vacancies: 8 },
      { slug: 'bremen', vacancies: 6 },
      { slug: 'celle', vacancies: 5 },
    ]);
    expect(gateway.calls('feeds').map(({ variables }) => variables.representations)).toEqual([
      [{ __typename: 'Municipality', slug: 'bremen' }],
      [
        { __typename: 'Municipality', slug: 'augsburg' },
        { __typename: 'Municipality', slug: 'celle' },
      ],
    ]);
  });

  it('keeps nothing for which the subgraph allows no time', async () => {
    gateway = await createTestGateway({
      engine,
      subgraphs: { content, feeds: feeds({}, 0) },
      store: createMemoryStore(),
    });

    await gateway.execute('{ municipality(slug: "bremen") { vacancies } }');
    await gateway.execute('{ municipality(slug: "bremen") { vacancies } }');

    expect(gateway.calls('feeds')).toHaveLength(2);
  });

  it('keeps no answer that holds an error (S-10)', async () => {
    let isBroken = true;
    const vacancies = () => {
      if (isBroken) throw new Error('database password is hunter2');
      return 7;
    };
    gateway = await createTestGateway({
      engine,
      subgraphs: { content, feeds: feeds({ vacancies }) },
      store: createMemoryStore(),
    });

    const broken = await gateway.execute('{ municipality(slug: "bremen") { name vacancies } }');
    isBroken = false;
    const mended = await gateway.execute('{ municipality(slug: "bremen") { name vacancies } }');

    expect(broken.data).toEqual({ municipality: { name: 'BREMEN', vacancies: null } });
    expect(broken.errors).toMatchObject([
      { path: ['municipality', 'vacancies'], extensions: { code: 'SUBGRAPH_ERROR' } },
    ]);
    expect(JSON.stringify(broken.errors)).not.toContain('hunter2');
    expect(mended.data).toEqual({ municipality: { name: 'BREMEN', vacancies: 7 } });
  });

  it('names code and path when a subgraph is down, and answers the rest (FT-08)', async () => {
    gateway = await createTestGateway({
      engine,
      subgraphs: { content, feeds: feeds() },
      store: createMemoryStore(),
      overHttp: true,
      down: ['feeds'],
    });

    const { data, errors } = await gateway.execute('{ municipality(slug: "bremen") { name vacancies } }');

    expect(data).toEqual({ municipality: { name: 'BREMEN', vacancies: null } });
    expect(errors).toMatchObject([
      {
        path: ['municipality', 'vacancies'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true, municipal: { subgraph: 'feeds' } },
      },
    ]);
    expect(typeof errors?.[0]?.extensions.requestId).toBe('string');
  });

  it('reports a null that the schema forbids, and takes it no further than it must (S-02)', async () => {
    gateway = await createTestGateway({
      engine,
      subgraphs: { content, feeds: feeds({ __resolveReference: () => null }) },
    });

    const { data, errors } = await gateway.execute('{ municipalities { name } municipality(slug: "celle") { hint } }');

    expect(data).toEqual({
      municipalities: [{ name: 'AUGSBURG' }, { name: 'BREMEN' }, { name: 'CELLE' }],
      municipality: null,
    });
    expect(errors).toMatchObject([
      { path: ['municipality', 'hint'], extensions: { code: 'SUBGRAPH_INVALID_RESPONSE' } },
    ]);
  });
});
