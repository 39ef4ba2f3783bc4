// Gateways over two subgraphs in their own process that answer at once, one for each of `sides`: false, or true for one that reads
// municipalities, all flags of the 45 that are asked for on, so that all fetch the same. The parent may have it watch its event loop
// for a while (`wait`, in ms), or while it builds another snapshot (`build`), which then takes the place of the first.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { createGateway } from '../../dist/gateway/createGateway.js';
import { systemClock } from '../../dist/platform/clock/Clock.js';
import { createMemoryStore } from '../../dist/platform/keyvalue/createMemoryStore.js';
import { composeSupergraph } from '../../dist/schema/composeSupergraph.js';
import { build, createLayers, index } from './snapshot.mjs';

const { count, sides } = JSON.parse(process.argv[2]);
const head = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature"])
    @composeDirective(name: "@feature")
  directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT
`;
const fieldOf = (flag) => flag.replace('.', '_');
const fields = index.flags.map((flag) => `${fieldOf(flag)}: [Thing!] @feature(flag: "${flag}")`).join('\n');
const composed = composeSupergraph([
  {
    name: 'towns',
    url: 'http://127.0.0.1:1',
    sdl: `${head} type Query { municipality(slug: ID!): Municipality municipalities: [Municipality!] }
      type Municipality @key(fields: "slug") { slug: ID! name: String }`,
  },
  {
    name: 'things',
    url: 'http://127.0.0.1:1',
    sdl: `${head} type Municipality @key(fields: "slug") { slug: ID! ${fields} } type Thing { title: String count: Int }`,
  },
]);
if (composed.kind === 'failed') {
  throw new Error(JSON.stringify(composed.problems));
}
const town = (n) => ({ __typename: 'Municipality', slug: `t${n}`, name: `Town ${n}` });
const towns = Array.from({ length: 45 }, (_, n) => town(n));
const things = Array.from({ length: 5 }, (_, n) => ({ title: `Something to see or do, number ${n}`, count: n }));
const entityOf = ({ slug }) => ({ __typename: 'Municipality', slug, m0: things, m1: things });
const inProcess = new Map([
  ['towns', { execute: async () => ({ data: { municipality: town(0), municipalities: towns }, maxAgeSeconds: 0 }) }],
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
const silent = () => {};
const complain = (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
let snapshot = sides.includes(true) ? await build(createLayers(count)) : undefined;
async function listen(gates) {
  const gateway = await createGateway({
    supergraphSdl: composed.supergraphSdl,
    inProcess,
    ...(gates
      ? {
          municipalities: {
            current: () => snapshot,
            problems: () => [],
            onChange: () => silent,
            close: async () => {},
          },
        }
      : {}),
    store: createMemoryStore({ clock: systemClock }),
    clock: systemClock,
    logger: { debug: silent, info: silent, warn: complain, error: complain, child: () => ({ error: complain }) },
    keepsAnswers: false,
    sharesInFlight: false,
  });
  return gateway.listen(0);
}

/** What the event loop waits while something is done: median and longest delay in ms. */
async function watched(run) {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  await run();
  delay.disable();
  const toMs = (ns) => Math.max(ns / 1e6 - resolution, 0);
  return { p50: toMs(delay.percentile(50)), max: toMs(delay.max) };
}

process.on('message', async ({ wait, build: isWanted }) => {
  const layers = isWanted ? createLayers(count) : undefined;
  await sleep(500);
  const start = performance.now();
  const delay = await watched(async () => {
    if (layers === undefined) {
      await sleep(wait);
    } else {
      snapshot = await build(layers);
    }
  });
  process.send({ delay, builtMs: performance.now() - start });
});
const ports = [];
for (const gates of sides) {
  ports.push(await listen(gates));
}
process.send({ ports });
