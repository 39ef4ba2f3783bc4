import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

const MUNICIPALITIES = {
  augsburg: { events: true, housing: true },
  bremen: { events: false, housing: true },
  celle: { events: true, housing: false },
  dachau: { events: true, housing: { enabled: true, flags: { contact: false } } },
};
const SLUGS = Object.keys(MUNICIPALITIES);
const ENGINES: readonly [string, { engine: EngineName; keepsAnswers?: boolean; overHttp?: boolean }][] = [
  ['compiled', { engine: 'compiled' }],
  ['compiled, straight over HTTP', { engine: 'compiled', keepsAnswers: false, overHttp: true }],
  ['apollo', { engine: 'apollo' }],
];

const content: TestSubgraph = {
  sdl: `
    type Query { municipality(slug: ID!): Municipality  municipalities: [Municipality!]!  pages: [Page!]! }
    type Municipality @key(fields: "slug") {
      slug: ID!
      name: String!
      events(first: Int): [Event!] @feature(flag: "events")
      neighbours: [Municipality!]!
      pages: [Page!]!
    }
    type Event { title: String! municipality: Municipality! }
    type Page { title: String! municipality: Municipality! hint: String @feature(flag: "events") }
  `,
  resolvers: {
    Query: {
      municipality: (_: unknown, { slug }: { slug: string }) => (SLUGS.includes(slug) ? { slug } : null),
      municipalities: () => SLUGS.map((slug) => ({ slug })),
      pages: () => SLUGS.map((slug) => ({ title: `Page of ${slug}`, municipality: { slug } })),
    },
    Municipality: {
      __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
      name: ({ slug }: { slug: string }) => slug.toUpperCase(),
      events: ({ slug }: { slug: string }, { first = 1 }: { first?: number }) =>
        Array.from({ length: first }, (_, index) => ({ title: `Event ${index} of ${slug}`, municipality: { slug } })),
      neighbours: ({ slug }: { slug: string }) =>
        SLUGS.filter((other) => other !== slug).map((other) => ({ slug: other })),
      pages: ({ slug }: { slug: string }) => [{ title: `Page of ${slug}`, municipality: { slug } }],
    },
    Page: { hint: ({ title }: { title: string }) => `Hint on ${title}` },
  },
};

const housing: TestSubgraph = {
  sdl: `
    type Municipality @key(fields: "slug") { slug: ID!  housingOffers: [HousingOffer!] @feature(flag: "housing") }
    type HousingOffer @key(fields: "id") { id: ID!  title: String!  landlord: String @feature(flag: "housing.contact") }
    type Mutation {
      createOffer(municipality: ID!, title: String!): HousingOffer! @feature(flag: "housing")
      withdrawOffer(municipality: ID!): Boolean!
    }
  `,
  resolvers: {
    Municipality: {
      __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
      housingOffers: ({ slug }: { slug: string }) => [
        { id: slug, title: `Flat in ${slug}`, landlord: `Owner in ${slug}` },
      ],
    },
    Mutation: {
      createOffer: (_: unknown, { municipality, title }: { municipality: string; title: string }) => ({
        id: municipality,
        title,
        landlord: 'Owner',
      }),
      withdrawOffer: () => true,
    },
  },
};

let gateway: TestGateway;

afterEach(() => gateway.close());

describe.each(ENGINES)('feature flags with the engine %s', (_name, options) => {
  async function start(overHttp = false): Promise<TestGateway> {
    gateway = await createTestGateway({
      subgraphs: { content, housing },
      municipalities: MUNICIPALITIES,
      overHttp,
      ...options,
    });
    return gateway;
  }

  it('leaves a disabled module out and says so (F-01)', async () => {
    const { execute, calls } = await start();

    const off = await execute('{ municipality(slug: "celle") { name housingOffers { title } } }');

    expect(off.errors).toBeUndefined();
    expect(off.data).toEqual({ municipality: { name: 'CELLE', housingOffers: null } });
    expect(off.extensions?.features?.disabled).toEqual([
      {
        flag: 'housing',
        municipality: 'celle',
        reason: 'STATIC',
        pathCount: 1,
        paths: [['municipality', 'housingOffers']],
      },
    ]);
    expect(calls('housing')).toEqual([]);
  });

  it('asks for an enabled module in full', async () => {
    const { execute } = await start();

    const on = await execute(
      '{ municipality(slug: "augsburg") { name events { title } housingOffers { title landlord } } }',
    );

    expect(on.errors).toBeUndefined();
    expect(on.extensions).toBeUndefined();
    expect(on.data).toEqual({
      municipality: {
        name: 'AUGSBURG',
        events: [{ title: 'Event 0 of augsburg' }],
        housingOffers: [{ title: 'Flat in augsburg', landlord: 'Owner in augsburg' }],
      },
    });
  });

  it.each([
    ['a literal', '{ municipality(slug: "bremen") { name events { title } } }', undefined],
    ['a variable', 'query ($s: ID!) { municipality(slug: $s) { name events { title } } }', { s: 'bremen' }],
    [
      'a default value of a variable (F-08)',
      'query ($s: ID! = "bremen") { municipality(slug: $s) { name events { title } } }',
      undefined,
    ],
    ['aliases (F-02)', '{ municipality(slug: "bremen") { name events: events(first: 3) { title } } }', undefined],
    [
      'named and inline fragments (F-03)',
      '{ municipality(slug: "bremen") { ...A } } fragment A on Municipality { name ... { ...B } } fragment B on Municipality { events { title } }',
      undefined,
    ],
    [
      '@include and @skip (F-08)',
      'query ($y: Boolean = true) { municipality(slug: "bremen") { name ... @include(if: $y) { events @skip(if: false) { title } } } }',
      undefined,
    ],
  ])(
    'excludes a gated field of the subgraph that yields the municipality, named by %s',
    async (_what, query, variables) => {
      const { execute, calls } = await start();

      const { data, errors, extensions } = await execute(query, variables);

      expect(errors).toBeUndefined();
      expect(data).toEqual({ municipality: { name: 'BREMEN', events: null } });
      expect(extensions?.features?.disabled).toMatchObject([{ flag: 'events', municipality: 'bremen' }]);
      expect(calls('content')).toHaveLength(1);
      expect(calls('content')[0]?.variables).toMatchObject({ feature0: false });
    },
  );

  it('decides for each municipality of a list, in one request (F-12)', async () => {
    const { execute, calls } = await start();

    const { data, errors, extensions } = await execute(
      '{ municipalities { slug events { title } housingOffers { title } } }',
    );

    expect(errors).toBeUndefined();
    expect(data?.municipalities).toEqual([
      { slug: 'augsburg', events: [{ title: 'Event 0 of augsburg' }], housingOffers: [{ title: 'Flat in augsburg' }] },
      { slug: 'bremen', events: null, housingOffers: [{ title: 'Flat in bremen' }] },
      { slug: 'celle', events: [{ title: 'Event 0 of celle' }], housingOffers: null },
      { slug: 'dachau', events: [{ title: 'Event 0 of dachau' }], housingOffers: [{ title: 'Flat in dachau' }] },
    ]);
    expect(extensions?.features?.disabled.map(({ flag, municipality }) => [flag, municipality])).toEqual([
      ['events', 'bremen'],
      ['housing', 'celle'],
    ]);
    const [first, lifted, ...more] = calls('content');
    expect(more).toEqual([]);
    expect(first?.query).not.toContain('events');
    expect(JSON.stringify(lifted?.variables.representations)).not.toContain('bremen');
    expect(calls('housing')).toHaveLength(1);
    expect(JSON.stringify(calls('housing')[0]?.variables)).not.toContain('celle');
  });

  it('lifts a gated field whatever the client calls slug', async () => {
    const { execute } = await start();

    const { data } = await execute('{ municipalities { slug: name __typename events { title } } }');

    expect(data?.municipalities).toEqual([
      { slug: 'AUGSBURG', __typename: 'Municipality', events: [{ title: 'Event 0 of augsburg' }] },
      { slug: 'BREMEN', __typename: 'Municipality', events: null },
      { slug: 'CELLE', __typename: 'Municipality', events: [{ title: 'Event 0 of celle' }] },
      { slug: 'DACHAU', __typename: 'Municipality', events: [{ title: 'Event 0 of dachau' }] },
    ]);
  });

  it('decides anew for a municipality inside a municipality (F-11)', async () => {
    const { execute } = await start();

    const { data } = await execute(
      '{ municipality(slug: "augsburg") { events { municipality { neighbours { slug events { title } } } } } }',
    );

    expect(data).toEqual({
      municipality: {
        events: [
          {
            municipality: {
              neighbours: [
                { slug: 'bremen', events: null },
                { slug: 'celle', events: [{ title: 'Event 0 of celle' }] },
                { slug: 'dachau', events: [{ title: 'Event 0 of dachau' }] },
              ],
            },
          },
        ],
      },
    });
  });

  it('binds a field of another type to the municipality that encloses it', async () => {
    const { execute } = await start();

    const { data } = await execute('{ municipalities { pages { title hint } } }');

    expect(data?.municipalities).toEqual([
      { pages: [{ title: 'Page of augsburg', hint: 'Hint on Page of augsburg' }] },
      { pages: [{ title: 'Page of bremen', hint: null }] },
      { pages: [{ title: 'Page of celle', hint: 'Hint on Page of celle' }] },
      { pages: [{ title: 'Page of dachau', hint: 'Hint on Page of dachau' }] },
    ]);
  });

  it('closes a gated field that nothing binds', async () => {
    const { execute, calls } = await start();

    const { data, extensions } = await execute('{ pages { hint } }');

    expect(data?.pages).toEqual([{ hint: null }, { hint: null }, { hint: null }, { hint: null }]);
    expect(extensions?.features?.disabled).toEqual([
      {
        flag: 'events',
        municipality: null,
        reason: 'ERROR',
        pathCount: 4,
        paths: [
          ['pages', 0, 'hint'],
          ['pages', 1, 'hint'],
          ['pages', 2, 'hint'],
          ['pages', 3, 'hint'],
        ],
      },
    ]);
    expect(calls('content')[0]?.query).not.toContain('hint');
  });

  it('switches a flag below a module, with one request for each set of decisions', async () => {
    const { execute, calls } = await start();

    const { data } = await execute('{ municipalities { housingOffers { title landlord } } }');

    expect(data?.municipalities).toEqual([
      { housingOffers: [{ title: 'Flat in augsburg', landlord: 'Owner in augsburg' }] },
      { housingOffers: [{ title: 'Flat in bremen', landlord: 'Owner in bremen' }] },
      { housingOffers: null },
      { housingOffers: [{ title: 'Flat in dachau', landlord: null }] },
    ]);
    const texts = calls('housing').map(({ query }) => query);
    expect(texts).toHaveLength(2);
    expect(new Set(texts).size).toBe(1);
  });

  it('takes the decisions of each municipality for its own, whichever comes first', async () => {
    const { execute, setMunicipalities } = await start();
    setMunicipalities({ ...MUNICIPALITIES, augsburg: { housing: { enabled: true, flags: { contact: false } } } });

    const { data } = await execute('{ municipalities { housingOffers { landlord } } }');

    expect(data?.municipalities).toEqual([
      { housingOffers: [{ landlord: null }] },
      { housingOffers: [{ landlord: 'Owner in bremen' }] },
      { housingOffers: null },
      { housingOffers: [{ landlord: null }] },
    ]);
  });

  it('refuses a mutation of a disabled module before anything is sent (F-09)', async () => {
    const { execute, calls } = await start();

    const refused = await execute(
      'mutation { a: createOffer(municipality: "augsburg", title: "x") { id } b: createOffer(municipality: "celle", title: "y") { id } }',
    );

    expect(refused.data).toBeNull();
    expect(refused.errors).toMatchObject([
      { path: ['b'], extensions: { code: 'FEATURE_DISABLED', municipal: { flag: 'housing', municipality: 'celle' } } },
    ]);
    expect(calls('housing')).toEqual([]);
  });

  it('runs a mutation that is on, gates what it returns, and never gates a withdrawal', async () => {
    const { execute } = await start();

    const created = await execute(
      'mutation ($m: ID!) { createOffer(municipality: $m, title: "x") { title landlord } }',
      { m: 'dachau' },
    );
    const withdrawn = await execute('mutation { withdrawOffer(municipality: "celle") }');

    expect(created.data).toEqual({ createOffer: { title: 'x', landlord: null } });
    expect(withdrawn.data).toEqual({ withdrawOffer: true });
  });

  it('follows the register from one request to the next, with one plan', async () => {
    const { execute, setMunicipalities } = await start();
    const query = '{ municipality(slug: "celle") { housingOffers { title } } }';

    const before = await execute(query);
    setMunicipalities({ ...MUNICIPALITIES, celle: { housing: true } });
    const after = await execute(query);

    expect(before.data).toEqual({ municipality: { housingOffers: null } });
    expect(after.data).toEqual({ municipality: { housingOffers: [{ title: 'Flat in celle' }] } });
  });

  it('holds over HTTP as it does in process', async () => {
    const { execute } = await start(true);

    const { data } = await execute('{ municipalities { slug events { title } housingOffers { title } } }');

    expect(JSON.stringify(data)).not.toContain('Event 0 of bremen');
    expect(JSON.stringify(data)).not.toContain('Flat in celle');
    expect(JSON.stringify(data)).toContain('Flat in bremen');
  });
});

describe.each(ENGINES)('a gateway that reads no municipality, with the engine %s,', (_name, options) => {
  it('has every flag on', async () => {
    gateway = await createTestGateway({ subgraphs: { content, housing }, ...options });

    const { data, extensions } = await gateway.execute(
      '{ municipality(slug: "celle") { housingOffers { title landlord } } }',
    );

    expect(data).toEqual({ municipality: { housingOffers: [{ title: 'Flat in celle', landlord: 'Owner in celle' }] } });
    expect(extensions).toBeUndefined();
  });
});
