import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { PEERS } from './peers.mjs';
import { WORKLOADS } from './workloads/graphs.mjs';

const HELP = `Measures the gateway side by side with others on this machine (Linux).

  npm run bench -- [options]

  --peers <names>      comma-separated; default: all
  --workloads <names>  comma-separated of ${Object.keys(WORKLOADS).join(', ')}; default: all
  --seconds <number>   of processor time that a peer spends in each measurement; default 2
  --rounds <number>    the median of which counts; default 3
  --out <file>         JSON with every sample; default bench/results.json (with --growth: bench/growth.json)
  --growth             measure instead how our cost grows with bytes, entities, fetches and operations
  --help

Peers:
${Object.entries(PEERS)
  .map(([name, { title }]) => `  ${name.padEnd(20)} ${title}`)
  .join('\n')}

Ends with 0; with 1 when our gateway or a limit failed or answered wrongly; with 2 when it could not begin.
`;

/** A reason not to begin, for the person at the terminal. */
export class UsageError extends Error {}

/** The options, or undefined after the help was asked for and printed. */
export function readCommandLine(args) {
  const { values } = parse(args);
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  return {
    peers: readNames(values.peers, Object.keys(PEERS), '--peers'),
    workloads: readNames(values.workloads, Object.keys(WORKLOADS), '--workloads'),
    seconds: readPositive(values.seconds, '--seconds'),
    rounds: readPositive(values.rounds, '--rounds'),
    growth: values.growth,
    out: values.out ?? join(import.meta.dirname, values.growth ? 'growth.json' : 'results.json'),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        peers: { type: 'string', default: Object.keys(PEERS).join() },
        workloads: { type: 'string', default: Object.keys(WORKLOADS).join() },
        seconds: { type: 'string', default: '2' },
        rounds: { type: 'string', default: '3' },
        out: { type: 'string' },
        growth: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function readNames(text, known, option) {
  const names = text.split(',').map((name) => name.trim());
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new UsageError(`${option} knows no "${strange}"; it takes ${known.join(', ')}.`);
  }
  return [...new Set(names)];
}

function readPositive(text, option) {
  const number = Number(text);
  if (!(number > 0)) {
    throw new UsageError(`${option} takes a number above 0, not "${text}".`);
  }
  return number;
}
