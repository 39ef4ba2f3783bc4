// The gateway of this project as compiled by `npm run build`. `shares`: equal requests and fetches in flight run once;
// `keeps`: what subgraphs answer is kept; `gates`: it reads municipalities, in all of which every module is on, or with `third-off`
// none in every third; `sides`: several of these, each a gateway with a port of its own; `traces`: the share of requests that spans
// are made for.
// The parent may ask it for what it observed of itself: see `observe`.
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { createGateway } from '../../dist/gateway/createGateway.js';
import { systemClock } from '../../dist/platform/clock/Clock.js';
import { createMemoryStore } from '../../dist/platform/keyvalue/createMemoryStore.js';
import { readFeatures } from '../../dist/schema/features/readFeatures.js';
import { knownModules } from '../../dist/schema/modules.js';
import { readMunicipalityFiles } from '../../dist/schema/municipalities/readMunicipalityFiles.js';
import { supergraphAt } from '../workloads/createSubgraphs.mjs';
import { readGraph } from '../workloads/graphs.mjs';

const {
  graph,
  subgraphPort,
  shares = false,
  keeps = false,
  gates = false,
  traces,
  ...rest
} = JSON.parse(process.argv[2]);
const { sides = [gates] } = rest;
const { supergraphSdl, municipalityFiles = [] } = await readGraph(graph);
const silent = () => {};
const complain = (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const logger = { debug: silent, info: silent, warn: complain, error: complain, child: () => logger };

function readRegister(gates) {
  const modules = knownModules(readFeatures(supergraphSdl).flags);
  const files = municipalityFiles.map(({ file, text }, at) => ({
    file,
    text: gates === 'third-off' && at % 3 === 0 ? text.replaceAll(': true', ': false') : text,
  }));
  const reading = readMunicipalityFiles(files, { modules, loadedAt: new Date() });
  if (reading.kind === 'refused') {
    throw new Error(JSON.stringify(reading.problems));
  }
  return { current: () => reading.value, problems: () => [], onChange: () => silent, close: async () => {} };
}

/** Makes spans for that share of the requests, and sends them nowhere. */
async function createTracer(share) {
  const { BasicTracerProvider, BatchSpanProcessor, TraceIdRatioBasedSampler } = await import(
    '@opentelemetry/sdk-trace-base'
  );
  const exporter = { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} };
  return new BasicTracerProvider({
    sampler: new TraceIdRatioBasedSampler(share),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  }).getTracer('bench');
}

async function listen(gates) {
  const gateway = await createGateway({
    ...(traces === undefined ? {} : { tracer: await createTracer(traces) }),
    supergraphSdl: supergraphAt(supergraphSdl, subgraphPort),
    ...(gates ? { municipalities: readRegister(gates) } : {}),
    store: createMemoryStore(),
    clock: systemClock,
    logger,
    keepsAnswers: keeps,
    sharesInFlight: shares,
  });
  return gateway.listen(0);
}

const delay = monitorEventLoopDelay({ resolution: 1 });

/** `watch`: from now on measures the delay of the event loop; `tell`: its maximum in ms since then, and bytes in use. */
process.on('message', (wanted) => {
  if (wanted === 'watch') {
    delay.reset();
    delay.enable();
    process.send({ watching: true });
  } else if (wanted === 'tell') {
    delay.disable();
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    process.send({ maxDelayMs: delay.max / 1e6, heapUsed, rss });
  }
});
const ports = [];
for (const side of sides) {
  ports.push(await listen(side));
}
process.send({ ports });
