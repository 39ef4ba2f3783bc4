import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { createTestGateway, type SubgraphJson, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

const OFF = {
  ahlen: { events: false, walks: true },
  bonn: { events: true, walks: false },
  celle: { events: false, walks: false },
};
const MUNICIPALITIES: Readonly<Record<string, Record<string, unknown>>> = {
  ...OFF,
  dorum: { events: true, walks: true },
};
const SLUGS = Object.keys(MUNICIPALITIES);

interface Slug {
  readonly slug: string;
}

/** Modules whose fields stand first, between others, and around objects that another subgraph adds to. */
const town: TestSubgraph = {
  sdl: `
    type Query { municipality(slug: ID!): Municipality  municipalities: [Municipality!]! }
    type Municipality @key(fields: "slug") { slug: ID!  name: String! }
  `,
  resolvers: {
    Query: {
      municipality: (_: unknown, { slug }: Slug) => ({ slug }),
      municipalities: () => SLUGS.map((slug) => ({ slug })),
    },
    Municipality: { __resolveReference: ({ slug }: Slug) => ({ slug }), name: ({ slug }: Slug) => slug.toUpperCase() },
  },
};
const leisure: TestSubgraph = {
  sdl: `
    type Municipality @key(fields: "slug") {
      slug: ID!
      events: [Event!] @feature(flag: "events")
      eventCount: Int @feature(flag: "events")
      walks: [Walk!] @feature(flag: "walks")
      motto: String
      sights: [Sight!]!
    }
    type Event { title: String!  place: Place! }
    type Walk { length: Int!  start: Place }
    type Sight { title: String  events: [Event!] @feature(flag: "events")  height: Int }
    type Place @key(fields: "id") { id: ID! }
  `,
  resolvers: {
    Municipality: {
      __resolveReference: ({ slug }: Slug) => ({ slug }),
      events: ({ slug }: Slug) => [1, 2].map((n) => ({ title: `Fair ${n} of ${slug}`, place: { id: `p${n}` } })),
      eventCount: () => 2,
      walks: ({ slug }: Slug) => [
        { length: slug.length, start: { id: 'p1' } },
        { length: 9, start: null },
      ],
      motto: ({ slug }: Slug) => (slug === 'bonn' ? null : `"${slug}" ü`),
      sights: ({ slug }: Slug) => [
        { title: 'Tower', height: 40, events: [{ title: `At ${slug}`, place: { id: 'p3' } }] },
      ],
    },
  },
};
const places: TestSubgraph = {
  sdl: 'type Place @key(fields: "id") { id: ID!  street: String }',
  resolvers: {
    Place: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      street: ({ id }: { id: string }) => `Street ${id}`,
    },
  },
};

const FIELDS = {
  'that stand first': 'events { title } eventCount motto',
  'between others': 'name walks { length } motto eventCount slug',
  'that are all there is': 'a: eventCount b: walks { length }',
  'around objects that another subgraph adds to':
    'walks { start { id street } length } motto events { place { street } title }',
  'inside of objects': 'sights { events { title place { id street } } title height } walks { length }',
  'at the end': 'motto name events { title place { id } }',
};
const operations = Object.entries(FIELDS).flatMap(([where, fields]) => [
  { where, of: 'one municipality', query: `query($slug: ID!) { municipality(slug: $slug) { ${fields} } }` },
  { where, of: 'a list', query: `{ municipalities { ${fields} } }` },
]);

let gateway: TestGateway;
let bodiesParsed: readonly string[] = [];
beforeEach(() => {
  const parsed: string[] = [];
  const parse = JSON.parse.bind(JSON);
  jest.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
    parsed.push(text);
    return parse(text, reviver);
  });
  bodiesParsed = parsed;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.close();
});

function entitiesIn(data: SubgraphJson['data']): readonly object[] {
  return (data?._entities ?? []) as readonly object[];
}

function start(overHttp: boolean, leisureWith: Partial<TestSubgraph> = {}): Promise<TestGateway> {
  return createTestGateway({
    subgraphs: { town, leisure: { ...leisure, ...leisureWith }, places },
    municipalities: MUNICIPALITIES,
    overHttp,
    keepsAnswers: false,
  });
}

describe('F-12, F-24: answers of which parts are left out', () => {
  it.each(operations)('are not parsed: fields of $of $where', async ({ query }) => {
    const expected: unknown[] = [];
    for (const overHttp of [false, true]) {
      gateway = await start(overHttp);
      for (const slug of SLUGS) {
        const { data, errors, extensions } = await gateway.execute(query, query.includes('$slug') ? { slug } : {});
        expect(errors).toBeUndefined();
        if (overHttp) {
          expect({ data, extensions }).toEqual(expected.shift());
        } else {
          expected.push({ data, extensions });
        }
      }
      if (!overHttp) {
        await gateway.close();
      }
    }
    expect(bodiesParsed.filter((text) => text.startsWith('{"data"'))).toEqual([]);
  });

  it('come in one request for each set of decisions, and those without anything left in none', async () => {
    gateway = await start(true);

    const { data } = await gateway.execute('{ municipalities { slug eventCount walks { length } } }');

    expect(data).toEqual({
      municipalities: [
        { slug: 'ahlen', eventCount: null, walks: [{ length: 5 }, { length: 9 }] },
        { slug: 'bonn', eventCount: 2, walks: null },
        { slug: 'celle', eventCount: null, walks: null },
        { slug: 'dorum', eventCount: 2, walks: [{ length: 5 }, { length: 9 }] },
      ],
    });
    const asked = gateway
      .calls('leisure')
      .map(({ variables }) => (variables.representations as Slug[]).map(({ slug }) => slug));
    expect(asked).toEqual(expect.arrayContaining([['ahlen'], ['bonn'], ['dorum']]));
    expect(asked).toHaveLength(3);
  });

  it('show nothing of what the subgraph sends all the same', async () => {
    const surplus = { eventCount: 7, walks: [{ length: 1 }] };
    gateway = await start(true, {
      spoil: ({ data }) => ({
        data: { _entities: entitiesIn(data).map((entity) => ({ ...entity, ...surplus })) },
      }),
    });

    const { data } = await gateway.execute('{ municipalities { slug eventCount walks { length } } }');

    expect(data).toEqual({
      municipalities: [
        { slug: 'ahlen', eventCount: null, walks: [{ length: 1 }] },
        { slug: 'bonn', eventCount: 7, walks: null },
        { slug: 'celle', eventCount: null, walks: null },
        { slug: 'dorum', eventCount: 7, walks: [{ length: 1 }] },
      ],
    });
  });

  it('are empty only where their own request failed, and nothing is asked twice', async () => {
    gateway = await start(true, {
      spoil: (answer, { variables }) =>
        (variables.representations as Slug[])[0]?.slug === 'bonn'
          ? { data: null, errors: [{ message: 'No.', path: ['_entities', 0] }] }
          : answer,
    });

    const { data, errors } = await gateway.execute('{ municipalities { slug eventCount walks { length } } }');

    expect(data).toEqual({
      municipalities: [
        { slug: 'ahlen', eventCount: null, walks: [{ length: 5 }, { length: 9 }] },
        { slug: 'bonn', eventCount: null, walks: null },
        { slug: 'celle', eventCount: null, walks: null },
        { slug: 'dorum', eventCount: 2, walks: [{ length: 5 }, { length: 9 }] },
      ],
    });
    expect(errors?.map(({ path }) => path)).toEqual([['municipalities', 1]]);
    expect(gateway.calls('leisure')).toHaveLength(3);
  });

  it.each([
    ['backwards', (entity: object) => Object.fromEntries(Object.entries(entity).reverse())],
    ['with more fields', (entity: object) => ({ extra: { x: 1 }, ...entity })],
  ])('are the same where the subgraph writes them %s', async (_how, rewrite) => {
    gateway = await start(true, {
      spoil: ({ data }) => ({ data: { _entities: entitiesIn(data).map(rewrite) } }),
    });

    const { data } = await gateway.execute('{ municipality(slug: "ahlen") { eventCount motto walks { length } } }');

    expect(data).toEqual({
      municipality: { eventCount: null, motto: '"ahlen" ü', walks: [{ length: 5 }, { length: 9 }] },
    });
  });
});
