import { readFileSync } from 'node:fs';
import * as v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

import { build, createLayers } from './snapshot.mjs';

v8.setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** What a snapshot takes, how long it is built, and how long that holds the event loop at a stretch. */
export async function measureSnapshot(count) {
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
  const { flags } = layers.index;
  const readStart = performance.now();
  let on = 0;
  for (let n = 0; n < reads; n += 1) {
    on += snapshot.municipalities.get(slugs[n % count]).modules.isOn(flags[n % flags.length]) ? 1 : 0;
  }
  const readNs = ((performance.now() - readStart) * 1e6) / reads;
  return { ms, cpuMs: (user + system) / 1e3, holdMs, bytes, readNs, on };
}

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
