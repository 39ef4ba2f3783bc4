import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, isObjectType } from 'graphql';

import type { EngineName } from '../../gateway/createGateway.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { createRedisStore } from '../../platform/keyvalue/createRedisStore.ts';
import type { KeyValueStore } from '../../platform/keyvalue/KeyValueStore.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';
import { createSubgraph } from '../../subgraphs/kit/createSubgraph.ts';
import { describeRedis, startRedis, until } from '../support/redis.ts';
import { createTestGateway, type TestAnswer, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';
import type { Decide } from './generated/oracle.ts';
import { askedThoughOff } from './generated/outgoing.ts';
import { content, createTown, housing, MUNICIPALITIES, reviews, SLUGS, townContract } from './town.ts';

const CONTRACT = townContract();
const SUBGRAPHS = ['content', 'housing', 'reviews'];

/** What the files of the test world say, read once more by hand. */
function decideBy(modules: Readonly<Record<string, Record<string, unknown>>>): Decide {
  return (slug, flag) => {
    const [module = '', part] = flag.split('.');
    const entry = modules[slug]?.[module] as boolean | { enabled: boolean; flags: Record<string, boolean> } | undefined;
    return typeof entry === 'object'
      ? entry.enabled && (part === undefined || entry.flags[part] !== false)
      : entry === true;
  };
}

/**
 * The spy in front of every subgraph: no request, no representation and no selection of a module for a municipality that
 * has it off. `since`: how many requests each subgraph had before.
 */
function expectNothingAskedThatIsOff(
  gateway: TestGateway,
  modules: Readonly<Record<string, Record<string, unknown>>> = MUNICIPALITIES,
  since: Readonly<Record<string, number>> = {},
): void {
  const asked = SUBGRAPHS.flatMap((name) =>
    gateway
      .calls(name)
      .slice(since[name] ?? 0)
      .flatMap((call) => askedThoughOff(call, { ...CONTRACT, isOn: decideBy(modules), slugs: SLUGS })),
  );
  expect(asked).toEqual([]);
}

/** How many requests each subgraph has had. */
function countCalls(gateway: TestGateway): Record<string, number> {
  return Object.fromEntries(SUBGRAPHS.map((name) => [name, gateway.calls(name).length]));
}

/** Flags and municipalities of the notes on what is off. */
function notesOf({ extensions }: TestAnswer): readonly string[] {
  return (extensions?.features?.disabled ?? []).map(({ flag, municipality }) => `${flag} ${municipality}`);
}

const ROOT_ALIASES = Array.from({ length: 20 }, (_, i) => `e${i}: eventsOf(municipality: "bremen") { title }`).join(
  ' ',
);
const ALIASES = Array.from({ length: 29 }, (_, i) => `e${i}: events(first: ${i + 1}) { title }`).join(' ');

/** An operation of a municipality without the module, what it answers, and what it is told to be off. */
const CLOSED: readonly [
  title: string,
  query: string,
  data: unknown,
  notes: readonly string[],
  variables?: Record<string, unknown>,
][] = [
  [
    'F-01: a root field is null, and its fetch is not made',
    '{ eventsOf(municipality: "bremen") { title } }',
    { eventsOf: null },
    ['events bremen'],
  ],
  [
    'F-02: aliases do not help',
    `{ municipality(slug: "bremen") { name ${ALIASES} } }`,
    { municipality: { name: 'BREMEN', ...Object.fromEntries(Array.from({ length: 29 }, (_, i) => [`e${i}`, null])) } },
    ['events bremen'],
  ],
  [
    'F-02: nor do aliases of a root field',
    `{ ${ROOT_ALIASES} }`,
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`e${i}`, null])),
    ['events bremen'],
  ],
  [
    'F-03: neither do named, inline and nested fragments',
    '{ municipality(slug: "bremen") { ...A } } fragment A on Municipality { name ... { ...B } } fragment B on Municipality { ... on Municipality { events { title } } }',
    { municipality: { name: 'BREMEN', events: null } },
    ['events bremen'],
  ],
  [
    'F-04: an interface shows no more than the type that implements it',
    '{ municipality(slug: "bremen") { titled { id title ... on Event { t: title } } } }',
    { municipality: { titled: [{ id: 'page@bremen', title: 'Title of page@bremen' }, null] } },
    ['events bremen'],
  ],
  [
    'F-04: nor does Node',
    '{ node(id: "event-1@bremen") { id ... on Titled { title } ... on Event { t: title } } }',
    { node: null },
    [],
  ],
  [
    'F-05: a union does not tell that there is something',
    '{ municipality(slug: "bremen") { hits { __typename } } }',
    { municipality: { hits: [{ __typename: 'Page' }, null] } },
    ['events bremen'],
  ],
  [
    'F-06: an edge of another subgraph leads nowhere',
    '{ municipality(slug: "celle") { pages { id relatedOffers { title landlord } } } }',
    { municipality: { pages: [{ id: 'page@celle', relatedOffers: null }] } },
    ['housing celle'],
  ],
  [
    'F-06: nor does a field of an entity that a third subgraph adds',
    '{ municipality(slug: "dachau") { pages { rating } housingOffers { rating } } }',
    { municipality: { pages: [{ rating: null }], housingOffers: [{ rating: null }] } },
    ['reviews dachau'],
  ],
  [
    'F-07: an id that exists and one that does not look alike',
    '{ there: node(id: "event-1@bremen") { id } not: node(id: "event-1@nowhere") { id } }',
    { there: null, not: null },
    [],
  ],
  [
    'F-08: @include, @skip and defaults of variables change nothing',
    'query ($s: ID! = "bremen", $yes: Boolean = true, $no: Boolean!) { municipality(slug: $s) { name ... @include(if: $yes) { events @skip(if: $no) { title } } c: eventCount @include(if: $yes) } }',
    { municipality: { name: 'BREMEN', events: null, c: null } },
    ['events bremen'],
    { no: false },
  ],
  [
    'F-11: each municipality inside another decides for itself',
    '{ municipality(slug: "augsburg") { neighbours { slug events { title } } } }',
    {
      municipality: {
        neighbours: [
          { slug: 'bremen', events: null },
          { slug: 'celle', events: [{ title: 'Title of event-1@celle' }] },
          { slug: 'dachau', events: [{ title: 'Title of event-1@dachau' }] },
        ],
      },
    },
    ['events bremen'],
  ],
  [
    'F-12: a list keeps its order, and none answers for another',
    '{ municipalities { slug offerCount housingOffers { id landlord } pages { rating } } }',
    {
      municipalities: [
        {
          slug: 'augsburg',
          offerCount: 3,
          housingOffers: [{ id: 'offer@augsburg', landlord: 'Owner of offer@augsburg' }],
          pages: [{ rating: 4 }],
        },
        {
          slug: 'bremen',
          offerCount: 3,
          housingOffers: [{ id: 'offer@bremen', landlord: 'Owner of offer@bremen' }],
          pages: [{ rating: 4 }],
        },
        { slug: 'celle', offerCount: null, housingOffers: null, pages: [{ rating: 4 }] },
        {
          slug: 'dachau',
          offerCount: 3,
          housingOffers: [{ id: 'offer@dachau', landlord: null }],
          pages: [{ rating: null }],
        },
      ],
    },
    ['housing celle', 'housing.contact dachau', 'reviews dachau'],
  ],
  [
    'F-13: counts and finds leave the module out',
    '{ municipalities { slug eventCount contacts } found(text: "a") { __typename ... on Event { id } } }',
    {
      municipalities: [
        { slug: 'augsburg', eventCount: 7, contacts: 2 },
        { slug: 'bremen', eventCount: null, contacts: 2 },
        { slug: 'celle', eventCount: 7, contacts: null },
        { slug: 'dachau', eventCount: 7, contacts: null },
      ],
      found: SLUGS.flatMap((slug) => [
        { __typename: 'Page' },
        slug === 'bremen' ? null : { __typename: 'Event', id: `event-1@${slug}` },
      ]),
    },
    ['events bremen', 'housing.contact celle', 'housing.contact dachau'],
  ],
];

const nothingToClose = { close: async () => {} } as TestGateway;
let gateway = nothingToClose;
afterEach(async () => {
  await gateway.close();
  gateway = nothingToClose;
});

/** Ways that an operation takes: through a call or over HTTP, parsed or in bytes, with what was kept or without. */
const WAYS: readonly [name: string, options: Parameters<typeof createTown>[0]][] = [
  ['in one process', {}],
  ['over HTTP, nothing kept', { overHttp: true, keepsAnswers: false }],
  ['over HTTP, answers kept', { overHttp: true }],
];

describe.each<[EngineName]>([['compiled'], ['apollo']])('municipalities apart from another, engine %s,', (engine) => {
  describe.each(WAYS)('%s', (_way, options = {}) => {
    let town: TestGateway;
    beforeAll(async () => {
      const store = options.overHttp === true && options.keepsAnswers !== false ? { store: createMemoryStore() } : {};
      town = await createTown({ engine, ...options, ...store });
    });
    afterAll(() => town.close());

    // Every row with all columns: jest takes a missing one for its callback.
    it.each(
      CLOSED.map(([title, query, data, notes, variables = {}]) => [title, query, data, notes, variables] as const),
    )('%s', async (_title, query, data, notes, variables) => {
      const first = await town.execute(query, variables);
      const again = await town.execute(query, variables); // on the short way, where there is one

      expect(first.errors).toBeUndefined();
      expect(first.data).toEqual(data);
      expect(notesOf(first)).toEqual(notes);
      expect(again).toEqual(first);
      expectNothingAskedThatIsOff(town);
    });
  });

  it('F-07: what errors or a refusal would tell is not told of an id either', async () => {
    gateway = await createTown({ engine });
    for (const whenOff of ['errors', 'reject']) {
      gateway.setMunicipalities({ ...MUNICIPALITIES, bremen: { events: { enabled: false, whenOff } } });
      const ask = (id: string) => gateway.execute('query ($id: ID!) { node(id: $id) { id } }', { id });

      expect(await ask('event-1@bremen')).toEqual(await ask('event-1@nowhere'));
    }
    expectNothingAskedThatIsOff(gateway);
  });

  it('F-01: a module that is all there is to ask for costs no request', async () => {
    gateway = await createTown({ engine });

    await gateway.execute('{ eventsOf(municipality: "bremen") { title } eventsIn(town: "bremen") { title } }');
    await gateway.execute('{ municipality(slug: "celle") { offerCount contacts } }');

    expect(gateway.calls('housing')).toEqual([]);
    expect(gateway.calls('content').map(({ query }) => query)).toHaveLength(1);
    expectNothingAskedThatIsOff(gateway);
  });

  it.each(['createOffer', 'editOffer', 'reportOffer'])(
    'F-09: %s is refused before anything is written, whatever else the operation holds',
    async (field) => {
      gateway = await createTown({ engine });
      const payload = field === 'reportOffer' ? '{ offer { id } }' : '{ id }';

      const { data, errors } = await gateway.execute(
        `mutation { done: withdrawOffer(municipality: "celle") no: ${field}(municipality: "celle", title: "x") ${payload} }`,
      );

      expect(data).toBeNull();
      expect(errors).toMatchObject([{ path: ['no'], extensions: { code: 'FEATURE_DISABLED' } }]);
      expect(SUBGRAPHS.flatMap((name) => gateway.calls(name))).toEqual([]);
    },
  );

  it('F-09: a missing variable for its municipality is the client’s mistake, and nothing is written', async () => {
    gateway = await createTown({ engine });

    const { status, errors } = await gateway.execute(
      'mutation ($slug: ID!) { createOffer(municipality: $slug, title: "x") { id } }',
    );

    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(gateway.calls('housing')).toEqual([]);
  });

  it('F-09: taking back what is one’s own stays possible', async () => {
    gateway = await createTown({ engine });

    const { data } = await gateway.execute('mutation { withdrawOffer(municipality: "celle") }');

    expect(data).toEqual({ withdrawOffer: true });
    expectNothingAskedThatIsOff(gateway);
  });

  it('F-10: the argument decides, whatever host and headers say', async () => {
    gateway = await createTown({ engine });
    const ask = async (slug: string, other: string) => {
      const sent = request(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          host: `${other}.example.org`,
          'x-forwarded-host': `${other}.example.org`,
          origin: `https://${other}.example.org`,
        },
      });
      sent.end(JSON.stringify({ query: `{ municipality(slug: "${slug}") { events { id } } }` }));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return ((await json(response)) as { data: unknown }).data;
    };

    expect(await ask('bremen', 'augsburg')).toEqual({ municipality: { events: null } });
    expect(await ask('augsburg', 'bremen')).toEqual({ municipality: { events: [{ id: 'event-1@augsburg' }] } });
    expectNothingAskedThatIsOff(gateway);
  });

  it('F-14: the schema of a municipality has nothing of a module that is off', async () => {
    gateway = await createTown({ engine });
    const schemaOf = async (slug: string) => {
      const response = await fetch(new URL(`/schema/${slug}`, gateway.url));
      return buildSchema(await response.text());
    };
    const fieldsOf = (schema: Awaited<ReturnType<typeof schemaOf>>, type: string) => {
      const found = schema.getType(type);
      return isObjectType(found) ? Object.keys(found.getFields()) : [];
    };

    const [bremen, celle] = await Promise.all([schemaOf('bremen'), schemaOf('celle')]);

    expect(bremen.getType('Event')).toBeUndefined();
    expect(fieldsOf(bremen, 'Municipality')).not.toContain('events');
    expect(fieldsOf(celle, 'Municipality')).toContain('events');
    expect(celle.getType('HousingOffer')).toBeUndefined();
    expect(celle.getMutationType()?.getFields()).not.toHaveProperty('createOffer');
  });

  it('F-14: introspection tells what there is, and nothing about a municipality', async () => {
    gateway = await createTown({ engine });

    const { data } = await gateway.execute('{ __type(name: "Municipality") { fields { name } } }');

    expect(JSON.stringify(data)).toContain('housingOffers');
    expect(SUBGRAPHS.flatMap((name) => gateway.calls(name))).toEqual([]);
  });

  it('F-18: equal requests in flight share nothing across a switch', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const resolvers = housing.resolvers as { Municipality: Record<string, unknown> };
    const slow = {
      ...housing,
      resolvers: {
        ...resolvers,
        Municipality: { ...resolvers.Municipality, offerCount: () => held.then(() => 3) },
      },
    };
    gateway = await createTown({ engine, subgraphs: { content, housing: slow, reviews } });
    const query = 'query ($s: ID!) { municipality(slug: $s) { offerCount } }';

    const first = gateway.execute(query, { s: 'augsburg' });
    await until(() => gateway.calls('housing').length === 1);
    gateway.setMunicipalities({ ...MUNICIPALITIES, augsburg: { housing: false } });
    const second = await gateway.execute(query, { s: 'augsburg' });
    const other = await gateway.execute(query, { s: 'celle' });
    release();

    expect(second.data).toEqual({ municipality: { offerCount: null } });
    expect(other.data).toEqual({ municipality: { offerCount: null } });
    expect((await first).data).toEqual({ municipality: { offerCount: 3 } });
    expect(gateway.calls('housing')).toHaveLength(1);
    expectNothingAskedThatIsOff(gateway);
  });

  it('F-20: a persisted query that one municipality registered decides anew for another', async () => {
    gateway = await createTown({ engine });
    const query = 'query ($s: ID!) { municipality(slug: $s) { name events { id } } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const post = async (body: object) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return ((await response.json()) as { data: unknown }).data;
    };

    const registered = await post({ query, extensions, variables: { s: 'augsburg' } });
    const used = await post({ extensions, variables: { s: 'bremen' } });

    expect(registered).toEqual({ municipality: { name: 'AUGSBURG', events: [{ id: 'event-1@augsburg' }] } });
    expect(used).toEqual({ municipality: { name: 'BREMEN', events: null } });
    expectNothingAskedThatIsOff(gateway);
  });

  it.each([
    ['that no file mentions', { celle: {} }, 'DEFAULT'],
    ['of a municipality that no file describes', {}, 'DEFAULT'],
  ])('F-22: a flag %s is off', async (_what, modules, reason) => {
    gateway = await createTown({ engine, municipalities: { augsburg: {}, ...modules } });

    const { data, extensions } = await gateway.execute('{ municipality(slug: "celle") { housingOffers { id } } }');

    expect(data).toEqual({ municipality: { housingOffers: null } });
    expect(extensions?.features?.disabled).toMatchObject([{ flag: 'housing', municipality: 'celle', reason }]);
    expectNothingAskedThatIsOff(gateway, { augsburg: {}, bremen: {}, celle: {}, dachau: {} });
  });

  it('F-23: no cache between gateway and client keeps an answer', async () => {
    gateway = await createTown({ engine });
    const query = '{ municipality(slug: "augsburg") { events { id } } }';
    const ask = (method: 'GET' | 'POST') =>
      method === 'GET'
        ? fetch(`${gateway.url}?query=${encodeURIComponent(query)}`, {
            headers: { 'apollo-require-preflight': 'yes' },
          })
        : fetch(gateway.url, {
            method,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query }),
          });

    const answers = [await ask('POST'), await ask('POST'), await ask('GET')];

    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(['no-store', 'no-store', 'no-store']);
    await Promise.all(answers.map((answer) => answer.text()));
  });
});

it('F-22: a flag misspelt or of the wrong type is an error of its file', () => {
  const modules = [{ name: 'housing', flags: ['contact'] }] as unknown as Parameters<
    typeof readMunicipalityFiles
  >[1]['modules'];
  const read = (own: object) =>
    readMunicipalityFiles([{ file: 'celle.yaml', text: JSON.stringify({ name: 'Celle', modules: own }) }], {
      modules,
      loadedAt: new Date(0),
    }).kind;

  expect([read({ housing: true }), read({ hausing: true }), read({ housing: 'yes' })]).toEqual([
    'read',
    'refused',
    'refused',
  ]);
});

it('F-19: what a subgraph loads for one request is not another one’s', async () => {
  const seen: object[] = [];
  const meeting: (() => void)[] = [];
  const subgraph = await createSubgraph({
    name: 'meeting',
    typeDefs: 'type Query { slug(of: ID!): ID }',
    resolvers: {
      Query: {
        slug: async (_: unknown, { of }: { of: string }, context: object) => {
          seen.push(context);
          // Both requests are in their resolvers at the same time.
          await new Promise<void>((resolve) => {
            meeting.push(resolve);
            if (meeting.length === 2) {
              for (const go of meeting) {
                go();
              }
            }
          });
          return of;
        },
      },
    },
    createContext: () => ({ loaders: {} }),
    logger: silentLogger,
  });

  const answers = await Promise.all(['a', 'b'].map((of) => subgraph.execute({ query: `{ slug(of: "${of}") }` })));
  await subgraph.close();

  expect(answers.map(({ data }) => data)).toEqual([{ slug: 'a' }, { slug: 'b' }]);
  expect(seen[0]).not.toBe(seen[1]);
});

/** Cache rows, for one kind of store. `settled` resolves when what was written can be read. */
function cacheRows(
  createStore: () => Promise<{ store: KeyValueStore; other: KeyValueStore; close: () => Promise<void> }>,
): void {
  const QUERY = '{ municipality(slug: "augsburg") { name events { id title } housingOffers { title } } }';
  const OFF = { ...MUNICIPALITIES, augsburg: { events: false, housing: false } };
  const ON = {
    municipality: {
      name: 'AUGSBURG',
      events: [{ id: 'event-1@augsburg', title: 'Title of event-1@augsburg' }],
      housingOffers: [{ title: 'Title of offer@augsburg' }],
    },
  };
  const NONE = { municipality: { name: 'AUGSBURG', events: null, housingOffers: null } };

  it.each<[EngineName]>([['compiled'], ['apollo']])(
    'F-15: what was kept while a module was on is not served once it is off, on any instance, engine %s',
    async (engine) => {
      const { store, other, close } = await createStore();
      gateway = await createTown({ engine, store });
      const second = await createTown({ engine, store: other });

      expect((await gateway.execute(QUERY)).data).toEqual(ON);
      await until(async () => {
        await gateway.execute(QUERY);
        const before = gateway.calls('housing').length;
        await gateway.execute(QUERY);
        return gateway.calls('housing').length === before;
      });
      expect((await second.execute(QUERY)).data).toEqual(ON);
      expect(second.calls('housing')).toEqual([]);
      const since = countCalls(gateway);
      gateway.setMunicipalities(OFF);
      second.setMunicipalities(OFF);
      for (const each of [gateway, second, gateway, second]) {
        expect((await each.execute(QUERY)).data).toEqual(NONE);
      }
      expectNothingAskedThatIsOff(gateway, OFF, since);
      expectNothingAskedThatIsOff(second, OFF);
      await second.close();
      await close();
    },
  );

  it.each<[EngineName]>([['compiled'], ['apollo']])(
    'F-16: nor when the subgraph is gone and only the kept copy is left, engine %s',
    async (engine) => {
      const { store, other, close } = await createStore();
      let areGone = false;
      const subgraphs = Object.fromEntries(
        Object.entries({ content, housing, reviews }).map(([name, each]) => [name, failingWhen(each, () => areGone)]),
      );
      gateway = await createTown({ engine, store, subgraphs });
      const second = await createTown({ engine, store: other, subgraphs });
      const query = '{ municipality(slug: "augsburg") { housingOffers { title } } }';
      const kept = '{"municipality":{"housingOffers":[{"title":"Title of offer@augsburg"}]}}';

      await gateway.execute(query);
      areGone = true;
      await until(async () => JSON.stringify((await second.execute(query)).data) === kept);
      const since = countCalls(second);
      second.setMunicipalities(OFF);
      const { data } = await second.execute(query);

      expect(JSON.stringify(data)).not.toContain('offer@augsburg');
      expectNothingAskedThatIsOff(second, OFF, since);
      await second.close();
      await close();
    },
  );

  it.each<[EngineName]>([['compiled'], ['apollo']])(
    'F-17: what means something else has another key, and what means the same has the same, engine %s',
    async (engine) => {
      const { store, close } = await createStore();
      gateway = await createTestGateway({ engine, store, subgraphs: SAYING });
      const text = 'query ($s: ID!, $a: String, $b: String) { municipality(slug: $s) { said(a: $a, b: $b) } }';
      const others: readonly (readonly [query: string, variables: Record<string, unknown>])[] = [
        ...['augsburg', 'Augsburg', 'AUGSBURG', 'augsburg.', 'augsburg ', ' augsburg'].map(
          (s) => [text, { s }] as const,
        ),
        ...['köln', 'köln'.normalize('NFD'), 'koln', 'giessen', 'gießen'].map((s) => [text, { s }] as const),
        [text, { s: 'a:b', a: 'c' }],
        [text, { s: 'a', a: 'b:c' }],
        [text, { s: 'a', a: 'b', b: 'c' }],
        [text, { s: 'a', a: 'b","b":"c' }],
        [text, { s: 'a', a: 'c', b: 'b' }],
        ...['de', 'de-DE', 'de-de', 'DE'].map((a) => [text, { s: 'hof', a }] as const),
        [text, { s: 'hof', a: null }],
        [text, { s: 'hof', b: null }],
        [text, { s: 'hof', a: '' }],
        [text, { s: 'hof', a: 'null' }],
        ['{ municipality(slug: "hof") { said(a: "1") } }', {}],
        ['{ municipality(slug: "hof") { said(n: 1) } }', {}],
        ['{ municipality(slug: "hof") { said(o: { a: "1" }) } }', {}],
        ['{ municipality(slug: "hof") { said(o: { b: "1" }) } }', {}],
      ];
      const alike: typeof others = [
        ['{ municipality(slug: "hof") { said(a: "x", b: "y") } }', {}],
        ['{ municipality(slug: "hof") { said(b: "y", a: "x") } }', {}],
        ['{ municipality(slug: "hof") { said(o: { a: "x", b: "y" }) } }', {}],
        ['{ municipality(slug: "hof") { said(o: { b: "y", a: "x" }) } }', {}],
        [text, { s: 'hof', a: 'x', b: 'y' }],
        [text, { b: 'y', a: 'x', s: 'hof' }],
      ];
      const sayingOf = async (query: string, variables: Record<string, unknown>): Promise<unknown> => {
        const { data } = await gateway.execute(query, variables);
        return Object(data?.municipality).said;
      };
      const asked = () => gateway.calls('saying').length;

      const said = new Map<unknown, unknown>();
      for (const each of others) {
        const before = asked();
        said.set(await sayingOf(...each), each);
        expect([each, asked()]).toEqual([each, before + 1]);
      }
      expect(said.size).toBe(others.length);
      await until(async () => {
        const before = asked();
        await sayingOf(...(others.at(-1) ?? ['', {}]));
        return asked() === before;
      });
      const kept = asked();
      for (const [saying, each] of said) {
        expect(await sayingOf(...(each as (typeof others)[number]))).toBe(saying);
      }
      expect(asked()).toBe(kept);

      for (const [index, each] of alike.entries()) {
        const before = asked();
        await sayingOf(...each);
        expect([each, asked() - before]).toEqual([each, index % 2 === 0 ? 1 : 0]);
      }
      await close();
    },
  );
}

/** The subgraph with resolvers that fail from a moment on. */
function failingWhen({ sdl, resolvers }: TestSubgraph, isGone: () => boolean): TestSubgraph {
  const failing = (resolver: unknown): unknown =>
    typeof resolver !== 'function'
      ? Object.fromEntries(Object.entries(resolver as object).map(([name, each]) => [name, failing(each)]))
      : (...given: unknown[]) => {
          if (isGone()) {
            throw new Error('gone');
          }
          return resolver(...given);
        };
  return { sdl, resolvers: failing(resolvers) as object };
}

/** A subgraph whose answers tell apart whatever it is asked. */
const SAYING: Readonly<Record<string, TestSubgraph>> = {
  content: {
    sdl: 'type Query { municipality(slug: ID!): Municipality } type Municipality @key(fields: "slug") { slug: ID! }',
    resolvers: { Query: { municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }) } },
  },
  saying: {
    sdl: `input Words { a: String  b: String }
      type Municipality @key(fields: "slug") @cacheControl(maxAge: 60) {
        slug: ID!
        said(a: String, b: String, n: Int, o: Words): String
      }`,
    resolvers: {
      Municipality: {
        __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
        said: ({ slug }: { slug: string }, words: object) => JSON.stringify([slug, words]),
      },
    },
  },
};

describe('what is kept in memory', () => {
  cacheRows(async () => {
    const store = createMemoryStore();
    return { store, other: store, close: async () => {} };
  });
});

describeRedis('what is kept in Redis', () => {
  cacheRows(async () => {
    const redis = await startRedis();
    const [store, other] = [1, 2].map(() => createRedisStore({ url: redis.url, logger: silentLogger }));
    if (store === undefined || other === undefined) {
      throw new Error('No store.');
    }
    await until(() => store.isReachable() && other.isReachable());
    return {
      store,
      other,
      close: async () => {
        await Promise.all([store.close(), other.close()]);
        await redis.stop();
      },
    };
  });
});
