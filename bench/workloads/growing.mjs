// A supergraph whose answers can be made as long, as full of entities and as scattered over subgraphs as a measurement wants.
import { composeSupergraph } from '../../dist/schema/composeSupergraph.js';
import { createSubgraphs } from './createSubgraphs.mjs';
import { createDraws } from './inventedTexts.mjs';

/** Subgraphs that each know one field of a Thing. */
export const PARTS = 49;
const TEXT_BYTES = 1_000;
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

export function readGrowing() {
  const sdl = {
    base: `${LINK}
      type Query { texts(count: Int!): [Text!]! things(count: Int!): [Thing!]! thing: Thing! }
      type Text { id: ID! title: String! body: String! }
      type Thing @key(fields: "id") { id: ID! name: String! }`,
    ...Object.fromEntries(
      range(PARTS, (at) => [`part${at}`, `${LINK} type Thing @key(fields: "id") { id: ID! note${at}: String! }`]),
    ),
  };
  const composition = composeSupergraph(
    Object.entries(sdl).map(([name, text]) => ({ name, url: `http://127.0.0.1/${name}`, sdl: text })),
  );
  if (composition.kind === 'failed') {
    throw new Error(composition.problems.map(({ message }) => message).join('\n'));
  }
  const thing = (id) => ({ __typename: 'Thing', id: String(id), name: `Thing ${id}` });
  const root = {
    texts: ({ count }) => range(count, text),
    things: ({ count }) => range(count, thing),
    thing: thing(1),
  };
  const parts = range(PARTS, (at) => [
    `part${at}`,
    { sdl: sdl[`part${at}`], entities: ({ id }) => ({ __typename: 'Thing', id, [`note${at}`]: noteOf(id, at) }) },
  ]);
  return {
    supergraphSdl: composition.supergraphSdl,
    workloads: {},
    answer: createSubgraphs({
      base: { sdl: sdl.base, root, entities: ({ id }) => thing(id) },
      ...Object.fromEntries(parts),
    }),
  };
}

/** Requests of a growing size, `{ x, body, expected }`, by what grows. */
export const SERIES = {
  bytes: {
    title: 'bytes of the answer',
    sizes: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000],
    make: (count) => ({
      body: request(`{ texts(count: ${count}) { id title body } }`),
      expected: { texts: range(count, text) },
    }),
  },
  entities: {
    title: 'entities joined from a second subgraph',
    sizes: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000],
    make: (count) => ({
      body: request(`{ things(count: ${count}) { id name note0 } }`),
      expected: { things: range(count, (id) => ({ id: String(id), name: `Thing ${id}`, note0: noteOf(id, 0) })) },
    }),
  },
  fetches: {
    title: 'fetches, each to a subgraph of its own',
    sizes: [1, 2, 5, 10, 20, 30, 40, 50],
    make: (count) => {
      const notes = range(count - 1, (at) => [`note${at}`, noteOf(1, at)]);
      return {
        body: request(`{ thing { id name ${notes.map(([name]) => name).join(' ')} } }`),
        expected: { thing: { id: '1', name: 'Thing 1', ...Object.fromEntries(notes) } },
      };
    },
  },
};

function range(length, make) {
  return Array.from({ length }, (_, at) => make(at));
}

const request = (query) => JSON.stringify({ query });

const noteOf = (id, part) => `What part ${part} knows of thing ${id}, as it stands in its own records`;

/** A text whose JSON has about 1,000 bytes in UTF-8. */
function text(at) {
  const { text: invent, pick } = createDraws(`text ${at % 50}`);
  const tag = pick(['de', 'en', 'ar', 'uk', 'tr']);
  const title = invent(tag, 1);
  let body = '';
  while (Buffer.byteLength(body) < TEXT_BYTES) {
    body += `${invent(tag, 1)}. `;
  }
  const room = TEXT_BYTES - Buffer.byteLength(JSON.stringify({ id: String(at), title, body: '' })) - 1;
  while (Buffer.byteLength(body) > room) {
    body = body.slice(0, -1);
  }
  return { id: String(at), title, body: body + '.'.repeat(room - Buffer.byteLength(body)) };
}
