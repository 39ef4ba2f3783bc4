import { writeFileSync } from 'node:fs';

import { readCommandLine, UsageError } from './commandLine.mjs';
import { describeMachine, median } from './figures.mjs';
import { measureWorkload } from './measureWorkload.mjs';
import { prepare } from './prepare.mjs';
import { pinSelf } from './processes.mjs';
import { growthTables, workloadTable } from './tables.mjs';
import { WORKLOADS } from './workloads/graphs.mjs';

const startedAt = Date.now();

/** A line about how far it is; results go to the standard output. */
function say(line) {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  process.stderr.write(`[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}] ${line}\n`);
}

async function runSideBySide({ workloads, peers, seconds, rounds, out }) {
  const rows = [];
  for (const workload of workloads) {
    if (WORKLOADS[workload].isThere) {
      rows.push(...(await measureWorkload(workload, { peers, seconds, rounds, say })));
    } else {
      say(`${workload} is left out: its data is not at ../shared/bench beside the project`);
    }
  }
  if (rows.length === 0) {
    throw new UsageError('There is nothing left to measure.');
  }
  const summary = rows.map(({ samples, ...row }) => {
    const of = (field) => median(samples.map((sample) => sample[field]));
    return samples.length === 0
      ? row
      : { ...row, cpuMs: of('cpuMs'), rps: of('rps'), p50: of('p50'), p99: of('p99'), rssMb: of('rssMb'), samples };
  });
  writeFileSync(out, `${JSON.stringify({ ...describeMachine(), seconds, rounds, rows: summary }, null, 2)}\n`);
  for (const workload of new Set(rows.map((row) => row.workload))) {
    process.stdout.write(workloadTable(summary.filter((row) => row.workload === workload)));
  }
  return summary.every(({ failure, isOurs }) => failure === undefined || !isOurs);
}

async function runGrowth({ seconds, rounds, out }) {
  const { measureGrowth } = await import('./growth.mjs'); // needs the compiled project
  const growth = await measureGrowth({ seconds, rounds, say });
  writeFileSync(out, `${JSON.stringify({ ...describeMachine(), seconds, rounds, ...growth }, null, 2)}\n`);
  process.stdout.write(growthTables(growth));
  return true;
}

async function main() {
  const options = readCommandLine(process.argv.slice(2));
  if (options === undefined) {
    return 0;
  }
  prepare(say);
  pinSelf();
  const isFine = await (options.growth ? runGrowth(options) : runSideBySide(options));
  say(`written to ${options.out}; npm run plots draws it`);
  return isFine ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(130)); // the servers are ended at the exit
}
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof UsageError ? error.message : error.stack}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
process.exit();
