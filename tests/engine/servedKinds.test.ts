import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createGateway, type Gateway } from '../../gateway/createGateway.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { createSubgraph } from '../../subgraphs/kit/createSubgraph.ts';
import type { Subgraph } from '../../subgraphs/kit/Subgraph.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@extends", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible"])';

interface Kind {
  /** As the public audit of federation gateways calls it. */
  readonly name: string;
  readonly subgraphs: Readonly<Record<string, { readonly sdl: string; readonly resolvers: object }>>;
  readonly cases: readonly Case[];
}

interface Case {
  readonly query: string;
  readonly data: unknown;
}

type Row = Readonly<Record<string, unknown>>;

/** A reference resolver over rows: the one that has the values of the keys. */
function finder<Found extends Row>(rows: readonly Found[], ...keys: readonly string[]): (sent: Row) => Found | null {
  return (sent) =>
    rows.find((row) => keys.some((key) => sent[key] !== undefined && String(row[key]) === String(sent[key]))) ?? null;
}

const residents = [
  { id: 'r1', name: 'Alma', email: 'alma@example.org', passport: 'P1' },
  { id: 'r2', name: 'Bo', email: 'bo@example.org', passport: 'P2' },
];

const KINDS: readonly Kind[] = [
  {
    name: 'simple-entity-call',
    subgraphs: {
      register: {
        sdl: `${LINK} type Query { resident: Resident } type Resident @key(fields: "id") { id: ID! email: String! @shareable }`,
        resolvers: {
          Query: { resident: () => residents[0] },
          Resident: { __resolveReference: finder(residents, 'id') },
        },
      },
      directory: {
        sdl: `${LINK} type Resident @key(fields: "email") { email: String! @shareable nickname: String! }`,
        resolvers: {
          Resident: {
            __resolveReference: finder(residents, 'email'),
            nickname: ({ name }: { name: string }) => `die ${name}`,
          },
        },
      },
    },
    cases: [
      { query: '{ resident { nickname } }', data: { resident: { nickname: 'die Alma' } } },
      {
        query: '{ resident { id nickname again: nickname email } }',
        data: { resident: { id: 'r1', nickname: 'die Alma', again: 'die Alma', email: 'alma@example.org' } },
      },
    ],
  },
  {
    name: 'simple-requires-provides',
    subgraphs: {
      offers: {
        sdl: `${LINK} type Query { offers: [Offer!]! } type Offer @key(fields: "id") { id: ID! rent: Int! area: Int! title: String @shareable }`,
        resolvers: {
          Query: {
            offers: () => [
              { id: '1', rent: 500, area: 50, title: 'Dach' },
              { id: '2', rent: 900, area: 60, title: 'Hof' },
            ],
          },
          Offer: {
            __resolveReference: finder(
              [
                { id: '1', rent: 500, area: 50, title: 'Dach' },
                { id: '2', rent: 900, area: 60, title: 'Hof' },
              ],
              'id',
            ),
          },
        },
      },
      prices: {
        sdl: `${LINK} type Offer @key(fields: "id") { id: ID! rent: Int! @external area: Int! @external perMetre: Int @requires(fields: "rent area") isCheap: Boolean @requires(fields: "rent") }`,
        resolvers: {
          Offer: {
            perMetre: ({ rent, area }: { rent: number; area: number }) => rent / area,
            isCheap: ({ rent }: { rent: number }) => rent < 800,
          },
        },
      },
      people: {
        sdl: `${LINK} type Query { host: Resident } type Resident @key(fields: "id") { id: ID! name: String @shareable }`,
        resolvers: {
          Query: { host: () => residents[1] },
          Resident: { __resolveReference: finder(residents, 'id') },
        },
      },
      visits: {
        sdl: `${LINK}
          type Visit @key(fields: "id") { id: ID! note: String guest: Resident @provides(fields: "name") offer: Offer }
          type Resident @key(fields: "id") { id: ID! name: String @external visits: [Visit!] }
          type Offer @key(fields: "id") { id: ID! visits: [Visit!]! }`,
        resolvers: {
          // A name of its own: who sees it knows that it was provided and not fetched.
          Visit: { guest: () => ({ id: 'r1', name: 'Alma (provided)' }), offer: () => ({ id: '2' }) },
          Resident: { visits: () => [{ id: 'v1', note: 'hell' }] },
          Offer: { visits: ({ id }: { id: string }) => (id === '2' ? [{ id: 'v1', note: 'hell' }] : []) },
        },
      },
    },
    cases: [
      {
        query: '{ offers { perMetre isCheap } }',
        data: {
          offers: [
            { perMetre: 10, isCheap: true },
            { perMetre: 15, isCheap: false },
          ],
        },
      },
      {
        query: '{ host { visits { note guest { name } offer { title perMetre } } } }',
        data: {
          host: {
            visits: [{ note: 'hell', guest: { name: 'Alma (provided)' }, offer: { title: 'Hof', perMetre: 15 } }],
          },
        },
      },
      {
        query: '{ offers { id visits { guest { id name visits { id } } offer { isCheap visits { id } } } } }',
        data: {
          offers: [
            { id: '1', visits: [] },
            {
              id: '2',
              visits: [
                {
                  guest: { id: 'r1', name: 'Alma (provided)', visits: [{ id: 'v1' }] },
                  offer: { isCheap: false, visits: [{ id: 'v1' }] },
                },
              ],
            },
          ],
        },
      },
    ],
  },
  {
    name: 'child-type-mismatch',
    subgraphs: {
      office: {
        sdl: `${LINK}
          type Query { contacts: [Contact!]! }
          union Contact = Resident | Clerk
          type Resident @key(fields: "id") { id: ID! peers: [Resident!] }
          type Clerk { id: ID peer: Clerk! desk: Int }`,
        resolvers: {
          Contact: { __resolveType: ({ kind }: { kind: string }) => kind },
          Query: {
            contacts: () => [
              { kind: 'Resident', id: 'r1', peers: [{ id: 'r2' }] },
              { kind: 'Clerk', id: 'c1', desk: 4, peer: { id: 'c2', desk: 5 } },
            ],
          },
        },
      },
      people: {
        sdl: `${LINK} type Resident @key(fields: "id") { id: ID name: String phone: [String!] } `,
        resolvers: {
          Resident: {
            __resolveReference: ({ id }: { id: string }) => ({ id, name: id.toUpperCase(), phone: ['1', '2'] }),
          },
        },
      },
    },
    cases: [
      {
        query:
          '{ contacts { ... on Resident { id other: peers { id name } } ... on Clerk { id colleague: peer { id desk } } } }',
        data: {
          contacts: [
            { id: 'r1', other: [{ id: 'r2', name: 'R2' }] },
            { id: 'c1', colleague: { id: 'c2', desk: 5 } },
          ],
        },
      },
      {
        query:
          '{ contacts { __typename ... on Resident { key: id name phone } ... on Clerk { key: id peer { key: id } } } }',
        data: {
          contacts: [
            { __typename: 'Resident', key: 'r1', name: 'R1', phone: ['1', '2'] },
            { __typename: 'Clerk', key: 'c1', peer: { key: 'c2' } },
          ],
        },
      },
    ],
  },
  {
    name: 'circular-reference-interface',
    subgraphs: {
      places: {
        sdl: `${LINK}
          type Query { place: Place }
          interface Place { near: Place }
          type Park implements Place @key(fields: "id") { id: ID! near: Park }`,
        resolvers: {
          Place: { __resolveType: () => 'Park' },
          Query: { place: () => ({ id: 'p1' }) },
          Park: {
            __resolveReference: ({ id }: { id: string }) => ({ id }),
            near: ({ id }: { id: string }) => (id === 'p3' ? null : { id: `p${Number(id.slice(1)) + 1}` }),
          },
        },
      },
      trees: {
        sdl: `${LINK} type Park @key(fields: "id") { id: ID! trees: Int }`,
        resolvers: {
          Park: { __resolveReference: ({ id }: { id: string }) => ({ id, trees: Number(id.slice(1)) * 100 }) },
        },
      },
    },
    cases: [
      {
        query: '{ place { near { ... on Park { id } } } }',
        data: { place: { near: { id: 'p2' } } },
      },
      {
        query:
          '{ place { __typename near { near { ... on Park { id trees near { __typename } } } ... on Park { trees } __typename } ... on Park { trees near { trees } } } }',
        data: {
          place: {
            __typename: 'Park',
            near: { near: { id: 'p3', trees: 300, near: null }, trees: 200, __typename: 'Park' },
            trees: 100,
          },
        },
      },
    ],
  },
  {
    name: 'corrupted-supergraph-node-id',
    subgraphs: {
      accounts: {
        sdl: `${LINK}
          type Query { account(id: ID!): Account }
          interface Node { id: ID! }
          type Account implements Node @key(fields: "id") { id: ID! owner: String threads: [Thread!]! }
          type Thread implements Node @key(fields: "id") { id: ID! account: Account! }`,
        resolvers: {
          Node: { __resolveType: () => 'Account' },
          Query: { account: (_: unknown, { id }: { id: string }) => ({ id }) },
          Account: {
            __resolveReference: ({ id }: { id: string }) => ({ id }),
            owner: ({ id }: { id: string }) => `owner of ${id}`,
            threads: () => [{ id: 't1' }, { id: 't2' }],
          },
          Thread: { __resolveReference: ({ id }: { id: string }) => ({ id }), account: () => ({ id: 'a1' }) },
        },
      },
      messages: {
        sdl: `${LINK}
          type Query { thread(id: ID!): Thread }
          interface Node { id: ID! }
          type Thread implements Node @key(fields: "id") { id: ID! subject: String }
          type Account @key(fields: "id") { id: ID! unread: Int }`,
        resolvers: {
          Node: { __resolveType: () => 'Thread' },
          Query: { thread: (_: unknown, { id }: { id: string }) => ({ id }) },
          Thread: {
            __resolveReference: ({ id }: { id: string }) => ({ id }),
            subject: ({ id }: { id: string }) => `subject of ${id}`,
          },
          Account: { __resolveReference: ({ id }: { id: string }) => ({ id, unread: 3 }) },
        },
      },
    },
    cases: [
      {
        query: '{ thread(id: "t9") { id subject account { id owner unread } } }',
        data: {
          thread: { id: 't9', subject: 'subject of t9', account: { id: 'a1', owner: 'owner of a1', unread: 3 } },
        },
      },
      {
        query:
          '{ account(id: "a1") { unread threads { ... on Node { id } subject account { threads { subject } } } } }',
        data: {
          account: {
            unread: 3,
            threads: ['t1', 't2'].map((id) => ({
              id,
              subject: `subject of ${id}`,
              account: { threads: [{ subject: 'subject of t1' }, { subject: 'subject of t2' }] },
            })),
          },
        },
      },
    ],
  },
  {
    name: 'node',
    subgraphs: {
      entry: {
        sdl: `${LINK}
          type Query { eventNode: Node placeNode: Node }
          interface Node { id: ID! }
          type Event implements Node @key(fields: "id") { id: ID! }
          type Venue implements Node @key(fields: "id") { id: ID! }`,
        resolvers: {
          Node: { __resolveType: ({ kind }: { kind: string }) => kind },
          Query: {
            eventNode: () => ({ kind: 'Event', id: 'e1' }),
            placeNode: () => ({ kind: 'Venue', id: 'v1' }),
          },
        },
      },
      culture: {
        sdl: `${LINK}
          interface Node { id: ID! }
          type Event implements Node @key(fields: "id") { id: ID! title: String! venue: Venue! }
          type Venue implements Node @key(fields: "id") { id: ID! title: String! }`,
        resolvers: {
          Node: { __resolveType: () => 'Event' },
          Event: {
            __resolveReference: ({ id }: { id: string }) => ({
              id,
              title: 'Markt',
              venue: { id: 'v1', title: 'Platz' },
            }),
          },
          Venue: { __resolveReference: ({ id }: { id: string }) => ({ id, title: 'Platz' }) },
        },
      },
    },
    cases: [
      {
        query: '{ eventNode { ... on Event { id title venue { title } } } }',
        data: { eventNode: { id: 'e1', title: 'Markt', venue: { title: 'Platz' } } },
      },
      {
        query:
          '{ eventNode { id ...what } placeNode { __typename id ...what } } fragment what on Node { ... on Event { title } ... on Venue { title } }',
        data: {
          eventNode: { id: 'e1', title: 'Markt' },
          placeNode: { __typename: 'Venue', id: 'v1', title: 'Platz' },
        },
      },
      { query: '{ placeNode { ... on Event { title } } }', data: { placeNode: {} } },
    ],
  },
  {
    name: 'fed1-external-extends-resolvable',
    subgraphs: {
      catalogue: {
        sdl: `
          type Query { bookInCatalogue: Book }
          type Book @extends @key(fields: "isbn") @key(fields: "shelf") { isbn: String! @external shelf: String @external title: String room: String @requires(fields: "shelf") }`,
        resolvers: {
          Query: { bookInCatalogue: () => ({ isbn: '1', shelf: 's7', title: 'Ortsplan' }) },
          Book: {
            __resolveReference: (sent: Row) => ({ title: 'Ortsplan', isbn: '1', shelf: 's7', ...sent }),
            room: ({ shelf }: { shelf?: string }) => `room of ${shelf}`,
          },
        },
      },
      store: {
        sdl: `
          type Query { bookInStore: Book }
          type Book @key(fields: "isbn") @key(fields: "shelf") { isbn: String! shelf: String copies: Int }`,
        resolvers: {
          Query: { bookInStore: () => ({ isbn: '1', shelf: 's7', copies: 2 }) },
          Book: { __resolveReference: finder([{ isbn: '1', shelf: 's7', copies: 2 }], 'isbn', 'shelf') },
        },
      },
    },
    cases: [
      {
        query: '{ bookInCatalogue { title copies shelf room } }',
        data: { bookInCatalogue: { title: 'Ortsplan', copies: 2, shelf: 's7', room: 'room of s7' } },
      },
      {
        query: '{ bookInStore { isbn title room } }',
        data: { bookInStore: { isbn: '1', title: 'Ortsplan', room: 'room of s7' } },
      },
    ],
  },
  {
    name: 'fed1-external-extension',
    subgraphs: {
      visits: {
        sdl: `
          type Query { guest: Resident providedGuest: Resident @provides(fields: "name") guestById(id: ID): Resident }
          extend type Resident @key(fields: "id") { id: ID! @external name: String! @external code: ID }`,
        resolvers: {
          Query: {
            guest: () => ({ id: 'r1', name: 'never', code: 'c-r1' }),
            providedGuest: () => ({ id: 'r1', name: 'Alma (provided)', code: 'c-r1' }),
            guestById: (_: unknown, { id }: { id: string }) => ({ id, code: `c-${id}` }),
          },
          Resident: { __resolveReference: ({ id }: { id: string }) => ({ id, code: `c-${id}` }) },
        },
      },
      register: {
        sdl: 'type Resident @key(fields: "id") { id: ID! name: String! email: String }',
        resolvers: { Resident: { __resolveReference: finder(residents, 'id') } },
      },
    },
    cases: [
      {
        query: '{ guest { id name code } providedGuest { id name email } }',
        data: {
          guest: { id: 'r1', name: 'Alma', code: 'c-r1' },
          providedGuest: { id: 'r1', name: 'Alma (provided)', email: 'alma@example.org' },
        },
      },
      {
        query: '{ guestById(id: "r2") { code name } guest { email } }',
        data: { guestById: { code: 'c-r2', name: 'Bo' }, guest: { email: 'alma@example.org' } },
      },
    ],
  },
  {
    name: 'fed2-external-extends',
    subgraphs: {
      visits: {
        sdl: `${LINK}
          type Query { guest: Resident providedGuest: Resident @provides(fields: "name") }
          type Resident @extends @key(fields: "id") { id: ID @external name: String @external code: ID }`,
        resolvers: {
          Query: {
            guest: () => ({ id: 'r2', code: 'c-r2' }),
            providedGuest: () => ({ id: 'r2', name: 'Bo (provided)', code: 'c-r2' }),
          },
          Resident: { __resolveReference: ({ id }: { id: string }) => ({ id, code: `c-${id}` }) },
        },
      },
      register: {
        sdl: `${LINK}
          type Query { residents: [Resident] }
          type Resident @key(fields: "id") { id: ID name: String @shareable email: String }`,
        resolvers: {
          Query: { residents: () => residents },
          Resident: { __resolveReference: finder(residents, 'id') },
        },
      },
    },
    cases: [
      {
        query: '{ guest { id name code } providedGuest { name email code } }',
        data: {
          guest: { id: 'r2', name: 'Bo', code: 'c-r2' },
          providedGuest: { name: 'Bo (provided)', email: 'bo@example.org', code: 'c-r2' },
        },
      },
      {
        query: '{ residents { code name } }',
        data: {
          residents: [
            { code: 'c-r1', name: 'Alma' },
            { code: 'c-r2', name: 'Bo' },
          ],
        },
      },
    ],
  },
  {
    name: 'parent-entity-call-complex',
    subgraphs: {
      topics: {
        sdl: `${LINK} type Page @key(fields: "id number") { id: ID! number: Int! topic: Topic @shareable } type Topic { info: String }`,
        resolvers: {
          Page: {
            __resolveReference: ({ id, number }: Row) => ({ id, number, topic: { info: `info of ${id}/${number}` } }),
          },
        },
      },
      names: {
        sdl: `${LINK} type Page @key(fields: "id") { id: ID! topic: Topic @shareable number: Int! @shareable } type Topic @key(fields: "slug") { slug: ID! }`,
        resolvers: {
          Page: {
            __resolveReference: ({ id }: Row) => ({ id, number: 4, topic: { slug: `t-${id}` } }),
          },
        },
      },
      words: {
        sdl: `${LINK} type Topic @key(fields: "slug") { slug: ID! name: String! }`,
        resolvers: { Topic: { __resolveReference: ({ slug }: Row) => ({ slug, name: `name of ${slug}` }) } },
      },
      entry: {
        sdl: `${LINK} type Query { page(id: ID!): Page pages: [Page!]! } type Page @key(fields: "id") { id: ID! title: String! }`,
        resolvers: {
          Query: {
            page: (_: unknown, { id }: { id: string }) => ({ id, title: 'T' }),
            pages: () => [
              { id: '1', title: 'T' },
              { id: '2', title: 'U' },
            ],
          },
          Page: { __resolveReference: ({ id }: Row) => ({ id, title: 'T' }) },
        },
      },
    },
    cases: [
      {
        query: '{ page(id: "1") { id title topic { slug name info } } }',
        data: { page: { id: '1', title: 'T', topic: { slug: 't-1', name: 'name of t-1', info: 'info of 1/4' } } },
      },
      {
        query: '{ pages { topic { info } } }',
        data: { pages: [{ topic: { info: 'info of 1/4' } }, { topic: { info: 'info of 2/4' } }] },
      },
      {
        query: '{ pages { topic { what: info name } number } }',
        data: {
          pages: [
            { topic: { what: 'info of 1/4', name: 'name of t-1' }, number: 4 },
            { topic: { what: 'info of 2/4', name: 'name of t-2' }, number: 4 },
          ],
        },
      },
    ],
  },
  {
    name: 'provides-on-interface',
    subgraphs: {
      tours: {
        sdl: `${LINK}
          type Query { leaflet: Leaflet! @shareable @provides(fields: "stops { id name }") tour: Leaflet! @shareable @provides(fields: "stops { id ... on Museum { name } }") }
          interface Leaflet { id: ID! stops: [Stop] }
          interface Stop { id: ID! name: String }
          type Walk implements Leaflet @key(fields: "id") { id: ID! stops: [Stop] @external }
          type Museum implements Stop @key(fields: "id") { id: ID! name: String @external }
          type Church implements Stop @key(fields: "id") { id: ID! name: String @external }`,
        resolvers: {
          Leaflet: { __resolveType: () => 'Walk' },
          Stop: { __resolveType: ({ id }: { id: string }) => (id.startsWith('m') ? 'Museum' : 'Church') },
          Query: {
            leaflet: () => ({
              id: 'w1',
              stops: [
                { id: 'm1', name: 'M (provided)' },
                { id: 'c1', name: 'C (provided)' },
              ],
            }),
            tour: () => ({
              id: 'w1',
              stops: [
                { id: 'm1', name: 'M (provided)' },
                { id: 'c1', name: 'never' },
              ],
            }),
          },
        },
      },
      sights: {
        sdl: `${LINK}
          interface Leaflet { id: ID! stops: [Stop] }
          interface Stop { id: ID! name: String }
          type Walk implements Leaflet @key(fields: "id") { id: ID! stops: [Stop] @shareable metres: Int }
          type Museum implements Stop @key(fields: "id") { id: ID! name: String @shareable fee: Int }
          type Church implements Stop @key(fields: "id") { id: ID! name: String @shareable }`,
        resolvers: {
          Leaflet: { __resolveType: () => 'Walk' },
          Stop: { __resolveType: ({ id }: { id: string }) => (id.startsWith('m') ? 'Museum' : 'Church') },
          Walk: {
            __resolveReference: ({ id }: Row) => ({
              id,
              metres: 900,
              stops: [
                { id: 'm1', name: 'M (fetched)', fee: 3 },
                { id: 'c1', name: 'C (fetched)' },
              ],
            }),
          },
          Museum: { __resolveReference: ({ id }: Row) => ({ id, name: 'M (fetched)', fee: 3 }) },
          Church: { __resolveReference: ({ id }: Row) => ({ id, name: 'C (fetched)' }) },
        },
      },
    },
    cases: [
      {
        query: '{ leaflet { id stops { id name } } }',
        data: {
          leaflet: {
            id: 'w1',
            stops: [
              { id: 'm1', name: 'M (provided)' },
              { id: 'c1', name: 'C (provided)' },
            ],
          },
        },
      },
      {
        query: '{ leaflet { ... on Walk { metres stops { __typename ... on Museum { id fee } } } } }',
        data: {
          leaflet: {
            metres: 900,
            stops: [{ __typename: 'Museum', id: 'm1', fee: 3 }, { __typename: 'Church' }],
          },
        },
      },
      {
        query: '{ tour { stops { id ... on Museum { name } ... on Church { name } } } }',
        data: {
          tour: {
            stops: [
              { id: 'm1', name: 'M (provided)' },
              { id: 'c1', name: 'C (fetched)' },
            ],
          },
        },
      },
    ],
  },
  {
    name: 'typename',
    subgraphs: {
      one: {
        sdl: `${LINK}
          type Query { hit: Hit means: Means staff: [Person] }
          union Hit = Bus | Tram
          interface Means { id: ID! }
          type Bus implements Means { id: ID! line: Int }
          type Tram implements Means { id: ID! line: Int }
          interface Person @key(fields: "id") { id: ID! }
          type Clerk implements Person @key(fields: "id") { id: ID! isHead: Boolean! }`,
        resolvers: {
          Hit: { __resolveType: () => 'Bus' },
          Means: { __resolveType: () => 'Tram' },
          Person: {
            __resolveType: () => 'Clerk',
            __resolveReference: ({ id }: Row) => ({ __typename: 'Clerk', id, isHead: id === 'p1' }),
          },
          Query: {
            hit: () => ({ id: 'b1', line: 3 }),
            means: () => ({ id: 't1', line: 4 }),
            staff: () => [
              { id: 'p1', isHead: true },
              { id: 'p2', isHead: false },
            ],
          },
          Clerk: { __resolveReference: ({ id }: Row) => ({ id, isHead: id === 'p1' }) },
        },
      },
      two: {
        sdl: `${LINK} type Query { people: [Person] } type Person @key(fields: "id") @interfaceObject { id: ID! name: String }`,
        resolvers: {
          Query: { people: () => [{ id: 'p1', name: 'Ada' }] },
          Person: { __resolveReference: ({ id }: Row) => ({ id, name: `name of ${id}` }) },
        },
      },
    },
    cases: [
      {
        query: '{ __typename root: __typename hit { __typename kind: __typename ... on Bus { __typename line } } }',
        data: { __typename: 'Query', root: 'Query', hit: { __typename: 'Bus', kind: 'Bus', line: 3 } },
      },
      {
        query: '{ means { kind: __typename ... on Bus { id } ... on Tram { __typename } } }',
        data: { means: { kind: 'Tram', __typename: 'Tram' } },
      },
      {
        query: '{ staff { __typename name } people { kind: __typename id name ... on Clerk { isHead __typename } } }',
        data: {
          staff: [
            { __typename: 'Clerk', name: 'name of p1' },
            { __typename: 'Clerk', name: 'name of p2' },
          ],
          people: [{ kind: 'Clerk', id: 'p1', name: 'Ada', isHead: true, __typename: 'Clerk' }],
        },
      },
      { query: '{ __typename }', data: { __typename: 'Query' } },
    ],
  },
  {
    name: 'unavailable-override',
    subgraphs: {
      old: {
        sdl: `${LINK} type Query { notices: [Notice] } type Notice @key(fields: "id") { id: ID! text: String day: String @shareable }`,
        resolvers: {
          Query: { notices: () => [{ id: 'n1', text: 'old', day: 'Mon' }] },
          Notice: { __resolveReference: ({ id }: Row) => ({ id, text: 'old', day: 'Mon' }) },
        },
      },
      next: {
        sdl: `${LINK} type Query { board: [Notice] } type Notice @key(fields: "id") { id: ID! text: String @override(from: "old") day: String @shareable author: String @override(from: "gone") }`,
        resolvers: {
          Query: { board: () => [{ id: 'n2', text: 'new', day: 'Tue', author: 'A' }] },
          Notice: { __resolveReference: ({ id }: Row) => ({ id, text: 'new', day: 'Tue', author: 'B' }) },
        },
      },
    },
    cases: [
      {
        query: '{ notices { id text day author } board { id text author } }',
        data: {
          notices: [{ id: 'n1', text: 'new', day: 'Mon', author: 'B' }],
          board: [{ id: 'n2', text: 'new', author: 'A' }],
        },
      },
      { query: '{ notices { author } }', data: { notices: [{ author: 'B' }] } },
    ],
  },
  {
    name: 'union-interface-distributed',
    subgraphs: {
      stock: {
        sdl: `${LINK}
          type Query { things: [Thing] node(id: ID!): Node @shareable }
          union Thing = Oven | Bike
          interface Node { id: ID! }
          type Oven implements Node @key(fields: "id") { id: ID! }
          type Bike @key(fields: "id") { id: ID! }`,
        resolvers: {
          Thing: { __resolveType: ({ id }: { id: string }) => (id.startsWith('o') ? 'Oven' : 'Bike') },
          Node: { __resolveType: () => 'Oven' },
          Query: {
            things: () => [{ id: 'o1' }, { id: 'b1' }],
            node: (_: unknown, { id }: { id: string }) => (id.startsWith('o') ? { id } : null),
          },
          Oven: { __resolveReference: ({ id }: Row) => ({ id }) },
        },
      },
      repair: {
        sdl: `${LINK}
          interface Node { id: ID! }
          type Bike implements Node @key(fields: "id") { id: ID! gears: Int }
          type Oven @key(fields: "id") { id: ID! watts: Int }
          type Query { workshop: Node }`,
        resolvers: {
          Node: { __resolveType: () => 'Bike' },
          Query: { workshop: () => ({ id: 'b2', gears: 3 }) },
          Bike: { __resolveReference: ({ id }: Row) => ({ id, gears: 7 }) },
          Oven: { __resolveReference: ({ id }: Row) => ({ id, watts: 900 }) },
        },
      },
    },
    cases: [
      { query: '{ things { ... on Node { id } } }', data: { things: [{ id: 'o1' }, { id: 'b1' }] } },
      {
        query: '{ things { __typename ... on Node { __typename id ... on Bike { gears } } ... on Oven { watts } } }',
        data: {
          things: [
            { __typename: 'Oven', id: 'o1', watts: 900 },
            { __typename: 'Bike', id: 'b1', gears: 7 },
          ],
        },
      },
      {
        query:
          '{ workshop { __typename id ... on Oven { watts } ... on Bike { gears } } node(id: "o5") { id ... on Oven { watts } } }',
        data: { workshop: { __typename: 'Bike', id: 'b2', gears: 3 }, node: { id: 'o5', watts: 900 } },
      },
    ],
  },
  {
    name: 'interface-object-indirect-extension',
    subgraphs: {
      media: {
        sdl: `${LINK}
          interface Medium @key(fields: "id") { id: ID! title: String! }
          type Disc implements Medium @key(fields: "id") { id: ID! title: String! tracks: Int }
          type Map implements Medium @key(fields: "id") { id: ID! title: String! scale: Int }
          type Query { media: [Medium!]! }`,
        resolvers: {
          Medium: {
            __resolveType: ({ id }: { id: string }) => (id.startsWith('d') ? 'Disc' : 'Map'),
            __resolveReference: ({ id }: Row) => ({ id, title: `title of ${id}`, tracks: 9, scale: 500 }),
          },
          Disc: { __resolveReference: ({ id }: Row) => ({ id, title: `title of ${id}`, tracks: 9 }) },
          Map: { __resolveReference: ({ id }: Row) => ({ id, title: `title of ${id}`, scale: 500 }) },
          Query: { media: () => [{ id: 'd1', title: 'title of d1' }] },
        },
      },
      loans: {
        sdl: `${LINK}
          type Query { loan: Loan }
          type Loan @key(fields: "id") { id: ID! media: [Medium!]! }
          type Medium @key(fields: "id") @interfaceObject { id: ID! }`,
        resolvers: {
          Query: { loan: () => ({ id: 'l1', media: [{ id: 'd1' }, { id: 'm1' }] }) },
          Medium: { __resolveReference: ({ id }: Row) => ({ id }) },
        },
      },
      stars: {
        sdl: `${LINK}
          type Medium @key(fields: "id") @interfaceObject { id: ID! stars: Int! best: Star }
          type Star { by: Resident }
          type Resident @key(fields: "id") { id: ID! }`,
        resolvers: {
          Medium: { __resolveReference: ({ id }: Row) => ({ id, stars: 5, best: { by: { id: 'r2' } } }) },
        },
      },
      people: {
        sdl: `${LINK} type Resident @key(fields: "id") { id: ID! name: String }`,
        resolvers: { Resident: { __resolveReference: finder(residents, 'id') } },
      },
    },
    cases: [
      {
        query: '{ loan { media { id stars best { by { name } } } } }',
        data: {
          loan: {
            media: [
              { id: 'd1', stars: 5, best: { by: { name: 'Bo' } } },
              { id: 'm1', stars: 5, best: { by: { name: 'Bo' } } },
            ],
          },
        },
      },
      {
        query:
          '{ loan { media { __typename title stars ... on Disc { tracks } ... on Map { scale stars } } } media { stars title } }',
        data: {
          loan: {
            media: [
              { __typename: 'Disc', title: 'title of d1', stars: 5, tracks: 9 },
              { __typename: 'Map', title: 'title of m1', stars: 5, scale: 500 },
            ],
          },
          media: [{ stars: 5, title: 'title of d1' }],
        },
      },
    ],
  },
];

describe.each(KINDS)('federation as subgraph servers speak it: $name', ({ subgraphs, cases }) => {
  const servers: Subgraph[] = [];
  const gateways = new Map<string, { readonly gateway: Gateway; readonly url: string }>();

  beforeAll(async () => {
    const sources = await Promise.all(
      Object.entries(subgraphs).map(async ([name, { sdl, resolvers }]) => {
        const server = await createSubgraph({
          name,
          typeDefs: sdl,
          resolvers,
          createContext: () => ({}),
          logger: silentLogger,
        });
        servers.push(server);
        return { name, sdl, url: `http://127.0.0.1:${await server.listen(0)}/graphql` };
      }),
    );
    const composition = composeSupergraph(sources);
    if (composition.kind === 'failed') {
      throw new Error(composition.problems.map(({ message }) => message).join('\n'));
    }
    const { supergraphSdl } = composition;
    for (const engine of ['compiled', 'apollo'] as const) {
      const gateway = await createGateway({
        supergraphSdl,
        engine,
        ...(engine === 'compiled' ? { planner: createPlanner(supergraphSdl) } : {}),
        keepsAnswers: false,
        store: createMemoryStore(),
        clock: systemClock,
        logger: silentLogger,
      });
      gateways.set(engine, { gateway, url: `http://127.0.0.1:${await gateway.listen(0)}/graphql` });
    }
  });

  afterAll(async () => {
    for (const { gateway } of gateways.values()) {
      await gateway.close();
    }
    await Promise.all(servers.map((server) => server.close()));
  });

  it.each(['compiled', 'apollo'].flatMap((engine) => cases.map((one, i) => ({ ...one, engine, nth: i + 1 }))))(
    'answers case $nth with the engine $engine',
    async ({ engine, query, data }) => {
      const response = await fetch(gateways.get(engine)?.url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });

      expect(await response.json()).toEqual({ data });
    },
  );
});
