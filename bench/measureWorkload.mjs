import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { wrongWith } from './compare.mjs';
import { ask, load } from './load.mjs';
import { PEERS } from './peers.mjs';
import { CORE_OF_LOAD, CORE_OF_PEERS, rssMb, startServer, stopServer } from './processes.mjs';
import { readGraph, WORKLOADS } from './workloads/graphs.mjs';

/** Processor time of load before a peer's first measurement, so that its code is compiled and its plan known. */
const WARM_UP_SECONDS = 3;

/**
 * Starts the peers one after the other, compares what each answers, then measures them in turn, round by round. Resolves with a
 * row a peer: `{ workload, peer, isOurs, bytes, fetches, samples: [{ cpuMs, rps, p50, p99, rssMb }], failure? }`.
 */
export async function measureWorkload(workload, { peers, seconds, rounds, say }) {
  const { graph } = WORKLOADS[workload];
  const { title, body, expected } = (await readGraph(graph)).workloads[workload];
  const subgraphs = await startServer('subgraphs.mjs', { graph }, { core: CORE_OF_LOAD });
  const recording = join(tmpdir(), `civigraph-bench-${process.pid}.json`);
  const started = [];
  try {
    const options = { graph, subgraphPort: subgraphs.port, recording };
    writeFileSync(recording, JSON.stringify(await recordOurs(options, { body, subgraphs })));
    for (const name of peers) {
      say(`${workload} (${title}): ${name} starts and is compared`);
      started.push(await startPeer(name, options, { workload, body, expected, subgraphs }));
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const peer of started.filter(({ row }) => row.failure === undefined)) {
        await measureOnce(peer, { body, expected, seconds, isFirst: round === 0 });
        const { failure, samples } = peer.row;
        say(
          `${workload} round ${round + 1}/${rounds}: ${peer.row.peer} ${failure ?? `${samples.at(-1).cpuMs.toFixed(3)} ms`}`,
        );
      }
    }
  } finally {
    for (const { server } of [...started, { server: subgraphs }]) {
      if (server !== undefined) {
        await stopServer(server);
      }
    }
    rmSync(recording, { force: true });
  }
  return started.map(({ row }) => row);
}

/** The requests that our gateway makes, by level, and its answer: what the limits replay. */
async function recordOurs(options, { body, subgraphs }) {
  const gateway = await startServer('civigraph.mjs', options, { core: CORE_OF_PEERS });
  try {
    const { levels, text } = await recordRequests(gateway, { body, subgraphs });
    return { levels, answer: text };
  } finally {
    await stopServer(gateway);
  }
}

async function recordRequests(server, { body, subgraphs }) {
  const address = `http://127.0.0.1:${subgraphs.port}/_record`;
  await ask(server.port, body); // at first sight an operation may take another way
  await (await fetch(address, { method: 'POST' })).text();
  const { text } = await ask(server.port, body);
  const levels = await (await fetch(address)).json();
  return { levels, text };
}

async function startPeer(name, options, { workload, body, expected, subgraphs }) {
  const { file, options: own, unfit = {} } = PEERS[name];
  const row = { workload, peer: name, isOurs: /^(civigraph|limit)/.test(name), samples: [] };
  if (unfit[workload] !== undefined) {
    return { row: { ...row, isOurs: false, failure: unfit[workload] } };
  }
  let server;
  try {
    server = await startServer(file, { ...options, ...own }, { core: CORE_OF_PEERS });
    const answer = await ask(server.port, body);
    const failure = wrongWith(answer, expected);
    if (failure !== undefined) {
      return { server, row: { ...row, failure } };
    }
    const { levels } = await recordRequests(server, { body, subgraphs });
    return { server, row: { ...row, bytes: Buffer.byteLength(answer.text), fetches: levels.flat().length } };
  } catch (error) {
    return { server, row: { ...row, failure: error.message } };
  }
}

async function measureOnce({ server, row }, { body, expected, seconds, isFirst }) {
  try {
    await load(server, body, { seconds: isFirst ? WARM_UP_SECONDS : WARM_UP_SECONDS / 6 });
    row.samples.push({ ...(await load(server, body, { seconds })), rssMb: rssMb(server) });
    row.failure = wrongWith(await ask(server.port, body), expected);
  } catch (error) {
    row.failure = error.message;
  }
}
