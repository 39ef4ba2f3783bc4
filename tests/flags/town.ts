import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';

import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { type FeatureMap, readFeatures } from '../../schema/features/readFeatures.ts';
import { createTestGateway, FEDERATION, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

/** What each municipality of the test world has switched on. */
export const MUNICIPALITIES: Readonly<Record<string, Record<string, unknown>>> = {
  augsburg: { events: true, housing: true, reviews: true },
  bremen: { events: false, housing: true, reviews: true },
  celle: { events: true, housing: false, reviews: true },
  dachau: { events: true, housing: { enabled: true, flags: { contact: false } }, reviews: false },
};
export const SLUGS = Object.keys(MUNICIPALITIES);

/** Ids name the municipality of the object behind the last `@`. */
export function slugOfId(id: string): string {
  return id.slice(id.lastIndexOf('@') + 1);
}

const event = (slug: string, n = 1) => ({ __typename: 'Event', id: `event-${n}@${slug}` });
const page = (slug: string) => ({ __typename: 'Page', id: `page@${slug}` });
const byId = ({ id }: { id: string }) => ({ id, slug: slugOfId(id) });
const town = ({ id }: { id: string }) => ({ slug: slugOfId(id) });

/** Yields municipalities in every way, and has a module of its own: Event is gated as a type, with a path to its slug. */
export const content: TestSubgraph = {
  sdl: `
    type Query {
      municipality(slug: ID!): Municipality @cacheControl(maxAge: 60)
      municipalities: [Municipality!]! @cacheControl(maxAge: 60)
      node(id: ID!): Node
      found(text: String!): [Hit]!
      pages: [Page!]!
      eventsOf(municipality: ID!): [Event!] @feature(flag: "events")
      eventsIn(town: ID!, first: Int = 1): [Event!] @feature(flag: "events", municipality: "$town")
    }
    interface Node { id: ID! }
    interface Titled { id: ID! title: String }
    union Hit = Page | Event
    type Municipality @key(fields: "slug") @cacheControl(maxAge: 60) {
      slug: ID!
      name: String!
      events(first: Int = 1): [Event!] @feature(flag: "events")
      eventCount: Int @feature(flag: "events")
      neighbours: [Municipality!]!
      pages: [Page!]!
      hits: [Hit]!
      titled: [Titled]!
    }
    type Event implements Node & Titled @key(fields: "id") @cacheControl(maxAge: 60) @feature(flag: "events", municipality: "municipality.slug") {
      id: ID!
      title: String
      municipality: Municipality!
    }
    type Page implements Node & Titled @key(fields: "id") @cacheControl(maxAge: 60) {
      id: ID!
      title: String
      municipality: Municipality!
      hint: String @feature(flag: "events", municipality: "municipality.slug")
    }
  `,
  resolvers: {
    Query: {
      municipality: (_: unknown, { slug }: { slug: string }) => (SLUGS.includes(slug) ? { slug } : null),
      municipalities: () => SLUGS.map((slug) => ({ slug })),
      node: (_: unknown, { id }: { id: string }) =>
        SLUGS.includes(slugOfId(id)) ? { __typename: id.startsWith('event') ? 'Event' : 'Page', id } : null,
      found: () => SLUGS.flatMap((slug) => [page(slug), event(slug)]),
      pages: () => SLUGS.map(page),
      eventsOf: (_: unknown, { municipality }: { municipality: string }) => [event(municipality)],
      eventsIn: (_: unknown, { town: slug }: { town: string }) => [event(slug)],
    },
    Node: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Titled: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Hit: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    Municipality: {
      __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
      name: ({ slug }: { slug: string }) => slug.toUpperCase(),
      events: ({ slug }: { slug: string }, { first }: { first: number }) =>
        Array.from({ length: first }, (_, n) => event(slug, n + 1)),
      eventCount: () => 7,
      neighbours: ({ slug }: { slug: string }) =>
        SLUGS.filter((other) => other !== slug).map((other) => ({ slug: other })),
      pages: ({ slug }: { slug: string }) => [page(slug)],
      hits: ({ slug }: { slug: string }) => [page(slug), event(slug)],
      titled: ({ slug }: { slug: string }) => [page(slug), event(slug)],
    },
    Event: { __resolveReference: byId, title: ({ id }: { id: string }) => `Title of ${id}`, municipality: town },
    Page: {
      __resolveReference: byId,
      title: ({ id }: { id: string }) => `Title of ${id}`,
      municipality: town,
      hint: ({ id }: { id: string }) => `Hint on ${id}`,
    },
  },
};

/** A module of its own subgraph, with a part, an edge from another subgraph's type, and mutations. */
export const housing: TestSubgraph = {
  sdl: `
    type Municipality @key(fields: "slug") @cacheControl(maxAge: 60) {
      slug: ID!
      housingOffers: [HousingOffer!] @feature(flag: "housing")
      offerCount: Int @feature(flag: "housing")
      contacts: Int @feature(flag: "housing.contact")
    }
    type HousingOffer @key(fields: "id") @cacheControl(maxAge: 60) {
      id: ID!
      title: String!
      landlord: String @feature(flag: "housing.contact")
    }
    type Page @key(fields: "id") @cacheControl(maxAge: 60) { id: ID!  relatedOffers: [HousingOffer!] @feature(flag: "housing") }
    type Payload { offer: HousingOffer }
    type Mutation {
      createOffer(municipality: ID!, title: String!): HousingOffer! @feature(flag: "housing")
      editOffer(municipality: ID!, title: String!): HousingOffer @feature(flag: "housing")
      reportOffer(municipality: ID!, title: String!): Payload @feature(flag: "housing")
      withdrawOffer(municipality: ID!): Boolean!
    }
  `,
  resolvers: {
    Municipality: {
      __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
      housingOffers: ({ slug }: { slug: string }) => [{ id: `offer@${slug}` }],
      offerCount: () => 3,
      contacts: () => 2,
    },
    HousingOffer: {
      __resolveReference: byId,
      title: ({ id }: { id: string }) => `Title of ${id}`,
      landlord: ({ id }: { id: string }) => `Owner of ${id}`,
    },
    Page: { __resolveReference: byId, relatedOffers: ({ slug }: { slug: string }) => [{ id: `offer@${slug}` }] },
    Mutation: {
      createOffer: (_: unknown, { municipality }: { municipality: string }) => ({ id: `offer@${municipality}` }),
      editOffer: (_: unknown, { municipality }: { municipality: string }) => ({ id: `offer@${municipality}` }),
      reportOffer: (_: unknown, { municipality }: { municipality: string }) => ({
        offer: { id: `offer@${municipality}` },
      }),
      withdrawOffer: () => true,
    },
  },
};

/** A partner's module on types that others own: nothing in it knows a municipality. */
export const reviews: TestSubgraph = {
  sdl: `
    type HousingOffer @key(fields: "id") @cacheControl(maxAge: 60) { id: ID!  rating: Int @feature(flag: "reviews") }
    type Page @key(fields: "id") @cacheControl(maxAge: 60) { id: ID!  rating: Int @feature(flag: "reviews")  likes: Int }
  `,
  resolvers: {
    HousingOffer: { __resolveReference: byId, rating: () => 5 },
    Page: { __resolveReference: byId, rating: () => 4, likes: () => 9 },
  },
};

/** What requests to subgraphs are judged by. */
export function townContract(): { schema: GraphQLSchema; features: FeatureMap } {
  const composed = composeSupergraph(
    Object.entries({ content, housing, reviews }).map(([name, { sdl }]) => ({ name, url: '', sdl: FEDERATION + sdl })),
  );
  if (composed.kind === 'failed') {
    throw new Error(composed.problems.map(({ message }) => message).join('\n'));
  }
  const { supergraphSdl } = composed;
  return {
    schema: buildASTSchema(parse(supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
    features: readFeatures(supergraphSdl),
  };
}

export function createTown(options: Partial<Parameters<typeof createTestGateway>[0]> = {}): Promise<TestGateway> {
  return createTestGateway({
    subgraphs: { content, housing, reviews },
    municipalities: MUNICIPALITIES,
    ...options,
  });
}
