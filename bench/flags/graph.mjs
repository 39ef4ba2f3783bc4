// Two subgraphs, one that yields towns and one with 180 gated fields of them, to compare what deciding costs by the number of
// municipalities.
import { composeSupergraph } from '../../dist/schema/composeSupergraph.js';
import { createSubgraphs } from '../workloads/createSubgraphs.mjs';
import { index } from './snapshot.mjs';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])';
const gatedFields = index.flags
  .map((flag) => `${flag.replace('.', '_')}: [Thing!] @feature(flag: "${flag}")`)
  .join('\n');
const sdl = {
  towns: `${LINK}
    type Query { municipality(slug: ID!): Municipality municipalities: [Municipality!] }
    type Municipality @key(fields: "slug") { slug: ID! name: String }`,
  things: `${LINK}
    extend schema @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature"]) @composeDirective(name: "@feature")
    directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT
    type Municipality @key(fields: "slug") { slug: ID! ${gatedFields} }
    type Thing { title: String count: Int }`,
};
const town = (n) => ({ __typename: 'Municipality', slug: `t${n}`, name: `Town ${n}` });
const TOWNS = Array.from({ length: 45 }, (_, n) => town(n));
const THINGS = Array.from({ length: 5 }, (_, n) => ({ title: `Something to see or do, number ${n}`, count: n }));
const ROOT = { municipality: TOWNS[0], municipalities: TOWNS };
const entityOf = ({ slug }) => ({ __typename: 'Municipality', slug, m0: THINGS, m1: THINGS });

export function readFlags() {
  const composed = composeSupergraph(
    Object.entries(sdl).map(([name, text]) => ({ name, url: `http://127.0.0.1:1/${name}`, sdl: text })),
  );
  if (composed.kind === 'failed') {
    throw new Error(JSON.stringify(composed.problems));
  }
  const answer = createSubgraphs({
    towns: { sdl: sdl.towns, root: ROOT },
    things: { sdl: sdl.things, entities: entityOf },
  });
  return { supergraphSdl: composed.supergraphSdl, workloads: {}, answer };
}

/** The subgraphs in the gateway's process, whose answers take no time at all. */
export const inProcess = new Map([
  ['towns', { execute: async () => ({ data: ROOT, maxAgeSeconds: 0 }) }],
  [
    'things',
    {
      execute: async ({ variables }) => ({
        data: { _entities: variables.representations.map(entityOf) },
        maxAgeSeconds: 0,
      }),
    },
  ],
]);
