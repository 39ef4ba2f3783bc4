import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

let renamed: string[] = [];
const towns: TestSubgraph = {
  sdl: `
    type Query { town: Town  towns: [Town!]! }
    type Mutation { rename(name: String!): Town }
    type Town @key(fields: "id") { id: ID!  name: String  mayor: Mayor }
    type Mayor { name: String }
  `,
  resolvers: {
    Query: { town: () => ({ id: 'a' }), towns: () => [{ id: 'a' }, { id: 'b' }] },
    Mutation: {
      rename: (_: unknown, { name }: { name: string }) => {
        renamed.push(name);
        return { id: name };
      },
    },
    Town: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id }: { id: string }) => `Town ${id}`,
      mayor: () => ({ name: 'Ada' }),
    },
  },
};
const shops: TestSubgraph = {
  sdl: `
    type Town @key(fields: "id") { id: ID!  shop: Shop }
    type Shop { name: String  owner: Mayor @shareable }
    type Mayor @shareable { name: String }
  `,
  resolvers: {
    Town: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      shop: () => ({ name: 'Baker', owner: { name: 'Eve' } }),
    },
  },
};
const subgraphs = {
  towns: { ...towns, sdl: towns.sdl.replace('type Mayor {', 'type Mayor @shareable {') },
  shops,
};

let gateway: TestGateway;
afterEach(async () => {
  await gateway.close();
  renamed = [];
});

/** Operations with `$no` false and `$yes` true: what is selected around what is left out stays an object. */
const CASES: readonly (readonly [query: string, data: unknown])[] = [
  ['{ town @include(if: $yes) { name @include(if: $no) } }', { town: {} }],
  ['{ town @include(if: $yes) { name @skip(if: $yes) } }', { town: {} }],
  ['{ town @include(if: $no) { name @include(if: $yes) } }', {}],
  ['{ town @skip(if: $no) { name @include(if: $yes) } }', { town: { name: 'Town a' } }],
  [
    '{ towns @include(if: $yes) { mayor @include(if: $yes) { name @include(if: $no) } } }',
    { towns: [{ mayor: {} }, { mayor: {} }] },
  ],
  ['{ town { shop @include(if: $yes) { name @include(if: $no) } } }', { town: { shop: {} } }],
  [
    '{ town { shop @include(if: $yes) { owner @skip(if: $no) { name @skip(if: $yes) } } } }',
    { town: { shop: { owner: {} } } },
  ],
  ['{ town @include(if: $yes) { ... @include(if: $no) { name } } }', { town: {} }],
  ['{ town @include(if: $yes) { ...Name } } fragment Name on Town { name @include(if: $no) }', { town: {} }],
  ['{ town { name @include(if: false) id } }', { town: { id: 'a' } }],
  ['{ town @include(if: $yes) { name @skip(if: true) } }', { town: {} }],
  ['{ town @include(if: $yes) { id @include(if: $no) name @skip(if: $yes) } }', { town: {} }],
  [
    '{ town @include(if: $yes) { __typename @include(if: $yes) name @include(if: $no) } }',
    { town: { __typename: 'Town' } },
  ],
  [
    '{ towns { name first: shop @skip(if: $no) { name @skip(if: $yes) } shop { name } } }',
    { towns: ['a', 'b'].map((id) => ({ name: `Town ${id}`, first: {}, shop: { name: 'Baker' } })) },
  ],
];

describe.each<EngineName>(['compiled', 'apollo'])('conditions inside of conditions, engine %s', (engine) => {
  async function run(text: string, variables = { yes: true, no: false }) {
    gateway = await createTestGateway({ subgraphs, engine });
    const used = Object.keys(variables).filter((name) => text.includes(`$${name}`));
    const header = used.length === 0 ? '' : `(${used.map((name) => `$${name}: Boolean!`).join(', ')})`;
    const kind = text.startsWith('mutation') ? '' : 'query';
    const query = kind === '' ? text.replace('mutation', `mutation${header}`) : `query${header} ${text}`;
    const { data, errors } = await gateway.execute(
      query,
      Object.fromEntries(used.map((name) => [name, variables[name as 'yes']])),
    );
    expect(errors).toBeUndefined();
    return data;
  }

  it.each(CASES)('%s', async (query, expected) => {
    expect(await run(query)).toEqual(expected);
  });

  it('run a mutation of whose answer everything is left out', async () => {
    expect(await run('mutation { rename(name: "x") @include(if: $yes) { name @include(if: $no) } }')).toEqual({
      rename: {},
    });
    expect(renamed).toEqual(['x']);
  });

  it('do not run a mutation that is left out', async () => {
    expect(
      await run(
        'mutation { first: rename(name: "x") @skip(if: true) { name } rename(name: "y") @include(if: $yes) { name @include(if: $no) } }',
      ),
    ).toEqual({ rename: {} });
    expect(renamed).toEqual(['y']);
  });

  it('do not run a mutation that a literal leaves out below a fragment with a variable (G-44)', async () => {
    expect(
      await run(
        'mutation { ... @include(if: $yes) { rename(name: "y") { id } other: rename(name: "x") @include(if: false) { id } } }',
      ),
    ).toEqual({ rename: { id: 'y' } });
    expect(renamed).toEqual(['y']);
  });
});
