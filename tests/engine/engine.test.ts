import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';

import { createEngine, type EngineAnswer } from '../../gateway/engine/createEngine.ts';
import { isJsonObject, type JsonObject } from '../../gateway/model/Json.ts';
import { WrappedData } from '../../gateway/model/WrappedData.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@requires", "@external", "@override", "@context", "@fromContext"])';

const SHARED = LINK.replace('"@key"', '"@key", "@shareable"');

const SHOP = `${LINK}
  type Query { product(id: ID = "1"): Product products: [Product!] }
  type Mutation { first: Int second: Int }
  type Product @key(fields: "id") { id: ID! name: String price: Int! maker: Maker tags: [String!] }
  type Maker { name: String! }`;
const STOCK = `${LINK}
  type Product @key(fields: "id") { id: ID! inStock: Boolean weight: Float shelf: Shelf }
  type Shelf { row: Int! }`;

type Reply = unknown | ((operation: string, variables: JsonObject) => unknown);

/** An engine over the two subgraphs; a reply is what a subgraph sends, as JSON, bytes or an error of the transport. */
function createShop(
  replies: Readonly<Record<string, Reply>>,
  sdl: Readonly<Record<string, string>> = { shop: SHOP, stock: STOCK },
) {
  const composition = composeSupergraph(
    Object.entries(sdl).map(([name, text]) => ({ name, url: `http://${name}.example.org`, sdl: text })),
  );
  if (composition.kind === 'failed') {
    throw new Error(composition.problems.map((problem) => problem.message).join('\n'));
  }
  const engine = createEngine({ planner: createPlanner(composition.supergraphSdl) });
  const requests: { subgraph: string; operation: string; variables: JsonObject }[] = [];

  const reply = (subgraph: string, operation: string, variables: JsonObject): Buffer => {
    requests.push({ subgraph, operation, variables: JSON.parse(JSON.stringify(variables)) });
    const given = replies[subgraph];
    const value = withKeys(typeof given === 'function' ? given(operation, variables) : given, variables);
    if (value instanceof Error) {
      throw value;
    }
    return Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  };
  const read = (bytes: Buffer) => {
    const parsed: unknown = JSON.parse(bytes.toString());
    return {
      data: isJsonObject(parsed) ? parsed.data : undefined,
      errors: isJsonObject(parsed) && Array.isArray(parsed.errors) ? parsed.errors : undefined,
    };
  };

  return {
    requests,
    async execute(
      text: string,
      variables: JsonObject = {},
      way: 'parsed' | 'text' = 'parsed',
      overrides?: ReadonlyMap<string, boolean>,
    ) {
      const compilation = await engine.compile(text, undefined, overrides);
      if (compilation.kind === 'refused') {
        return {
          data: undefined,
          errors: compilation.errors.map(({ message, extensions }) => ({ message, extensions })),
        };
      }
      const answer = await engine.execute(compilation.operation, variables, {
        send: async ({ subgraph, operation, variables: sent }) => read(reply(subgraph, operation, sent)),
        sendBytes:
          way === 'parsed'
            ? undefined
            : async ({ subgraph, operation, body }) => {
                const sent: unknown = JSON.parse(Buffer.from(body, 'latin1').toString());
                const bytes = reply(
                  subgraph,
                  operation,
                  isJsonObject(sent) && isJsonObject(sent.variables) ? sent.variables : {},
                );
                return { bytes, read: () => read(bytes) };
              },
      });
      return toPlain(answer);
    },
  };
}

/** An answer whose entities repeat the id that they were asked for, as every GraphQL server does that is asked for it. */
function withKeys(value: unknown, { representations }: JsonObject): Reply {
  const entities = isJsonObject(value) && isJsonObject(value.data) ? value.data._entities : undefined;
  if (!isJsonObject(value) || !Array.isArray(entities) || !Array.isArray(representations)) {
    return value;
  }
  const completed = entities.map((entity: unknown, i) =>
    isJsonObject(entity) && !Object.hasOwn(entity, 'id') ? { ...entity, id: representations[i]?.id } : entity,
  );
  return { ...value, data: { _entities: completed } };
}

function toPlain({ data, errors }: EngineAnswer) {
  const text = data instanceof WrappedData ? data.text() : data;
  return { data: text === undefined ? undefined : JSON.parse(text), errors };
}

const PRODUCT = '{ product { id name price maker { name } tags inStock weight shelf { row } } }';
const SHOP_GOOD = {
  data: { product: { __typename: 'Product', id: '1', name: 'Lampe', price: 5, maker: { name: 'Ü' }, tags: ['a'] } },
};
const STOCK_GOOD = { data: { _entities: [{ inStock: true, weight: 1.5, shelf: { row: 3 } }] } };
const GOOD = {
  id: '1',
  name: 'Lampe',
  price: 5,
  maker: { name: 'Ü' },
  tags: ['a'],
  inStock: true,
  weight: 1.5,
  shelf: { row: 3 },
};

/** The good answer of the shop with other values in the product. */
const shop = (changes: JsonObject) => ({ data: { product: { ...SHOP_GOOD.data.product, ...changes } } });
const stock = (entities: unknown) => ({ data: { _entities: entities } });

describe.each(['parsed', 'text'] as const)('engine, answers %s', (way) => {
  const run = (replies: Readonly<Record<string, Reply>>) =>
    createShop({ shop: SHOP_GOOD, stock: STOCK_GOOD, ...replies });
  const errorsOf = (errors: readonly { path?: readonly unknown[]; extensions: JsonObject }[]) =>
    errors.map(({ path, extensions }) => ({ path: path?.join('.'), code: extensions.code }));

  it('joins two subgraphs with one request each', async () => {
    const { execute, requests } = run({});

    expect(await execute(PRODUCT, {}, way)).toEqual({ data: { product: GOOD }, errors: [] });
    expect(requests.map((request) => request.subgraph)).toEqual(['shop', 'stock']);
    expect(requests[1]?.variables).toEqual({ representations: [{ __typename: 'Product', id: '1' }] });
  });

  it.each([
    [
      'fields in another order',
      {
        shop: {
          data: {
            product: { tags: ['a'], maker: { name: 'Ü' }, price: 5, name: 'Lampe', id: '1', __typename: 'Product' },
          },
        },
      },
    ],
    ['white space', { shop: JSON.stringify(SHOP_GOOD, null, 2) }],
    ['a line feed at the end', { shop: `${JSON.stringify(SHOP_GOOD)}\n` }],
    ['escapes', { shop: JSON.stringify(SHOP_GOOD).replace('Ü', '\\u00dc').replace('Lampe', '\\u004campe') }],
    [
      'fields that were not asked for (S-03)',
      { shop: shop({ inStock: false, secret: 1 }), stock: stock([{ name: 'x', ...STOCK_GOOD.data._entities[0] }]) },
    ],
    ['a type name that is none of the schema (S-08)', { shop: shop({ maker: { __typename: 'Nobody', name: 'Ü' } }) }],
    ['an id as a number', { shop: shop({ id: 1 }) }],
    ['extensions beside the data', { shop: { ...SHOP_GOOD, extensions: { trace: 1 } } }],
  ])('takes an answer with %s', async (_, replies) => {
    const { execute, requests } = run(replies);

    expect(await execute(PRODUCT, {}, way)).toEqual({ data: { product: GOOD }, errors: [] });
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['text for an integer (S-01)', { shop: shop({ price: '5' }) }, null, 'product.price'],
    ['an object for text (S-01)', { shop: shop({ name: {} }) }, { ...GOOD, name: null }, 'product.name'],
    ['a list for an object (S-01)', { shop: shop({ maker: [] }) }, { ...GOOD, maker: null }, 'product.maker'],
    [
      'an integer beyond 32 bits',
      { stock: stock([{ inStock: true, weight: 1.5, shelf: { row: 2 ** 31 } }]) },
      { ...GOOD, shelf: null },
      'product.shelf.row',
    ],
    ['null for a field that cannot be (S-02)', { shop: shop({ price: null }) }, null, 'product.price'],
    [
      'null in a list that holds none (S-02)',
      { shop: shop({ tags: ['a', null] }) },
      { ...GOOD, tags: null },
      'product.tags.1',
    ],
  ])('puts an error where a subgraph sends %s', async (_, replies, product, path) => {
    const { execute } = run(replies);

    const { data, errors } = await execute(PRODUCT, {}, way);

    expect(data).toEqual({ product });
    expect(errorsOf(errors)).toEqual([{ path, code: 'SUBGRAPH_INVALID_RESPONSE' }]);
  });

  it.each([
    ['too few entities (S-04)', stock([])],
    ['too many entities (S-04)', stock([...STOCK_GOOD.data._entities, ...STOCK_GOOD.data._entities])],
    ['no list of entities (S-04)', stock({})],
    ['no entities at all (S-04)', { data: {} }],
    ['neither data nor errors (S-10)', {}],
    ['null for data (S-10)', { data: null }],
    ['null for data and an empty list of errors (S-10)', { data: null, errors: [] }],
    ['a list for data', { data: [] }],
  ])('keeps the data of the others when a subgraph answers %s', async (_, reply) => {
    const { execute } = run({ stock: reply });

    const { data, errors } = await execute(PRODUCT, {}, way);

    expect(data).toEqual({ product: { ...GOOD, inStock: null, weight: null, shelf: null } });
    expect(errorsOf(errors)).toEqual(
      ['inStock', 'weight', 'shelf'].map((field) => ({ path: `product.${field}`, code: 'SUBGRAPH_INVALID_RESPONSE' })),
    );
  });

  it('takes a null entity for an entity without these fields (S-05)', async () => {
    const { execute } = run({ stock: stock([null]) });

    expect(await execute(PRODUCT, {}, way)).toEqual({
      data: { product: { ...GOOD, inStock: null, weight: null, shelf: null } },
      errors: [],
    });
  });

  it.each([
    ['in another order', ['2', '1']],
    ['one of which is another', ['1', '3']],
    ['one of which does not say which it is', ['1', null]],
  ])('takes nothing from entities %s (S-06)', async (_, ids) => {
    const products = ['1', '2'].map((id) => ({ __typename: 'Product', id, name: `Lampe ${id}` }));
    const { execute, requests } = run({
      shop: { data: { products } },
      stock: stock(ids.map((id) => ({ weight: 1, id }))),
    });

    const { data, errors } = await execute('{ products { name weight } }', {}, way);

    expect(data).toEqual({
      products: [
        { name: 'Lampe 1', weight: null },
        { name: 'Lampe 2', weight: null },
      ],
    });
    expect(errorsOf(errors)).toEqual([{ path: 'products.0.weight', code: 'SUBGRAPH_INVALID_RESPONSE' }]);
    expect(requests.map((request) => request.subgraph)).toEqual(['shop', 'stock']);
  });

  it('gives the code and message of a request that failed, and null for its fields', async () => {
    const { execute } = run({ stock: new GraphQLError('too late', { extensions: { code: 'SUBGRAPH_TIMEOUT' } }) });

    const { data, errors } = await execute(PRODUCT, {}, way);

    expect(data).toEqual({ product: { ...GOOD, inStock: null, weight: null, shelf: null } });
    expect(errors).toEqual(
      ['inStock', 'weight', 'shelf'].map((field) => ({
        message: 'too late',
        path: ['product', field],
        extensions: { code: 'SUBGRAPH_TIMEOUT', serviceName: 'stock' },
      })),
    );
  });

  it('gives errors of entities the path that the client knows, once for each place', async () => {
    const { execute } = run({
      shop: {
        data: {
          a: { __typename: 'Product', id: '1' },
          list: [
            { __typename: 'Product', id: '2' },
            { __typename: 'Product', id: '1' },
          ],
        },
      },
      stock: (_: string, { representations }: JsonObject) => ({
        data: { _entities: (Array.isArray(representations) ? representations : []).map(() => ({ weight: null })) },
        errors: [{ message: 'broken scale', path: ['_entities', 0, 'weight'] }],
      }),
    });

    const { errors } = await execute('{ a: product { weight } list: products { weight } }', {}, way);

    expect(errors.map((error) => 'path' in error && error.path?.join('.'))).toEqual(['a.weight', 'list.1.weight']);
  });

  it('asks once for an entity that stands in several places', async () => {
    const { execute, requests } = run({
      shop: {
        data: {
          products: [
            { __typename: 'Product', id: '1' },
            { __typename: 'Product', id: '1' },
          ],
        },
      },
      stock: stock([{ inStock: true }]),
    });

    const { data } = await execute('{ products { inStock } }', {}, way);

    expect(data).toEqual({ products: [{ inStock: true }, { inStock: true }] });
    expect(requests[1]?.variables).toEqual({ representations: [{ __typename: 'Product', id: '1' }] });
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'takes %s for an alias like any other (G-24)',
    async (alias) => {
      const { execute } = run({
        shop: (operation: string) =>
          `{"data":{"${/\{(\w+):product/.exec(operation)?.[1]}":{"__typename":"Product","id":"1"}}}`,
        stock: (operation: string) =>
          `{"data":{"_entities":[{"${/(\w+):inStock/.exec(operation)?.[1]}":true,"id":"1"}]}}`,
      });

      const { data, errors } = await execute(`{ ${alias}: product { ${alias}: inStock } }`, {}, way);

      expect(JSON.stringify(data)).toBe(`{"${alias}":{"${alias}":true}}`);
      expect(errors).toEqual([]);
      expect(({} as JsonObject).inStock).toBeUndefined();
    },
  );

  it('keeps keys such as __proto__ in a subgraph answer out of everything (S-07)', async () => {
    const evil = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    const { execute } = run({
      shop: JSON.stringify(SHOP_GOOD).replaceAll('{', `{${evil},`).replace(`{${evil},"data"`, '{"data"'),
    });

    expect((await execute(PRODUCT, {}, way)).data).toEqual({ product: GOOD });
    expect(({} as JsonObject).polluted).toBeUndefined();
  });

  it('answers an alias that is the name of a key with the field it stands for', async () => {
    const { execute } = run({
      shop: (operation: string) => {
        const alias = /(\w+):name/.exec(operation)?.[1] ?? '';
        const fields = /product\{([^}]*)\}/.exec(operation)?.[1]?.split(' ') ?? [];
        return {
          data: {
            product: Object.fromEntries(
              fields.map((field) =>
                field.startsWith(alias) ? [alias, 'Lampe'] : field === 'id' ? ['id', '1'] : ['__typename', 'Product'],
              ),
            ),
          },
        };
      },
      stock: stock([{ inStock: true }]),
    });

    expect((await execute('{ product { id: name inStock } }', {}, way)).data).toEqual({
      product: { id: 'Lampe', inStock: true },
    });
  });

  it('refuses a value that its variable cannot have', async () => {
    const { execute, requests } = run({});

    const { data, errors } = await execute('query ($id: ID!) { product(id: $id) { name } }', {}, way);

    expect(data).toBeUndefined();
    expect(errors.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(requests).toEqual([]);
  });
});

describe('engine', () => {
  it.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { product { id } } query B { product { id } }', 'OPERATION_RESOLUTION_FAILURE'],
    [`{${' product { id }'.repeat(900)} }`, 'OPERATION_TOO_LARGE'],
  ])('refuses %s with %s', async (text, code) => {
    const { execute } = createShop({});

    expect((await execute(text)).errors[0]?.extensions.code).toBe(code);
  });

  it('runs mutations one after the other', async () => {
    const started: string[] = [];
    const { execute } = createShop({
      shop: (operation: string) => {
        started.push(operation);
        return { data: { first: 1, second: 2 } };
      },
    });

    expect((await execute('mutation { second first }')).data).toEqual({ second: 2, first: 1 });
    expect(started).toEqual(['mutation{second first}']);
  });

  it('answers introspection without a subgraph', async () => {
    const { execute, requests } = createShop({});

    const { data } = await execute(
      'query ($name: String!) { __typename kind: __type(name: $name) { name id: kind } }',
      { name: 'Shelf' },
    );

    expect(data).toEqual({ __typename: 'Query', kind: { name: 'Shelf', id: 'OBJECT' } });
    expect(requests).toEqual([]);
  });

  it('gives each entity the context of the object around it', async () => {
    const CONTEXT = `${LINK}
      type Query { shops: [Shop!]! }
      type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String! product: Price! }
      type Price @key(fields: "id") { id: ID! text(currency: String @fromContext(field: "$shop { currency }")): String! }`;
    const { execute } = createShop(
      {
        shop: (operation: string, { representations, ...context }: JsonObject) =>
          operation.includes('_entities')
            ? stock(
                (Array.isArray(representations) ? representations : []).map(() => ({
                  text: `5 ${Object.values(context)[0]}`,
                })),
              )
            : {
                data: {
                  shops: ['EUR', 'CHF', 'EUR'].map((currency, i) => ({
                    __typename: 'Shop',
                    id: String(i),
                    currency,
                    product: { __typename: 'Price', id: '1' },
                  })),
                },
              },
      },
      { shop: CONTEXT, stock: `${LINK} type Price @key(fields: "id") { id: ID! }` },
    );

    expect((await execute('{ shops { product { text } } }')).data).toEqual({
      shops: [{ product: { text: '5 EUR' } }, { product: { text: '5 CHF' } }, { product: { text: '5 EUR' } }],
    });
  });

  it('asks the subgraph that the label of a progressive override chooses', async () => {
    const { execute, requests } = createShop(
      { shop: { data: { rate: 1 } }, stock: { data: { rate: 2 } } },
      {
        shop: `${LINK} type Query { rate: Int }`,
        stock: `${LINK} type Query { rate: Int @override(from: "shop", label: "percent(10)") }`,
      },
    );

    expect((await execute('{ rate }')).data).toEqual({ rate: 1 });
    expect((await execute('{ rate }', {}, 'parsed', new Map([['percent(10)', true]]))).data).toEqual({ rate: 2 });
    expect(requests.map((request) => request.subgraph)).toEqual(['shop', 'stock']);
  });

  it('carries fields of an earlier fetch in a later one, and sends them alone where the later one cannot go', async () => {
    const sdl = {
      shop: `${LINK} type Query { products: [Product!] } type Product @key(fields: "id") { id: ID! }`,
      scale: `${LINK} type Product @key(fields: "id") { id: ID! weight: Int }`,
      stock: `${LINK} type Product @key(fields: "id") { id: ID! weight: Int @external inStock: Boolean postage: Int @requires(fields: "weight") }`,
    };
    const { execute, requests } = createShop(
      {
        shop: { data: { products: ['1', '2'].map((id) => ({ __typename: 'Product', id })) } },
        scale: { data: { _entities: [{ weight: 7 }, null] } },
        stock: (operation: string, { representations }: JsonObject) =>
          stock(
            (Array.isArray(representations) ? representations : []).map(({ weight }) => ({
              inStock: true,
              ...(operation.includes('postage') ? { postage: weight } : {}),
            })),
          ),
      },
      sdl,
    );

    expect((await execute('{ products { inStock postage } }')).data).toEqual({
      products: [
        { inStock: true, postage: 7 },
        { inStock: true, postage: null },
      ],
    });
    expect(requests.filter((request) => request.subgraph === 'stock').map((request) => request.variables)).toEqual([
      { representations: [{ __typename: 'Product', id: '1', weight: 7 }] },
      { representations: [{ __typename: 'Product', id: '2' }] },
    ]);
  });

  it('carries no field in a later fetch that is non-null in its subgraph: an error in it would take the others along', async () => {
    const sdl = {
      shop: `${SHARED} type Query { products: [Product!] } type Product @key(fields: "id") { id: ID! inStock: Boolean @shareable }`,
      scale: `${SHARED} type Product @key(fields: "id") { id: ID! weight: Int }`,
      stock: `${SHARED} type Product @key(fields: "id") { id: ID! weight: Int @external inStock: Boolean! @shareable free: Boolean postage: Int @requires(fields: "weight") }
        type Query { stored: [Product!] }`,
    };
    const stored = { data: { stored: [{ __typename: 'Product', id: '1', inStock: true, free: true }] } };
    const { execute, requests } = createShop(
      {
        shop: { data: { products: [{ __typename: 'Product', id: '1' }] } },
        scale: { data: { _entities: [{ weight: 7 }] } },
        stock: (operation: string) => {
          const fails = operation.includes('inStock') && operation.includes('_entities');
          const error = { message: 'no count', path: ['_entities', 0, 'inStock'] };
          return operation.includes('stored')
            ? stored
            : { ...stock([fails ? null : { postage: 7 }]), ...(fails ? { errors: [error] } : {}) };
        },
      },
      {
        ...sdl,
        shop: sdl.shop.replace(' inStock: Boolean @shareable', ''),
        other: `${SHARED} type Product @key(fields: "id") { id: ID! inStock: Boolean @shareable } type Query { nothing: Int }`,
      },
    );

    const { data } = await execute('{ products { inStock free postage } }');

    expect(data).toEqual({ products: [{ inStock: null, free: null, postage: 7 }] });
    expect(requests.map(({ subgraph }) => subgraph).sort()).toEqual(['scale', 'shop', 'stock', 'stock']);
  });
});
