import { PEERS } from './peers.mjs';
import { WORKLOADS } from './workloads/graphs.mjs';

/** Columns of text, the first to the left and the others to the right. */
export function table(head, rows) {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const write = (line) =>
    line
      .map((text, at) => (at === 0 ? text.padEnd(widths[at]) : text.padStart(widths[at])))
      .join('  ')
      .trimEnd();
  return [write(lines[0]), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1).map(write)]
    .map((line) => `${line}\n`)
    .join('');
}

export const significant = (number) => (number >= 10 ? number.toFixed(1) : number.toFixed(number >= 1 ? 2 : 3));

/** The rows of one workload; peers that share requests in flight are set against Civigraph when it does so too. */
export function workloadTable(rows) {
  const ratioOf = ratiosTo(rows);
  const [{ workload }] = rows;
  const measured = rows.filter(({ failure }) => failure === undefined);
  const failed = rows.filter(({ failure }) => failure !== undefined);
  return `\n${workload} (${WORKLOADS[workload].graph})\n${table(
    ['peer', 'CPU ms', 'requests/s', 'p50 ms', 'p99 ms', 'RSS MB', 'fetches', 'to Civigraph', 'to limit'],
    measured.map((row) => [
      PEERS[row.peer].title,
      row.cpuMs.toFixed(3),
      Math.round(row.rps),
      row.p50.toFixed(1),
      row.p99.toFixed(1),
      Math.round(row.rssMb),
      row.fetches,
      ...ratioOf(row),
    ]),
  )}${failed.map(({ peer, failure }) => `not measured: ${PEERS[peer].title}: ${failure}\n`).join('')}`;
}

/** The tables of what grows with what. */
export function growthTables({ series, compile, distinct }) {
  const parts = Object.values(series).map(({ title, points, fit }) => {
    const rows = points.map(({ x, cpuMs, bytes, p50, rssMb }) => [
      x,
      cpuMs.toFixed(3),
      bytes,
      p50.toFixed(1),
      Math.round(rssMb),
    ]);
    const line = `${significant(fit.base)} ms + ${(fit.perUnit * 1000).toPrecision(3)} µs each, R² ${fit.r2.toFixed(4)}`;
    return `\nCPU per request against ${title}: ${line}, exponent over the upper decade ${fit.slope.toFixed(2)}\n${table(
      ['size', 'CPU ms', 'bytes', 'p50 ms', 'RSS MB'],
      rows,
    )}`;
  });
  const spreads = Object.entries(SPREADS).map(([field, label]) => {
    const { p50, p99, max } = compile[field];
    return [label, p50.toFixed(1), p99.toFixed(1), max.toFixed(1)];
  });
  const { points } = distinct;
  return `${parts.join('')}
The ${compile.samples.length} longest of the generated operations
${table(['', 'p50', 'p99', 'max'], spreads)}
Memory after operations that all differ
${table(
  ['operations', 'heap MB', 'RSS MB'],
  points.map(({ operations, heapMb, rssMb }) => [operations, heapMb.toFixed(1), rssMb.toFixed(1)]),
)}`;
}

/** A table of Markdown; the first column to the left, the others to the right. */
function markdown(head, rows) {
  const write = (cells) => `| ${cells.join(' | ')} |\n`;
  return write(head) + write(head.map((_, at) => (at === 0 ? '---' : '--:'))) + rows.map(write).join('');
}

/** All rows of a measurement, for docs/performance.md. */
export function peersTable({ rows }) {
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  return workloads
    .map((workload) => {
      const own = rows.filter((row) => row.workload === workload);
      const measured = own.filter(({ failure }) => failure === undefined);
      const failed = own.filter(
        ({ failure, peer }) => failure !== undefined && PEERS[peer].unfit?.[workload] === undefined,
      );
      const ratioOf = ratiosTo(own);
      return `\n${markdown(
        [
          `${workload}, ${sizeOf(measured[0]?.bytes)}`,
          'CPU ms',
          'to Civigraph',
          'to the limit',
          'requests/s',
          'p50 ms',
          'p99 ms',
          'RSS MB',
          'fetches',
        ],
        measured.map((row) => [
          PEERS[row.peer].title,
          row.cpuMs.toFixed(3),
          ...ratioOf(row),
          Math.round(row.rps).toLocaleString('en'),
          row.p50.toFixed(1),
          row.p99.toFixed(1),
          Math.round(row.rssMb),
          row.fetches,
        ]),
      )}${failed.map(({ peer, failure }) => `\n${PEERS[peer].title} was not measured: ${failure}\n`).join('')}`;
    })
    .join('')
    .concat('\n');
}

const sizeOf = (bytes = 0) => `${significant(bytes / 1000)} kB`;

/** How a row relates to Civigraph and to the limit; peers that share are set against Civigraph when it does so too. */
function ratiosTo(rows) {
  const cpuOf = (name) => rows.find(({ peer }) => peer === name)?.cpuMs;
  const ratio = (cpuMs, to) => (to === undefined ? '-' : `${significant(cpuMs / to)}x`);
  return ({ peer, cpuMs }) => [
    ratio(cpuMs, cpuOf(PEERS[peer].shares ? 'civigraph-shared' : 'civigraph')),
    ratio(cpuMs, cpuOf('limit')),
  ];
}

export function growthTable({ series }) {
  return `\n${markdown(
    ['CPU against', 'from', 'to', 'fixed', 'for each', 'R²', 'exponent, upper decade'],
    Object.values(series).map(({ title, points, fit }) => [
      title,
      `${points[0].x.toLocaleString('en')}: ${significant(points[0].cpuMs)} ms`,
      `${points.at(-1).x.toLocaleString('en')}: ${significant(points.at(-1).cpuMs)} ms`,
      `${significant(fit.base)} ms`,
      `${(fit.perUnit * 1000).toPrecision(3)} µs`,
      fit.r2.toFixed(3),
      fit.slope.toFixed(2),
    ]),
  )}\n`;
}

const SPREADS = {
  characters: 'characters',
  compileMs: 'first answer beyond a known one, ms',
  stallMs: 'longest wait of the event loop, ms',
};

export function compileTable({ compile, distinct }) {
  const rows = Object.entries(SPREADS).map(([field, label]) => [
    label,
    ...['p50', 'p99', 'max'].map((which) => significant(compile[field][which])),
  ]);
  const { points } = distinct;
  const last = points.at(-1);
  return `\n${markdown([`${compile.samples.length} longest operations`, 'p50', 'p99', 'max'], rows)}
After ${last.operations.toLocaleString('en')} operations that all differ the heap held ${Math.round(last.heapMb - points[0].heapMb)} MB more than after the first, RSS was ${Math.round(last.rssMb)} MB.\n\n`;
}
