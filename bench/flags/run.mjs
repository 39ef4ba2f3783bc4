// What municipalities and their flags cost: `npm run build && node bench/flags/run.mjs [--rounds 15] [--seconds 1]
// [--sizes 45,11000,100000]`.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

import { wrongWith } from '../compare.mjs';
import { ask, load } from '../load.mjs';
import { CORE_OF_LOAD, CORE_OF_PEERS, pinSelf, startServer, stopServer } from '../processes.mjs';
import { readGraph } from '../workloads/graphs.mjs';
import { build, createLayers } from './snapshot.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '1' },
    sizes: { type: 'string', default: '45,11000,100000' },
  },
});
const WARM_UP_SECONDS = 3;
const SIZES = values.sizes.split(',').map(Number);

v8.setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

function inUse() {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * The longest time that the event loop's thread worked between two turns, by the processor time of the thread: what other
 * programs take from the processor on a busy machine does not count.
 */
function watchHolds() {
  const spentMs = () => Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
  let longest = 0;
  let last = spentMs();
  let isOver = false;
  const turn = () => {
    const now = spentMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) {
      setImmediate(turn);
    }
  };
  setImmediate(turn);
  return {
    stop: () => {
      isOver = true;
      return longest;
    },
  };
}

/** The snapshot alone: what it takes, how long it is built, and how long it holds the event loop at a stretch. */
async function measureSnapshot(count) {
  await build(createLayers(500)); // compiled code, as in a process that runs
  const layers = createLayers(count);
  const slugs = [...layers.municipalities.keys()];
  const before = inUse();
  const holds = watchHolds();
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const snapshot = await build(layers);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const holdMs = holds.stop();
  const bytes = inUse() - before;
  const reads = 2_000_000;
  const flags = layers.index.flags;
  const readStart = performance.now();
  let on = 0;
  for (let n = 0; n < reads; n += 1) {
    on += snapshot.municipalities.get(slugs[n % count]).modules.isOn(flags[n % flags.length]) ? 1 : 0;
  }
  const readNs = ((performance.now() - readStart) * 1e6) / reads;
  return { count, ms, cpuMs: (user + system) / 1e3, holdMs, bytes, readNs, on };
}

const print = (line) => process.stdout.write(`${line}\n`);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const BODIES = {
  'one municipality': JSON.stringify({
    query: '{ municipality(slug: "t0") { name m0 { title count } m1 { title count } } }',
  }),
  '45 municipalities': JSON.stringify({ query: '{ municipalities { name m0 { title count } m1 { title count } } }' }),
};

print('The snapshot alone. Wanted: a hold of the event loop below 50 ms.\n');
print('| municipalities x 200 flags | built in | processor time | longest hold | memory | each | one read |');
print('|--:|--:|--:|--:|--:|--:|--:|');
for (const count of SIZES) {
  const { ms, cpuMs, holdMs, bytes, readNs } = await measureSnapshot(count);
  const cells = [count, `${ms.toFixed(0)} ms`, `${cpuMs.toFixed(0)} ms`, `${holdMs.toFixed(1)} ms`];
  print(
    `| ${[...cells, `${(bytes / 1e6).toFixed(1)} MB`, `${(bytes / count).toFixed(0)} B`, `${readNs.toFixed(0)} ns`].join(' | ')} |`,
  );
}

/**
 * Loads servers in turn, round by round, each round in the other direction. Resolves with the processor time in ms for one request
 * at each, and for all but the first its ratio to the first: medians over the rounds, the ratio's over pairs of the same round.
 */
async function compare(servers, body) {
  const rounds = [];
  for (let round = -1; round < Number(values.rounds); round += 1) {
    const samples = [];
    const order = [...servers.keys()];
    for (const at of round % 2 === 0 ? order : order.reverse()) {
      // The first round warms up: its code is compiled in it.
      const seconds = round < 0 ? WARM_UP_SECONDS : Number(values.seconds);
      const { cpuMs } = await load(servers[at], body, { seconds, connections: 10 });
      samples[at] = cpuMs;
    }
    if (round >= 0) {
      rounds.push(samples);
    }
  }
  return servers.map((_, at) => ({
    cpuMs: median(rounds.map((samples) => samples[at])),
    ratio: median(rounds.map((samples) => samples[at] / samples[0])),
  }));
}

const ms = ({ cpuMs }) => `${cpuMs.toFixed(3)} ms`;

pinSelf();
print('\nCPU for one request, the gate compiled out and with it, in one run in turn. Wanted: a ratio of at most 1.03.');
print('\n| request | municipalities x 200 flags | compiled out | with the gate | ratio |');
print('|---|--:|--:|--:|--:|');
for (const count of SIZES) {
  const sides = [];
  for (const gates of [false, true]) {
    sides.push(await startServer('../flags/server.mjs', { count, gates }, { core: CORE_OF_PEERS }));
  }
  try {
    for (const [name, body] of Object.entries(BODIES)) {
      const texts = [];
      for (const { port } of sides) {
        await ask(port, body);
        texts.push((await ask(port, body)).text);
      }
      if (texts[0] !== texts[1]) {
        throw new Error(`The two answer differently: ${texts[0].slice(0, 300)} and ${texts[1].slice(0, 300)}`);
      }
      const [without, gated] = await compare(sides, body);
      print(`| ${name} | ${count} | ${ms(without)} | ${ms(gated)} | ${gated.ratio.toFixed(3)} |`);
    }
  } finally {
    await Promise.all(sides.map(stopServer));
  }
}

print('\nThe same over our own supergraph with 45 municipalities, its subgraphs asked over HTTP.');
print('\n| request | compiled out | with the gate, all on | ratio | every third off | ratio |');
print('|---|--:|--:|--:|--:|--:|');
const { workloads } = await readGraph('municipal');
const subgraphs = await startServer('subgraphs.mjs', { graph: 'municipal' }, { core: CORE_OF_LOAD });
const sides = [];
try {
  for (const gates of [false, true, 'third-off']) {
    const options = { graph: 'municipal', subgraphPort: subgraphs.port, gates };
    sides.push(await startServer('civigraph.mjs', options, { core: CORE_OF_PEERS }));
  }
  for (const [name, { title, body, expected }] of Object.entries(workloads)) {
    for (const [at, { port }] of sides.entries()) {
      await ask(port, body);
      const failure = at === 2 ? undefined : wrongWith(await ask(port, body), expected);
      if (failure !== undefined) {
        throw new Error(`${name}: ${failure}`);
      }
    }
    const [without, allOn, someOff] = await compare(sides, body);
    const gated = [allOn, someOff].map((side) => `${ms(side)} | ${side.ratio.toFixed(3)}`);
    print(`| ${name}: ${title} | ${ms(without)} | ${gated.join(' | ')} |`);
  }
} finally {
  await Promise.all([...sides, subgraphs].map(stopServer));
}
