import { afterEach, describe, expect, it } from '@jest/globals';

import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';
import { createTown } from './town.ts';

const byId = ({ id }: { id: string }) => ({ id });
const hits = () => [
  { __typename: 'Page', id: 'p' },
  { __typename: 'Event', id: 'e' },
];

/** What has one name is gated in one type and not in the other; `note` is null for events, as it may be. */
const content: TestSubgraph = {
  sdl: `
    type Query { municipality(slug: ID!): Municipality  municipalities: [Municipality!]! }
    union Hit = Page | Event
    type Municipality @key(fields: "slug") { slug: ID!  hits: [Hit!]!  first: Hit }
    type Page @key(fields: "id") { id: ID!  title: String @feature(flag: "events")  link: PageLink }
    type Event @key(fields: "id") { id: ID!  title: String  link: EventLink }
    type PageLink { title: String @feature(flag: "events")  empty: String @feature(flag: "events") }
    type EventLink { title: String  empty: String }
  `,
  resolvers: {
    Query: {
      municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }),
      municipalities: () => [{ slug: 'on' }, { slug: 'off' }],
    },
    Hit: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Municipality: {
      __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
      hits,
      first: () => hits()[1],
    },
    Page: { __resolveReference: byId, title: () => 'a page', link: () => ({ title: 'a page' }) },
    Event: { __resolveReference: byId, title: () => null, link: () => ({ title: 'an event', empty: null }) },
  },
};
const notes: TestSubgraph = {
  sdl: `
    type Page @key(fields: "id") { id: ID!  likes: Int  note: String @feature(flag: "events")  box: PageBox }
    type Event @key(fields: "id") { id: ID!  note: String  box: EventBox }
    type PageBox { note: String @feature(flag: "events") }
    type EventBox { note: String }
  `,
  resolvers: {
    Page: { __resolveReference: byId, likes: () => 3, note: () => 'a page', box: () => ({ note: 'a page' }) },
    Event: { __resolveReference: byId, note: () => null, box: () => ({ note: null }) },
  },
};

let gateway: TestGateway;
afterEach(() => gateway.close());

/** Paths in `extensions.features.disabled` are those of gated fields alone, whatever else has their names. */
describe.each([
  ['compiled', { engine: 'compiled' }],
  ['compiled, in bytes over HTTP', { engine: 'compiled', overHttp: true }],
  ['apollo', { engine: 'apollo' }],
] as const)('what is told to be off, engine %s:', (_engine, options) => {
  async function ask(selection: string, root = 'municipality(slug: "off")') {
    gateway = await createTestGateway({
      subgraphs: { content, notes },
      municipalities: { on: { events: true }, off: { events: false } },
      ...options,
    });
    const { data, extensions } = await gateway.execute(`{ ${root} { ${selection} } }`);
    const paths = extensions?.features?.disabled.flatMap(({ paths: each }) => each as string[][]) ?? [];
    return { data, paths: paths.map((path) => path.slice(1).join('.')) };
  }

  it.each([
    ['of one fetch', '... on Page { x: title } ... on Event { x: title }', ['hits.0.x']],
    [
      'of one fetch, where the other type does not ask for it',
      '... on Page { title } ... on Event { id }',
      ['hits.0.title'],
    ],
    ['of one entity fetch', '... on Page { likes x: note } ... on Event { x: note }', ['hits.0.x']],
    ['of one entity fetch with nothing else', '... on Page { x: note } ... on Event { x: note }', ['hits.0.x']],
    [
      'below objects of one fetch',
      '... on Page { l: link { x: title } } ... on Event { l: link { x: title } }',
      ['hits.0.l.x'],
    ],
    [
      'below objects, null of itself',
      '... on Page { l: link { x: empty } } ... on Event { l: link { x: empty } }',
      ['hits.0.l.x'],
    ],
    ['below entities', '... on Page { b: box { x: note } } ... on Event { b: box { x: note } }', ['hits.0.b.x']],
  ])('a field %s', async (_, selection, expected) => {
    expect((await ask(`hits { ${selection} }`)).paths).toEqual(expected);
    await gateway.close();
    expect((await ask(`hits { ${selection} }`, 'municipalities')).paths).toEqual(expected.map((path) => `1.${path}`));
  });

  it('nothing where no object has it, in a place without a list', async () => {
    expect(await ask('first { ... on Page { x: title } ... on Event { x: title } }')).toEqual({
      data: { municipality: { first: { x: null } } },
      paths: [],
    });
    await gateway.close();
    expect((await ask('first { ... on Page { title } ... on Event { id } }')).paths).toEqual([]);
  });

  it('nothing of a field that @skip leaves out beside one that it leaves in', async () => {
    gateway = await createTown(options);
    const { extensions } = await gateway.execute(
      'query ($yes: Boolean!) { pages { hint again: hint @skip(if: $yes) } }',
      { yes: true },
    );
    expect(extensions?.features?.disabled).toEqual([
      { flag: 'events', municipality: 'bremen', reason: 'STATIC', pathCount: 1, paths: [['pages', 1, 'hint']] },
    ]);
  });
});
