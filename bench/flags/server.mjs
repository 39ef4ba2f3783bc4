// Gateways over two subgraphs, in their own process or at `subgraphPort`, one for each of `sides`: false, or true for one that reads
// municipalities, all flags of the 45 that are asked for on, so that all fetch the same. The parent may have it watch its event loop
// for a while (`wait`, in ms), or while it builds another snapshot (`build`), which then takes the place of the first.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { createGateway } from '../../dist/gateway/createGateway.js';
import { systemClock } from '../../dist/platform/clock/Clock.js';
import { createMemoryStore } from '../../dist/platform/keyvalue/createMemoryStore.js';
import { supergraphAt } from '../workloads/createSubgraphs.mjs';
import { inProcess, readFlags } from './graph.mjs';
import { build, createLayers } from './snapshot.mjs';

const { count, sides, subgraphPort } = JSON.parse(process.argv[2]);
const { supergraphSdl } = readFlags();
const silent = () => {};
const complain = (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
let snapshot = sides.includes(true) ? await build(createLayers(count)) : undefined;
async function listen(gates) {
  const gateway = await createGateway({
    ...(subgraphPort === undefined
      ? { supergraphSdl, inProcess }
      : { supergraphSdl: supergraphAt(supergraphSdl, subgraphPort) }),
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
