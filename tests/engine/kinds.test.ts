import { describe, expect, it } from '@jest/globals';
import { executeSync, parse, validate } from 'graphql';

import { createEngine } from '../../gateway/engine/createEngine.ts';
import { isJsonObject, type JsonObject } from '../../gateway/model/Json.ts';
import type { SendFetch } from '../../gateway/model/SubgraphFetch.ts';
import { WrappedData } from '../../gateway/model/WrappedData.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { buildSubgraphSchema } from './offlineSubgraphs.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject"])';

interface Subgraph {
  readonly sdl: string;
  readonly roots?: JsonObject;
  /** By type name: the entity of a representation. */
  readonly entities?: Readonly<Record<string, (representation: JsonObject) => unknown>>;
}

interface Kind {
  readonly name: string;
  readonly subgraphs: Readonly<Record<string, Subgraph>>;
  readonly query: string;
  readonly data: unknown;
}

/** Answers as a GraphQL server over the values. */
function createServer({ sdl, roots = {}, entities = {} }: Subgraph): SendFetch {
  const types = sdl.replace(/\bextend type Query\b/, 'type Query');
  const names = Object.keys(entities);
  const schema = buildSubgraphSchema(
    `${types} scalar _Any ${names.length === 0 ? '' : `union _Entity = ${names.join(' | ')} extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`}`,
  );
  return async ({ operation, variables }) => {
    const document = parse(operation);
    const problems = validate(schema, document);
    if (problems.length > 0) {
      throw new Error(`${operation}: ${problems.map(({ message }) => message).join(' ')}`);
    }
    const { data, errors } = executeSync({
      schema,
      document,
      variableValues: variables,
      rootValue: {
        ...roots,
        _entities: ({ representations }: { representations: readonly JsonObject[] }) =>
          representations.map((representation) => {
            const entity = entities[String(representation.__typename)]?.(representation);
            return isJsonObject(entity) ? { __typename: representation.__typename, ...entity } : null;
          }),
      },
      typeResolver: (value) => (isJsonObject(value) ? String(value.__typename) : undefined),
    });
    return JSON.parse(JSON.stringify({ data, errors }));
  };
}

const KINDS: readonly Kind[] = [
  {
    name: 'several key sets, one of which leads to the next (keys-mashup)',
    subgraphs: {
      archive: {
        sdl: `${LINK} type Query { deeds: [Deed!]! } type Deed @key(fields: "number") { number: Int! }`,
        roots: { deeds: [{ number: 1 }, { number: 2 }] },
        entities: { Deed: ({ number }) => ({ number }) },
      },
      registry: {
        sdl: `${LINK} type Deed @key(fields: "number") @key(fields: "ref { book page }") { number: Int! ref: Ref! } type Ref { book: ID! page: Int! } type Query { none: Int }`,
        entities: { Deed: ({ number }) => ({ number, ref: { book: 'b', page: Number(number) * 10 } }) },
      },
      land: {
        sdl: `${LINK} type Deed @key(fields: "ref { book page }") { ref: Ref! @shareable plots: [String!]! } type Ref { book: ID! @shareable page: Int! @shareable } type Query { nothing: Int }`,
        entities: {
          Deed: ({ ref }) => ({ ref, plots: isJsonObject(ref) ? [`${String(ref.book)}/${String(ref.page)}`] : [] }),
        },
      },
    },
    query: '{ deeds { plots number } }',
    data: {
      deeds: [
        { plots: ['b/10'], number: 1 },
        { plots: ['b/20'], number: 2 },
      ],
    },
  },
  {
    name: 'a root field of two subgraphs that each know other fields of its value (shared-root)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { mayor: Mayor @shareable } type Mayor @shareable { name: Name } type Name { first: String }`,
        roots: { mayor: { name: { first: 'Ada' } } },
      },
      other: {
        sdl: `${LINK} type Query { mayor: Mayor @shareable } type Mayor @shareable { name: Name } type Name { last: String }`,
        roots: { mayor: { name: { last: 'Kern' } } },
      },
    },
    query: '{ mayor { name { last first } } }',
    data: { mayor: { name: { last: 'Kern', first: 'Ada' } } },
  },
  {
    name: 'entities of which some have no key for the next subgraph (null-keys)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { rooms: [Room!]! } type Room @key(fields: "door") @key(fields: "id") { id: ID! door: ID }`,
        roots: {
          rooms: [
            { id: '1', door: 'A' },
            { id: '2', door: null },
          ],
        },
        entities: { Room: ({ id }) => ({ id }) },
      },
      other: {
        sdl: `${LINK} type Room @key(fields: "door") { door: ID area: Int } type Query { none: Int }`,
        entities: { Room: ({ door }) => (door === null ? null : { door, area: 12 }) },
      },
    },
    query: '{ rooms { id area } }',
    data: {
      rooms: [
        { id: '1', area: 12 },
        { id: '2', area: null },
      ],
    },
  },
  {
    name: 'a union whose members only one subgraph knows all of (union-intersection)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { found: [Hit!]! } union Hit = Page | Place type Page { title: String @shareable } type Place { title: String @shareable }`,
        roots: {
          found: [
            { __typename: 'Page', title: 'a' },
            { __typename: 'Place', title: 'b' },
          ],
        },
      },
      other: {
        sdl: `${LINK} type Query { last: Hit } union Hit = Page type Page { title: String @shareable }`,
        roots: { last: { __typename: 'Page', title: 'c' } },
      },
    },
    query: '{ found { __typename ... on Place { title } } last { ... on Page { title } ... on Place { title } } }',
    data: { found: [{ __typename: 'Page' }, { __typename: 'Place', title: 'b' }], last: { title: 'c' } },
  },
  {
    name: 'an enum of which a subgraph returns only some values (enum-intersection)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { state: State } enum State { OPEN CLOSED }`,
        roots: { state: 'CLOSED' },
      },
      other: { sdl: `${LINK} type Query { next: State } enum State { OPEN }`, roots: { next: 'OPEN' } },
    },
    query: '{ state next }',
    data: { state: 'CLOSED', next: 'OPEN' },
  },
  {
    name: 'a field of an @interfaceObject that requires one of the concrete types (interface-object-with-requires)',
    subgraphs: {
      media: {
        sdl: `${LINK} type Query { item: Item } interface Item @key(fields: "id") { id: ID! pages: Int } type Book implements Item @key(fields: "id") { id: ID! pages: Int }`,
        roots: { item: { __typename: 'Book', id: '1', pages: 90 } },
        entities: { Book: () => ({ id: '1', pages: 90 }) },
      },
      loans: {
        sdl: `${LINK} type Item @interfaceObject @key(fields: "id") { id: ID! pages: Int @external days: Int @requires(fields: "pages") } type Query { none: Int }`,
        entities: { Item: ({ id, pages }) => ({ id, days: Number(pages) / 3 }) },
      },
    },
    query: '{ item { __typename days ... on Book { id pages } } }',
    data: { item: { __typename: 'Book', days: 30, id: '1', pages: 90 } },
  },
  {
    name: 'required fields that require each other in turns (requires-circular)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { fee: Fee } type Fee @key(fields: "id") { id: ID! base: Int net: Int @external gross: Int @requires(fields: "net") }`,
        roots: { fee: { id: '1', base: 10 } },
        entities: { Fee: ({ id, net }) => ({ id, base: 10, gross: Number(net) + 2 }) },
      },
      other: {
        sdl: `${LINK} type Fee @key(fields: "id") { id: ID! base: Int @external net: Int @requires(fields: "base") } type Query { none: Int }`,
        entities: { Fee: ({ id, base }) => ({ id, net: Number(base) * 2 }) },
      },
    },
    query: '{ fee { gross } }',
    data: { fee: { gross: 22 } },
  },
  {
    name: 'required fields behind fragments on an interface (requires-with-fragments)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { visit: Visit } type Visit @key(fields: "id") { id: ID! goal: Goal } interface Goal { name: String } type Park implements Goal { name: String trees: Int } type Pool implements Goal { name: String lanes: Int }`,
        roots: { visit: { id: '1', goal: { __typename: 'Park', name: 'Hain', trees: 4 } } },
        entities: { Visit: () => ({ id: '1', goal: { __typename: 'Park', name: 'Hain', trees: 4 } }) },
      },
      other: {
        sdl: `${LINK} type Visit @key(fields: "id") { id: ID! goal: Goal @external advice: String @requires(fields: "goal { name ... on Park { trees } ... on Pool { lanes } }") } interface Goal { name: String } type Park implements Goal { name: String @external trees: Int @external } type Pool implements Goal { name: String @external lanes: Int @external } type Query { none: Int }`,
        entities: { Visit: ({ id, goal }) => ({ id, advice: JSON.stringify(goal) }) },
      },
    },
    query: '{ visit { advice } }',
    data: { visit: { advice: '{"name":"Hain","trees":4}' } },
  },
  {
    name: 'a field asked for with other arguments than it is required with (requires-with-argument-conflict)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { flat: Flat } type Flat @key(fields: "id") { id: ID! rent(in: String = "EUR"): String }`,
        roots: { flat: { id: '1', rent: ({ in: unit }: { in: string }) => `1 ${unit}` } },
        entities: { Flat: () => ({ id: '1', rent: ({ in: unit }: { in: string }) => `1 ${unit}` }) },
      },
      other: {
        sdl: `${LINK} type Flat @key(fields: "id") { id: ID! rent(in: String = "EUR"): String @external tax: String @requires(fields: "rent(in: \\"CHF\\")") } type Query { none: Int }`,
        entities: { Flat: ({ id, rent }) => ({ id, tax: `of ${String(rent)}` }) },
      },
    },
    query: '{ flat { rent tax usd: rent(in: "USD") } }',
    data: { flat: { rent: '1 EUR', tax: 'of 1 CHF', usd: '1 USD' } },
  },
  {
    name: 'a field taken over by a subgraph that computes it of others (override-with-requires)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { bus: Bus } type Bus @key(fields: "id") { id: ID! seats: Int label: String }`,
        roots: { bus: { id: '1', seats: 50, label: 'old' } },
        entities: { Bus: () => ({ id: '1', seats: 50, label: 'old' }) },
      },
      other: {
        sdl: `${LINK} type Bus @key(fields: "id") { id: ID! seats: Int @external label: String @override(from: "one") @requires(fields: "seats") } type Query { none: Int }`,
        entities: { Bus: ({ id, seats }) => ({ id, label: `for ${String(seats)}` }) },
      },
    },
    query: '{ bus { label } }',
    data: { bus: { label: 'for 50' } },
  },
  {
    name: 'what a field provides two levels below (nested-provides)',
    subgraphs: {
      one: {
        sdl: `${LINK} type Query { street: Street @provides(fields: "district { name }") } type Street @key(fields: "id") { id: ID! district: District @external } type District @key(fields: "id") { id: ID! name: String @external }`,
        roots: { street: { id: '1', district: { id: '7', name: 'Mitte' } } },
        entities: { Street: () => null, District: () => null },
      },
      other: {
        sdl: `${LINK} type Street @key(fields: "id") { id: ID! district: District @shareable } type District @key(fields: "id") { id: ID! name: String @shareable people: Int } type Query { none: Int }`,
        entities: { Street: () => null, District: ({ id }) => ({ id, people: 9 }) },
      },
    },
    query: '{ street { district { name people } } }',
    data: { street: { district: { name: 'Mitte', people: 9 } } },
  },
];

describe('kinds of supergraphs that public audits of federation name', () => {
  it.each(KINDS)('answers $name', async ({ subgraphs, query, data }) => {
    const composition = composeSupergraph(
      Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: `http://${name}.example.org`, sdl })),
    );
    if (composition.kind === 'failed') {
      throw new Error(composition.problems.map(({ message }) => message).join('\n'));
    }
    const servers = new Map(Object.entries(subgraphs).map(([name, subgraph]) => [name, createServer(subgraph)]));
    const send: SendFetch = (fetch) => servers.get(fetch.subgraph)?.(fetch) ?? Promise.reject(new Error('no subgraph'));
    const planner = createPlanner(composition.supergraphSdl);
    for (const isShareable of [() => true, () => false]) {
      const engine = createEngine({ planner, isShareable });
      const compilation = await engine.compile(query);
      if (compilation.kind === 'refused') {
        throw compilation.errors[0];
      }
      const result = await engine.execute(compilation.operation, {}, { send });
      const text = result.data instanceof WrappedData ? result.data.text() : (result.data ?? 'null');
      expect({ data: JSON.parse(text), errors: result.errors }).toEqual({ data, errors: [] });
    }
  });
});
