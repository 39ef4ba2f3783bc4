// The four subgraphs behind W1 and W2 (the public federation gateways benchmark), when its data is beside the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, graphqlSync } from 'graphql';

const FOLDER = join(new URL('.', import.meta.url).pathname, '..', '..', '..', 'shared', 'bench');

export const hasRetail = existsSync(FOLDER);

const ENTITIES = 'scalar _Any';

/** Workloads, supergraph and an `answer(subgraph, body)` that plays the subgraphs. */
export function readRetail() {
  const read = (file) => readFileSync(join(FOLDER, file), 'utf8');
  const data = JSON.parse(read('data.json'));
  const byUpc = (list) => new Map(list.map((item) => [item.upc, item]));
  const [products, stock] = [byUpc(data.products), byUpc(data.inventory)];
  const users = new Map(data.users.map((user) => [user.id, user]));
  const reviews = data.reviews.map((review) => ({
    ...review,
    author: () => user('1'),
    product: () => product(review.upc),
  }));
  const user = (id) => ({
    __typename: 'User',
    id,
    username: users.get(id).username,
    reviews: () => reviews.slice(0, 2),
  });
  const product = (upc) => ({
    __typename: 'Product',
    upc,
    reviews: () => reviews.filter((review) => review.upc === upc),
  });
  const entities =
    (resolve) =>
    ({ representations }) =>
      representations.map(resolve);

  const subgraphs = {
    accounts: {
      sdl: `${ENTITIES} union _Entity = User
        type User { id: ID! name: String username: String birthday: Int }
        type Query { me: User user(id: ID!): User users: [User] _entities(representations: [_Any!]!): [_Entity]! }`,
      root: {
        me: () => users.get('1'),
        user: ({ id }) => users.get(id),
        users: data.users,
        _entities: entities(({ id }) => ({ __typename: 'User', ...users.get(id) })),
      },
    },
    inventory: {
      sdl: `${ENTITIES} union _Entity = Product
        type Product { upc: String! inStock: Boolean shippingEstimate: Int }
        type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
      root: {
        _entities: entities(({ upc }) => ({ __typename: 'Product', upc, shippingEstimate: null, ...stock.get(upc) })),
      },
    },
    products: {
      sdl: `${ENTITIES} union _Entity = Product
        type Product { upc: String! name: String price: Int weight: Int }
        type Query { topProducts(first: Int = 5): [Product] _entities(representations: [_Any!]!): [_Entity]! }`,
      root: {
        topProducts: ({ first }) => data.products.slice(0, first),
        _entities: entities(({ upc }) => ({ __typename: 'Product', ...products.get(upc) })),
      },
    },
    reviews: {
      sdl: `${ENTITIES} union _Entity = User | Product | Review
        type User { id: ID! username: String reviews: [Review] }
        type Product { upc: String! reviews: [Review] }
        type Review { id: ID! body: String product: Product author: User }
        type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
      root: { _entities: entities(({ __typename, id, upc }) => (__typename === 'User' ? user(id) : product(upc))) },
    },
  };
  const schemas = Object.fromEntries(
    Object.entries(subgraphs).map(([name, { sdl }]) => {
      const schema = buildSchema(sdl);
      return [name, schema];
    }),
  );
  return {
    supergraphSdl: read('supergraph.graphql'),
    workloads: {
      W1: { body: read('w1.json'), expected: JSON.parse(read('expected-w1.json')) },
      W2: { body: read('w2.json'), expected: JSON.parse(read('expected-w2.json')) },
    },
    answer(subgraph, { query, variables, operationName }) {
      const { root } = subgraphs[subgraph];
      return graphqlSync({
        schema: schemas[subgraph],
        source: query,
        rootValue: root,
        variableValues: variables,
        operationName,
      });
    },
  };
}
