import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';

import { wrongWith } from './compare.mjs';
import { fitLine, median, quantile } from './figures.mjs';
import { ask, load } from './load.mjs';
import { askServer, CORE_OF_LOAD, CORE_OF_PEERS, rssMb, startServer, stopServer } from './processes.mjs';
import { generateOperation } from './workloads/generateOperation.mjs';
import { SERIES } from './workloads/growing.mjs';

/** Few enough that 10 MB answers in flight leave room. */
const CONNECTIONS = 4;
const GENERATED = 1_000;
const LONGEST = 500;
const DISTINCT = 10_000;
const MB = 2 ** 20;

/**
 * How the cost of our gateway grows: `series` (CPU per request against bytes, entities and fetches), `compile` (the longest of
 * generated operations) and `distinct` (memory against operations seen).
 */
export async function measureGrowth({ seconds, rounds, say }) {
  const series = await withGateway('growth', {}, (gateway) => measureSeries(gateway, { seconds, rounds, say }));
  const apiSchema = buildSchema(readFileSync(join(import.meta.dirname, '..', 'schema', 'api.graphql'), 'utf8'));
  const compile = await withGateway('municipal', {}, (gateway) => measureCompiling(gateway, { apiSchema, say }));
  const distinct = await withGateway('municipal', { flags: ['--expose-gc'] }, (gateway) =>
    measureDistinct(gateway, { apiSchema, say }),
  );
  return { series, compile, distinct };
}

async function withGateway(graph, { flags = [] }, use) {
  const subgraphs = await startServer('subgraphs.mjs', { graph }, { core: CORE_OF_LOAD });
  try {
    const options = { graph, subgraphPort: subgraphs.port };
    const gateway = await startServer('civigraph.mjs', options, { core: CORE_OF_PEERS, flags });
    try {
      return await use(gateway);
    } finally {
      await stopServer(gateway);
    }
  } finally {
    await stopServer(subgraphs);
  }
}

async function measureSeries(gateway, { seconds, rounds, say }) {
  const measured = {};
  for (const [name, { title, sizes, make }] of Object.entries(SERIES)) {
    const points = [];
    for (const size of sizes) {
      const { body, expected } = make(size);
      await ask(gateway.port, body); // planned now
      const answer = await ask(gateway.port, body);
      const wrong = wrongWith(answer, expected);
      if (wrong !== undefined) {
        throw new Error(`${title}, ${size}: ${wrong}`);
      }
      const bytes = Buffer.byteLength(answer.text);
      points.push({ x: name === 'bytes' ? bytes : size, bytes, body, samples: [] });
      await load(gateway, body, { seconds: 1, connections: CONNECTIONS });
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const { body, samples } of points) {
        samples.push(await measureOnce(gateway, { body, seconds }));
      }
      say(
        `growth, ${title}: round ${round}/${rounds}, ${points.map((point) => point.samples.at(-1).cpuMs.toFixed(2)).join(' ')} ms`,
      );
    }
    const results = points.map(({ x, bytes, samples }) => {
      const of = (field) => median(samples.map((sample) => sample[field]));
      return { x, bytes, cpuMs: of('cpuMs'), p50: of('p50'), rssMb: of('rssMb'), samples };
    });
    measured[name] = { title, points: results, fit: fitLine(results.map(({ x, cpuMs }) => [x, cpuMs])) };
  }
  return measured;
}

async function measureOnce(gateway, { body, seconds }) {
  await load(gateway, body, { seconds: seconds / 4, connections: CONNECTIONS });
  return { ...(await load(gateway, body, { seconds, connections: CONNECTIONS })), rssMb: rssMb(gateway) };
}

/** First and second sight of the longest generated operations, and the longest wait of the event loop at the first. */
async function measureCompiling(gateway, { apiSchema, say }) {
  const operations = Array.from({ length: GENERATED }, (_, at) =>
    generateOperation(apiSchema, `longest ${at}`, 50 + Math.round((750 * at) / GENERATED)),
  )
    .toSorted((a, b) => b.length - a.length)
    .slice(0, LONGEST);
  const samples = [];
  for (const [at, query] of operations.entries()) {
    const body = JSON.stringify({ query });
    await askServer(gateway, 'watch');
    const firstMs = await timed(() => askRight(gateway, body));
    const { maxDelayMs } = await askServer(gateway, 'tell');
    await askRight(gateway, body);
    const knownMs = await timed(() => askRight(gateway, body));
    samples.push({
      characters: query.length,
      firstMs,
      knownMs,
      compileMs: Math.max(0, firstMs - knownMs),
      stallMs: maxDelayMs,
    });
    if (at % 100 === 99) {
      say(`growth, compiling: ${at + 1} of ${LONGEST} operations`);
    }
  }
  const spread = (field) => {
    const values = samples.map((sample) => sample[field]);
    return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: Math.max(...values) };
  };
  return {
    characters: spread('characters'),
    compileMs: spread('compileMs'),
    stallMs: spread('stallMs'),
    samples,
  };
}

/** Memory in use, garbage collected, after ever more operations that all differ. */
async function measureDistinct(gateway, { apiSchema, say }) {
  const points = [];
  const tell = async (operations) => {
    const { heapUsed, rss } = await askServer(gateway, 'tell');
    points.push({ operations, heapMb: heapUsed / MB, rssMb: rss / MB });
    say(`growth, distinct operations: ${operations} -> heap ${Math.round(heapUsed / MB)} MB`);
  };
  let next = 0;
  const askUntil = (end) => async () => {
    while (next < end) {
      next += 1;
      await askRight(gateway, JSON.stringify({ query: generateOperation(apiSchema, `distinct ${next}`, 25) }));
    }
  };
  await askRight(gateway, JSON.stringify({ query: generateOperation(apiSchema, 'first', 25) }));
  await tell(1);
  for (let end = 1_000; end <= DISTINCT; end += 1_000) {
    await Promise.all(Array.from({ length: CONNECTIONS }, askUntil(end)));
    await tell(end);
  }
  return { points };
}

async function askRight({ port }, body) {
  const { status, text } = await ask(port, body);
  if (status !== 200 || text.startsWith('{"errors"')) {
    throw new Error(`status ${status}: ${text.slice(0, 300)} to ${body.slice(0, 300)}`);
  }
}

async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
