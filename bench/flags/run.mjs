// What municipalities and their flags cost: `npm run build && node bench/flags/run.mjs [--rounds 5] [--seconds 2]`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

import { ask, load } from '../load.mjs';
import { build, createLayers } from './snapshot.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '2' } },
});
const SIZES = (process.env.SIZES ?? '45,11000,100000').split(',').map(Number);

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

async function start(options) {
  const child = fork(join(import.meta.dirname, 'server.mjs'), [JSON.stringify(options)], {
    execArgv: ['--max-semi-space-size=32'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [{ port }] = await once(child, 'message');
  return { child, pid: child.pid, port };
}

const print = (line) => process.stdout.write(`${line}\n`);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const BODIES = {
  'one municipality': JSON.stringify({
    query: '{ municipality(slug: "t0") { name m0 { title count } m1 { title count } } }',
  }),
  '45 municipalities': JSON.stringify({ query: '{ municipalities { name m0 { title count } m1 { title count } } }' }),
};

print('| municipalities x 200 flags | built in | processor time | longest hold | memory | each | one read |');
print('|--:|--:|--:|--:|--:|--:|--:|');
for (const count of SIZES) {
  const { ms, cpuMs, holdMs, bytes, readNs } = await measureSnapshot(count);
  const cells = [count, `${ms.toFixed(0)} ms`, `${cpuMs.toFixed(0)} ms`, `${holdMs.toFixed(1)} ms`];
  print(
    `| ${[...cells, `${(bytes / 1e6).toFixed(1)} MB`, `${(bytes / count).toFixed(0)} B`, `${readNs.toFixed(0)} ns`].join(' | ')} |`,
  );
}

print('\n| request | municipalities | CPU without the gate | with the gate | more |');
print('|---|--:|--:|--:|--:|');
for (const count of SIZES) {
  const sides = [await start({ count, gates: false }), await start({ count, gates: true })];
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
      const samples = [[], []];
      for (let round = -1; round < Number(values.rounds); round += 1) {
        for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
          const { cpuMs } = await load(sides[side], body, { seconds: Number(values.seconds), connections: 10 });
          if (round >= 0) {
            samples[side].push(cpuMs); // the first one warms up
          }
        }
      }
      const [without, gated] = samples.map(median);
      const more = (100 * (gated / without - 1)).toFixed(1);
      print(`| ${name} | ${count} | ${without.toFixed(3)} ms | ${gated.toFixed(3)} ms | ${more} % |`);
    }
  } finally {
    for (const { child } of sides) {
      child.kill();
      await once(child, 'exit');
    }
  }
}
