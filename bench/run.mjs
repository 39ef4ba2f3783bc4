// node run.mjs [--peers civigraph,apollo,limit] [--workloads W1,W2] [--seconds 5] [--rounds 3] [--out results.json]
// Each peer runs alone in a process on one core; load and subgraphs share the other. Peers alternate within a round.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';

import { ask, load } from './load.mjs';
import { hasRetail, readRetail } from './workloads/retail.mjs';

const FOLDER = new URL('.', import.meta.url).pathname;
const SUBGRAPHS = 4290;
const PEERS = {
  civigraph: { file: 'civigraph.mjs', args: ['alone'] },
  'civigraph, shared': { file: 'civigraph.mjs', args: ['shared'] },
  'engine alone': { file: 'engine.mjs', args: [] },
  apollo: { file: 'apollo.mjs', args: [] },
  limit: { file: 'limit.mjs', args: [] },
};
const TICKS = Number(spawnSync('getconf', ['CLK_TCK']).stdout) || 100;

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: Object.keys(PEERS).join(';') },
    workloads: { type: 'string', default: 'W1,W2' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string', default: join(FOLDER, 'results.json') },
  },
});
if (!hasRetail) {
  process.stderr.write('The data of W1 and W2 is not beside the project.\n');
  process.exit(1);
}

const hasTaskset = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0;
if (hasTaskset) {
  spawnSync('taskset', ['-a', '-cp', '1', String(process.pid)]);
}

const running = new Set();
process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

function start(file, args, core) {
  const command = [process.execPath, join(FOLDER, 'servers', file), ...args.map(String)];
  const [program, ...rest] = hasTaskset ? ['taskset', '-c', String(core), ...command] : command;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

async function stop(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Seconds of processor time that a process has used. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function rssMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const { workloads } = readRetail();
const subgraphs = await start('subgraphs.mjs', [SUBGRAPHS], 1);
const names = values.peers.split(/[;]/).map((name) => name.trim());
const samples = new Map();
let port = 4300;

for (const workload of values.workloads.split(',')) {
  const { body, expected } = workloads[workload];
  const limitFile = join(FOLDER, `.limit-${workload}.json`);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const name of names) {
      const { file, args } = PEERS[name];
      port += 1;
      const peer = await start(
        file,
        file === 'limit.mjs' ? [SUBGRAPHS, port, limitFile] : [SUBGRAPHS, port, ...args],
        0,
      );
      await (await fetch(`http://127.0.0.1:${SUBGRAPHS}/_levels`)).text();
      const answer = await ask(port, body);
      const levels = await (await fetch(`http://127.0.0.1:${SUBGRAPHS}/_levels`)).json();
      if (!isDeepStrictEqual(JSON.parse(answer).data, expected.data)) {
        throw new Error(`${name} answers ${workload} wrongly: ${answer.slice(0, 300)}`);
      }
      if (name === 'civigraph') {
        writeFileSync(limitFile, JSON.stringify({ levels, answer }));
      }
      await load(port, body, Math.max(2, Number(values.seconds) / 2));
      const before = cpuSeconds(peer.pid);
      const result = await load(port, body, Number(values.seconds));
      const cpuMs = ((cpuSeconds(peer.pid) - before) * 1000) / result.requests;
      const key = `${workload} ${name}`;
      samples.set(key, [
        ...(samples.get(key) ?? []),
        { ...result, cpuMs, rssMb: rssMb(peer.pid), fetches: levels.flat().length },
      ]);
      await stop(peer);
    }
  }
}
await stop(subgraphs);

const rows = [...samples].map(([key, list]) => {
  const of = (field) => median(list.map((sample) => sample[field]));
  const [workload, peer] = [key.slice(0, 2), key.slice(3)];
  return {
    workload,
    peer,
    cpuMs: of('cpuMs'),
    rps: of('rps'),
    p50: of('p50'),
    p99: of('p99'),
    rssMb: of('rssMb'),
    fetches: of('fetches'),
  };
});
const cpuOf = (workload, peer) => rows.find((row) => row.workload === workload && row.peer === peer)?.cpuMs;
// biome-ignore lint/suspicious/noConsole: a program for the terminal
console.table(
  rows.map((row) => ({
    workload: row.workload,
    peer: row.peer,
    'CPU ms': row.cpuMs.toFixed(3),
    RPS: Math.round(row.rps),
    'p50 ms': row.p50.toFixed(1),
    'p99 ms': row.p99.toFixed(1),
    'RSS MB': Math.round(row.rssMb),
    fetches: row.fetches,
    'x civigraph': (row.cpuMs / (cpuOf(row.workload, 'civigraph') ?? Number.NaN)).toFixed(2),
    'x limit': (row.cpuMs / (cpuOf(row.workload, 'limit') ?? Number.NaN)).toFixed(2),
  })),
);
writeFileSync(
  values.out,
  `${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, seconds: Number(values.seconds), rows, samples: Object.fromEntries(samples) }, null, 2)}\n`,
);
