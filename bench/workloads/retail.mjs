// The four subgraphs behind W1 and W2 (the public federation gateways benchmark), when its data is beside the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createSubgraphs } from './createSubgraphs.mjs';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'bench');

export const hasRetail = existsSync(join(FOLDER, 'supergraph.graphql'));

const USER = '@key(fields: "id") { id: ID! @external';
const PRODUCT = '@key(fields: "upc") { upc: String! @external';

/** SDL of Federation 1, which the oldest of the peers needs; the supergraph of the benchmark says the same. */
const SDL = {
  accounts: `extend type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String birthday: Int }`,
  inventory: `extend type Product ${PRODUCT}
      weight: Int @external price: Int @external
      inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`,
  products: `extend type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  reviews: `type Review @key(fields: "id") { id: ID! body: String product: Product author: User @provides(fields: "username") }
    extend type User ${USER} username: String @external reviews: [Review] }
    extend type Product ${PRODUCT} reviews: [Review] }`,
};

export function readRetail() {
  const read = (file) => readFileSync(join(FOLDER, file), 'utf8');
  const data = JSON.parse(read('data.json'));
  const byUpc = (list) => new Map(list.map((item) => [item.upc, item]));
  const [products, stock] = [byUpc(data.products), byUpc(data.inventory)];
  const users = new Map(data.users.map((user) => [user.id, user]));
  const reviews = data.reviews.map((review) => ({
    __typename: 'Review',
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

  return {
    supergraphSdl: read('supergraph.graphql'),
    federation1Sdl: SDL,
    workloads: {
      W1: {
        title: 'the heavy query of the public benchmark',
        body: read('w1.json'),
        expected: JSON.parse(read('expected-w1.json')).data,
      },
      W2: {
        title: 'one root fetch and one entity fetch',
        body: read('w2.json'),
        expected: JSON.parse(read('expected-w2.json')).data,
      },
    },
    answer: createSubgraphs({
      accounts: {
        sdl: SDL.accounts,
        root: { me: () => users.get('1'), user: ({ id }) => users.get(id), users: data.users },
        entities: ({ id }) => ({ __typename: 'User', ...users.get(id) }),
      },
      inventory: {
        sdl: SDL.inventory,
        // The benchmark's own inventory ignores price and weight.
        entities: ({ upc }) => ({ __typename: 'Product', upc, shippingEstimate: null, ...stock.get(upc) }),
      },
      products: {
        sdl: SDL.products,
        root: { topProducts: ({ first }) => data.products.slice(0, first) },
        entities: ({ upc }) => ({ __typename: 'Product', ...products.get(upc) }),
      },
      reviews: {
        sdl: SDL.reviews,
        entities: ({ __typename, id, upc }) => (__typename === 'User' ? user(id) : product(upc)),
      },
    }),
  };
}
