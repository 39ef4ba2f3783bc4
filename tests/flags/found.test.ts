import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

const slugOf = ({ id }: { id: string }) => id.slice(id.indexOf('@') + 1);

let gateway: TestGateway;
afterEach(() => gateway.close());

/** What generated cases and readers have found, each as small as it could be made. */
describe.each<[EngineName]>([['compiled'], ['apollo']])('cases that were wrong once, engine %s', (engine) => {
  async function start(
    subgraphs: Record<string, TestSubgraph>,
    municipalities: Record<string, Record<string, unknown>>,
  ) {
    gateway = await createTestGateway({ subgraphs, municipalities, engine });
    return gateway;
  }

  it('runs what was lifted out of a lifted fetch behind that fetch', async () => {
    const town: TestSubgraph = {
      sdl: `
        type Query { municipalities: [Municipality!]! }
        type Municipality @key(fields: "slug") {
          slug: ID!
          first: Municipality @feature(flag: "news")
          second: String @feature(flag: "offers")
        }
      `,
      resolvers: {
        Query: { municipalities: () => [{ slug: 'ahlen' }] },
        Municipality: {
          __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
          first: () => ({ slug: 'bonn' }),
          second: ({ slug }: { slug: string }) => `of ${slug}`,
        },
      },
    };
    const { execute } = await start({ town }, { ahlen: { news: true }, bonn: { offers: true } });

    const { data } = await execute('{ municipalities { first { second } second } }');

    expect(data).toEqual({ municipalities: [{ first: { second: 'of bonn' }, second: null }] });
  });

  it('binds a field by the path of its type where it names none of its own', async () => {
    const town: TestSubgraph = {
      sdl: `
        type Query { municipality(slug: ID!): Municipality  things: [Thing]! }
        type Municipality @key(fields: "slug") { slug: ID! }
        interface Thing { id: ID! }
        type Post implements Thing @key(fields: "id") @feature(flag: "news", municipality: "town.slug") {
          id: ID!
          town: Municipality!
          text: String @feature(flag: "news.text")
        }
      `,
      resolvers: {
        Query: { things: () => [{ id: '1@ahlen' }, { id: '2@bonn' }, { id: '3@celle' }] },
        Thing: { __resolveType: () => 'Post' },
        Municipality: { __resolveReference: ({ slug }: { slug: string }) => ({ slug }) },
        Post: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          town: (post: { id: string }) => ({ slug: slugOf(post) }),
          text: ({ id }: { id: string }) => `text of ${id}`,
        },
      },
    };
    const { execute } = await start(
      { town },
      { ahlen: { news: true }, bonn: { news: { enabled: true, flags: { text: false } } }, celle: {} },
    );

    const { data } = await execute('{ things { id ... on Post { text } } }');

    expect(data).toEqual({
      things: [{ id: '1@ahlen', text: 'text of 1@ahlen' }, { id: '2@bonn', text: null }, null],
    });
  });

  it('decides over one entity anew in each municipality that shows it', async () => {
    const town: TestSubgraph = {
      sdl: `
        type Query { municipalities: [Municipality!]! }
        type Municipality @key(fields: "slug") { slug: ID!  post: Post }
        type Post @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: { municipalities: () => [{ slug: 'ahlen' }, { slug: 'bonn' }] },
        Municipality: {
          __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
          post: () => ({ id: 'shared' }),
        },
        Post: { __resolveReference: ({ id }: { id: string }) => ({ id }) },
      },
    };
    const press: TestSubgraph = {
      sdl: 'type Post @key(fields: "id") { id: ID!  text: String @feature(flag: "news") }',
      resolvers: { Post: { __resolveReference: ({ id }: { id: string }) => ({ id }), text: () => 'for all' } },
    };
    const { execute, calls } = await start({ town, press }, { ahlen: { news: true }, bonn: { news: false } });

    const { data } = await execute('{ municipalities { post { id text } } }');

    expect(data).toEqual({
      municipalities: [{ post: { id: 'shared', text: 'for all' } }, { post: { id: 'shared', text: null } }],
    });
    expect(calls('press').map(({ variables }) => variables)).toEqual([
      { representations: [{ __typename: 'Post', id: 'shared' }] },
    ]);
  });

  it('asks nothing for an entity of which every part is off, each by another flag', async () => {
    const town: TestSubgraph = {
      sdl: `
        type Query { municipalities: [Municipality!]! }
        type Municipality @key(fields: "slug") { slug: ID! }
      `,
      resolvers: { Query: { municipalities: () => [{ slug: 'ahlen' }, { slug: 'bonn' }] } },
    };
    const press: TestSubgraph = {
      sdl: `type Municipality @key(fields: "slug") {
        slug: ID!  a: Int @feature(flag: "news")  b: Int @feature(flag: "offers")
      }`,
      resolvers: {
        Municipality: { __resolveReference: ({ slug }: { slug: string }) => ({ slug }), a: () => 1, b: () => 2 },
      },
    };
    const { execute, calls } = await start({ town, press }, { ahlen: { offers: true }, bonn: {} });

    const { data } = await execute('{ municipalities { a b } }');

    expect(data).toEqual({
      municipalities: [
        { a: null, b: 2 },
        { a: null, b: null },
      ],
    });
    expect(JSON.stringify(calls('press'))).not.toContain('bonn');
  });

  it('refuses a mutation by the flag of the type that it returns, and by the argument that its directive names', async () => {
    const town: TestSubgraph = {
      sdl: `
        type Query { municipality(slug: ID!): Municipality }
        type Municipality @key(fields: "slug") { slug: ID! }
        type Post @feature(flag: "news") { text: String }
        type Mutation {
          write(municipality: ID!): Post
          tell(town: ID!): Boolean @feature(flag: "offers", municipality: "$town")
        }
      `,
      resolvers: {
        Mutation: { write: () => ({ text: 'written' }), tell: () => true },
        Municipality: { __resolveReference: ({ slug }: { slug: string }) => ({ slug }) },
      },
    };
    const { execute, calls } = await start({ town }, { ahlen: { news: true, offers: true }, bonn: {} });

    const on = await execute('mutation { write(municipality: "ahlen") { text } tell(town: "ahlen") }');
    const before = calls('town').length;
    const off = await execute('mutation { write(municipality: "bonn") { text } tell(town: "bonn") }');

    expect(on.data).toEqual({ write: { text: 'written' }, tell: true });
    expect(off.data).toBeNull();
    expect(off.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['write'], 'FEATURE_DISABLED'],
      [['tell'], 'FEATURE_DISABLED'],
    ]);
    expect(calls('town')).toHaveLength(before);
  });

  it('keeps what was taken under another name out of the list of paths', async () => {
    const town: TestSubgraph = {
      sdl: `
        type Query { municipality(slug: ID!): Municipality }
        type Municipality @key(fields: "slug") { slug: ID!  name: String  rent: Int @feature(flag: "housing") }
      `,
      resolvers: {
        Query: { municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }) },
        Municipality: {
          __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
          name: () => 'Ahlen',
          rent: () => 5,
        },
      },
    };
    const { execute } = await start({ town }, { ahlen: {} });

    const { extensions } = await execute('{ municipality(slug: "ahlen") { slug: rent name } }');

    expect(extensions?.features?.disabled).toMatchObject([{ pathCount: 1, paths: [['municipality', 'slug']] }]);
  });

  it.each(['@include(if: $shows)', '@skip(if: $hides)'])(
    'asks nothing where all that is on is left out with %s',
    async (directive) => {
      const town: TestSubgraph = {
        sdl: `
          type Query { municipality(slug: ID!): Municipality  newsOf(municipality: ID!): String @feature(flag: "news") }
          type Municipality @key(fields: "slug") { slug: ID! }
        `,
        resolvers: {
          Query: { municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }), newsOf: () => 'News' },
        },
      };
      const { execute, calls } = await start({ town }, { ahlen: { news: false } });
      const query = `query($shows: Boolean = false, $hides: Boolean = true) {
        newsOf(municipality: "ahlen")
        municipality(slug: "ahlen") ${directive} { slug }
      }`;

      const { data, errors } = await execute(
        query.replace(directive.includes('shows') ? ', $hides: Boolean = true' : '$shows: Boolean = false, ', ''),
      );

      expect(errors).toBeUndefined();
      expect(data).toEqual({ newsOf: null });
      expect(calls('town')).toEqual([]);
    },
  );
});
