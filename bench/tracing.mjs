// node bench/tracing.mjs [--workload W2] [--seconds 3] [--rounds 7]: what traces cost a request, in CPU of the gateway's process:
// without a tracer, with one whose sample is empty, and with every span made and thrown away in batches.
import { parseArgs } from 'node:util';

import { median } from './figures.mjs';
import { ask, load } from './load.mjs';
import { CORE_OF_LOAD, CORE_OF_PEERS, cpuSeconds, pinSelf, startServer, stopServer } from './processes.mjs';
import { readGraph, WORKLOADS } from './workloads/graphs.mjs';

const WAYS = { 'no tracer': undefined, 'none of 1 in the sample': 0, 'all in the sample': 1 };

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: 'W2' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '7' },
  },
});
const { workload } = values;
const { graph } = WORKLOADS[workload];
const { body } = (await readGraph(graph)).workloads[workload];
pinSelf();
const subgraphs = await startServer('subgraphs.mjs', { graph }, { core: CORE_OF_LOAD });
const options = { graph, subgraphPort: subgraphs.port };
const started = [];
for (const [way, traces] of Object.entries(WAYS)) {
  const server = await startServer('civigraph.mjs', { ...options, traces }, { core: CORE_OF_PEERS });
  await ask(server.port, body);
  await load(server, body, { seconds: 3 });
  started.push({ way, server, samples: [] });
}
const seconds = Number(values.seconds);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const { server, samples } of started) {
    const before = cpuSeconds(server);
    const { requests } = await load(server, body, { seconds });
    samples.push(((cpuSeconds(server) - before) * 1000) / requests);
  }
}
const base = started[0].samples;
for (const { way, samples } of started) {
  // Within a round, where the machine is the same for both.
  const more = (median(samples.map((sample, round) => sample / base[round])) - 1) * 100;
  process.stdout.write(`${workload}, ${way}: ${median(samples).toFixed(4)} ms, ${more.toFixed(1)} %\n`);
}
for (const { server } of [...started, { server: subgraphs }]) {
  await stopServer(server);
}
