import { afterEach, describe, expect, it } from '@jest/globals';

import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

/** In the register of this test, besides one that the subgraph alone has. */
const ALL_ON = { ahlen: { events: true, offers: true }, bonn: { events: true, offers: true } };
const BONN_OFF = { ...ALL_ON, bonn: { events: false, offers: true } };

let listed: readonly string[] = [];
const town: TestSubgraph = {
  sdl: `
    type Query { municipality(slug: ID!): Municipality  municipalities: [Municipality!]! }
    type Municipality @key(fields: "slug") {
      slug: ID!
      name: String!
      events: [String!] @feature(flag: "events")
      partner: Municipality
    }
  `,
  resolvers: {
    Query: {
      municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }),
      municipalities: () => listed.map((slug) => ({ slug })),
    },
    Municipality: {
      __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
      name: ({ slug }: { slug: string }) => slug.toUpperCase(),
      events: ({ slug }: { slug: string }) => [`in ${slug}`],
      partner: () => ({ slug: 'elsewhere' }),
    },
  },
};
const market: TestSubgraph = {
  sdl: 'type Municipality @key(fields: "slug") { slug: ID!  offers: Int @feature(flag: "offers") }',
  resolvers: { Municipality: { __resolveReference: ({ slug }: { slug: string }) => ({ slug }), offers: () => 3 } },
};

let gateway: TestGateway;
afterEach(() => gateway.close());

describe.each([
  { answers: 'parsed', overHttp: false },
  { answers: 'in bytes', overHttp: true },
])('F-12, F-24: requests for which nothing is off, answers $answers', ({ overHttp }) => {
  async function start(municipalities: Record<string, Record<string, unknown>>) {
    listed = Object.keys(ALL_ON);
    gateway = await createTestGateway({ subgraphs: { town, market }, municipalities, overHttp, keepsAnswers: false });
    return gateway;
  }

  it('ask the subgraph that yields a list for its gated fields in the same request', async () => {
    const { execute, calls } = await start(ALL_ON);

    const { data } = await execute('{ municipalities { name events offers } }');

    expect(data).toEqual({
      municipalities: [
        { name: 'AHLEN', events: ['in ahlen'], offers: 3 },
        { name: 'BONN', events: ['in bonn'], offers: 3 },
      ],
    });
    expect(calls('town')).toHaveLength(1);
    expect(calls('market')).toHaveLength(1);
  });

  it('become gated ones with the first snapshot in which a flag is off, and open again after it', async () => {
    const { execute, calls, setMunicipalities } = await start(ALL_ON);
    const ask = async () => (await execute('{ municipalities { events } }')).data;
    const all = { municipalities: [{ events: ['in ahlen'] }, { events: ['in bonn'] }] };

    expect(await ask()).toEqual(all);
    setMunicipalities(BONN_OFF);
    expect(await ask()).toEqual({ municipalities: [{ events: ['in ahlen'] }, { events: null }] });
    setMunicipalities(ALL_ON);
    expect(await ask()).toEqual(all);

    const [first, list, entities, last] = calls('town');
    expect(calls('town')).toHaveLength(4);
    expect(first?.query).toContain('events');
    expect(list?.query).not.toContain('events');
    expect(entities?.variables.representations).toEqual([{ __typename: 'Municipality', slug: 'ahlen' }]);
    expect(last?.query).toBe(first?.query);
  });

  it('are gated where one is off, which is left out of each fetch and named with its place', async () => {
    const { execute, calls } = await start({ ...ALL_ON, bonn: { events: false, offers: false } });
    listed = ['ahlen', 'bonn', 'ahlen', 'bonn'];

    const { data, extensions } = await execute('{ all: municipalities { title: name events price: offers } }');

    const ahlen = { title: 'AHLEN', events: ['in ahlen'], price: 3 };
    const bonn = { title: 'BONN', events: null, price: null };
    expect(data).toEqual({ all: [ahlen, bonn, ahlen, bonn] });
    expect(extensions?.features?.disabled).toEqual(
      [
        { flag: 'events', name: 'events' },
        { flag: 'offers', name: 'price' },
      ].map(({ flag, name }) => ({
        flag,
        municipality: 'bonn',
        reason: 'STATIC',
        pathCount: 2,
        paths: [
          ['all', 1, name],
          ['all', 3, name],
        ],
      })),
    );
    expect(calls('town')).toHaveLength(2);
    expect([calls('town')[1], ...calls('market')].map((call) => call?.variables.representations)).toEqual(
      Array(2).fill([{ __typename: 'Municipality', slug: 'ahlen' }]),
    );
  });

  it('give nothing of a municipality that only the subgraph knows, and do not ask so again', async () => {
    const { execute, calls } = await start(ALL_ON);
    listed = ['ahlen', 'elsewhere'];

    for (const times of [1, 2]) {
      const { data, extensions } = await execute('{ municipalities { name events offers } }');

      expect(data).toEqual({
        municipalities: [
          { name: 'AHLEN', events: ['in ahlen'], offers: 3 },
          { name: 'ELSEWHERE', events: null, offers: null },
        ],
      });
      expect(extensions?.features?.disabled).toEqual(
        ['events', 'offers'].map((flag) => ({
          flag,
          municipality: 'elsewhere',
          reason: 'DEFAULT',
          pathCount: 1,
          paths: [['municipalities', 1, flag]],
        })),
      );
      // The list as it was, without its gated fields, and those for Ahlen.
      expect(calls('town')).toHaveLength(1 + 2 * times);
      expect(calls('market').map(({ variables }) => variables.representations)).toEqual(
        Array(times).fill([{ __typename: 'Municipality', slug: 'ahlen' }]),
      );
    }
  });

  it('give nothing of an unknown municipality inside of a known one', async () => {
    const { execute } = await start(ALL_ON);

    const { data } = await execute('{ municipality(slug: "ahlen") { events offers partner { events offers } } }');

    expect(data).toEqual({
      municipality: { events: ['in ahlen'], offers: 3, partner: { events: null, offers: null } },
    });
  });

  it.each([
    ['a literal', '{ municipality(slug: "elsewhere") { name events offers } }', {}],
    ['a variable', 'query ($s: ID!) { municipality(slug: $s) { name events offers } }', { s: 'elsewhere' }],
    ['a default', 'query ($s: ID! = "elsewhere") { municipality(slug: $s) { name events offers } }', {}],
  ])('are none where %s names an unknown municipality', async (_, query, variables) => {
    const { execute, calls } = await start(ALL_ON);

    const { data } = await execute(query, variables);

    expect(data).toEqual({ municipality: { name: 'ELSEWHERE', events: null, offers: null } });
    expect(calls('town')).toHaveLength(1);
    expect(JSON.stringify(calls('town')[0]?.variables)).toContain('"feature0":false');
    expect(calls('market')).toHaveLength(0);
  });
});
