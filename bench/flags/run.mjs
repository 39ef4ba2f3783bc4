// What municipalities and their flags cost: `npm run build && node bench/flags/run.mjs [--help]`.
import { parseArgs } from 'node:util';

import { pinSelf, stopServer } from '../processes.mjs';
import { table } from '../tables.mjs';
import { compareSides } from './compareSides.mjs';
import { measureRebuild } from './measureRebuild.mjs';
import { measureSnapshot } from './measureSnapshot.mjs';
import { municipalSides, sizedRequests, startSides, startSubgraphs } from './sides.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '45,11000,100000' },
    starts: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    parts: { type: 'string', default: 'snapshot,rebuild,gate,in-process,municipal' },
    help: { type: 'boolean', default: false },
  },
});
const print = (line) => process.stdout.write(`${line}\n`);
if (values.help) {
  print(`node bench/flags/run.mjs [--sizes 45,11000,100000] [--starts 5] [--seconds 4] [--parts snapshot,rebuild,gate,in-process,municipal]

--sizes    municipalities, each with 200 flags
--starts   how often the process with both sides is started anew; a ratio is the median over them
--seconds  of processor time that each side spends for each request and start
--parts    snapshot: building one; rebuild: what requests notice of it; gate: the cost of deciding, over subgraphs behind
           HTTP; in-process: the same over subgraphs in the gateway's process; municipal: the same for W3 and W4`);
  process.exit(0);
}
const sizes = values.sizes.split(',').map(Number);
const parts = values.parts.split(',');
const effort = {
  starts: Number(values.starts),
  seconds: Number(values.seconds),
  say: (line) => process.stderr.write(`${line}\n`),
};
const HEAD = ['request', 'compiled out', 'with the gate', 'ratio', 'from', 'to', 'of two equal sides'];
const rowOf = ({ name, cpuMs, ratio, least, greatest, noise }) => [
  name,
  ...cpuMs.map(ms),
  ...[ratio, least, greatest, noise].map((each) => each.toFixed(3)),
];
const ms = (number) => `${number.toFixed(3)} ms`;

if (parts.includes('snapshot')) {
  const rows = [];
  for (const count of sizes) {
    const { ms: built, cpuMs, holdMs, bytes, readNs } = await measureSnapshot(count);
    const memory = [`${(bytes / 1e6).toFixed(1)} MB`, `${(bytes / count).toFixed(0)} B`];
    rows.push([
      count,
      `${built.toFixed(0)} ms`,
      `${cpuMs.toFixed(0)} ms`,
      `${holdMs.toFixed(1)} ms`,
      ...memory,
      `${readNs.toFixed(0)} ns`,
    ]);
  }
  print('\nThe snapshot alone. Wanted: a hold of the event loop below 50 ms.');
  print(table(['municipalities x 200 flags', 'built in', 'CPU', 'longest hold', 'memory', 'each', 'one read'], rows));
}
pinSelf();
if (parts.includes('rebuild')) {
  const rows = [];
  for (const count of sizes) {
    const { before, during, builtMs } = await measureRebuild(count);
    rows.push([
      count,
      ...[before.p50, before.max, during.p50, during.max, builtMs].map((each) => `${each.toFixed(1)} ms`),
    ]);
  }
  print(
    '\nA gateway under load: how long its event loop waits, before and while it builds a snapshot. Wanted: below 50 ms.',
  );
  print(
    table(
      ['municipalities x 200 flags', 'before, p50', 'longest', 'while it builds, p50', 'longest', 'built in'],
      rows,
    ),
  );
}
async function printSized(place, subgraphPort) {
  const rows = [];
  for (const count of sizes) {
    const compared = await compareSides(() => startSides(count, subgraphPort), sizedRequests, effort);
    rows.push(...compared.map((row) => rowOf({ ...row, name: `${row.name} of ${count} x 200 flags` })));
  }
  print(
    `\nCPU for one request, the gate compiled out and with it, everything on, subgraphs ${place}. Wanted: at most 1.03.`,
  );
  print(table(HEAD, rows));
}

if (parts.includes('gate')) {
  const subgraphs = await startSubgraphs();
  await printSized('behind HTTP', subgraphs.port).finally(() => stopServer(subgraphs));
}
if (parts.includes('in-process')) {
  await printSized('in the process');
}
if (parts.includes('municipal')) {
  for (const [title, gates] of [
    ['everything on', true],
    ['everything off in every third municipality; the gate compiled out fetches all of it', 'third-off'],
  ]) {
    const { start, requests, close } = await municipalSides(gates);
    const compared = await compareSides(start, requests, effort).finally(close);
    print(`\nThe same over our own supergraph with 45 municipalities, its subgraphs behind HTTP: ${title}.`);
    print(table(HEAD, compared.map(rowOf)));
  }
}
