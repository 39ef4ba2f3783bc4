// node plots.mjs [results.json] [growth.json]: draws what was measured into docs/plots, and writes the tables of docs/performance.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { COLOURS, chart, createScale, dot, line, picture, polyline, text } from './chart.mjs';
import { PEERS } from './peers.mjs';
import { compileTable, growthTable, peersTable } from './tables.mjs';

const DOCS = join(import.meta.dirname, '..', 'docs');
const [results = join(import.meta.dirname, 'results.json'), growth = join(import.meta.dirname, 'growth.json')] =
  process.argv.slice(2);

const madeOn = ({ machine, node, measuredAt }) =>
  `${machine.cpu || 'unnamed processor'}, ${machine.cores} cores, ${machine.system}; Node.js ${node.slice(1)}; ${measuredAt.slice(0, 10)}`;
const milliseconds = (value) => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2))));

function colourOf(peer) {
  return /^civigraph/.test(peer) ? COLOURS.ours : /^limit/.test(peer) ? COLOURS.limit : COLOURS.other;
}

/** A row a peer, a column a workload: dots on a logarithmic axis of CPU time. */
function drawPeers(measured) {
  const rows = measured.rows.filter(({ failure }) => failure === undefined);
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  const peers = Object.keys(PEERS).filter((name) => rows.some(({ peer }) => peer === name));
  const [labels, column, gap, rowHeight, top] = [262, 150, 22, 25, 88];
  const bottom = top + peers.length * rowHeight;
  const costs = rows.map(({ cpuMs }) => cpuMs);
  const names = peers.map((peer, index) =>
    text(labels - 12, top + (index + 0.5) * rowHeight + 4, PEERS[peer].short, {
      anchor: 'end',
      colour: colourOf(peer),
    }),
  );
  const columns = workloads.flatMap((workload, index) => {
    const left = labels + index * (column + gap);
    const scale = createScale({
      from: Math.min(...costs),
      to: Math.max(...costs),
      pixels: [left, left + column - 12],
      isLog: true,
    });
    const grid = scale.ticks.flatMap((tick) => [
      line(scale.at(tick), top, scale.at(tick), bottom),
      text(scale.at(tick), bottom + 16, tick, { anchor: 'middle', size: 10 }),
    ]);
    const dots = rows
      .filter((row) => row.workload === workload)
      .flatMap(({ peer, cpuMs }) => {
        const y = top + (peers.indexOf(peer) + 0.5) * rowHeight;
        const colour = colourOf(peer);
        const isLeft = scale.at(cpuMs) > left + column * 0.62;
        return [
          line(scale.from === 0 ? left : scale.at(scale.from), y, scale.at(cpuMs), y, { colour, width: 1.5 }),
          dot(scale.at(cpuMs), y, { colour, hollow: PEERS[peer].shares === true }),
          text(scale.at(cpuMs) + (isLeft ? -9 : 9), y - (isLeft ? 4 : -4), milliseconds(cpuMs), {
            size: 10,
            anchor: isLeft ? 'end' : 'start',
          }),
        ];
      });
    return [...grid, text(left, top - 10, workload, { weight: 'bold' }), ...dots];
  });
  return picture({
    width: labels + workloads.length * (column + gap) + 10,
    height: bottom + 56,
    title: 'CPU time for one request, by gateway and workload',
    subtitle: madeOn(measured),
    parts: [
      ...names,
      ...columns,
      text(
        labels,
        bottom + 38,
        'ms of CPU time, logarithmic; less is better. Hollow: requests in flight shared, or none made.',
        { size: 11 },
      ),
    ],
  });
}

const GROWTH_LABELS = {
  bytes: { label: 'bytes of the answer', isLog: true, title: 'CPU time against the size of the answer' },
  entities: {
    label: 'entities joined from a second subgraph',
    isLog: true,
    title: 'CPU time against the number of entities',
  },
  fetches: {
    label: 'fetches, each to a subgraph of its own',
    isLog: false,
    title: 'CPU time against the number of fetches',
  },
};

function drawGrowth(name, { points, fit }, measured) {
  const { label, isLog, title } = GROWTH_LABELS[name];
  const xs = points.map(({ x }) => x);
  const fitted = (x) => fit.base + fit.perUnit * x;
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const steps = Array.from({ length: 61 }, (_, at) =>
    isLog ? low * (high / low) ** (at / 60) : low + ((high - low) * at) / 60,
  );
  const each =
    name === 'bytes'
      ? `${(fit.perUnit * 1e6).toPrecision(3)} ns a byte`
      : `${(fit.perUnit * 1e3).toPrecision(3)} µs each`;
  return chart({
    title,
    subtitle: madeOn(measured),
    x: { label: isLog ? `${label} (logarithmic)` : label, isLog, values: xs },
    y: {
      label: isLog ? 'CPU ms a request (logarithmic)' : 'CPU ms a request',
      isLog,
      values: points.map(({ cpuMs }) => cpuMs),
    },
    draw: (at) => [
      polyline(
        steps.filter((x) => fitted(x) > 0).map((x) => at(x, fitted(x))),
        { colour: COLOURS.other, dash: '6 4' },
      ),
      ...points.map(({ x, cpuMs }) => dot(...at(x, cpuMs))),
    ],
    legend: [
      ['measured, median of the rounds', COLOURS.ours],
      [`${fit.base.toPrecision(2)} ms + ${each}, R² = ${fit.r2.toFixed(3)}`, COLOURS.other, 'dashed'],
    ],
  });
}

/** Share of the operations that took at most so long. */
function drawCompiling({ samples }, measured) {
  const sorted = (field) => samples.map((sample) => Math.max(sample[field], 0.1)).toSorted((a, b) => a - b);
  const [compiling, stalls] = [sorted('compileMs'), sorted('stallMs')];
  const curve = (values, at, colour) =>
    polyline(
      values.map((value, index) => at(((index + 1) / values.length) * 100, value)),
      { colour },
    );
  return chart({
    title: `Compiling the ${samples.length} longest generated operations`,
    subtitle: madeOn(measured),
    x: { label: 'share of the operations, %', isLog: false, values: [100] },
    y: { label: 'ms (logarithmic)', isLog: true, values: [...compiling, ...stalls, 100] },
    draw: (at, { area }) => [
      line(area.left, at(0, 100)[1], area.right, at(0, 100)[1], { colour: COLOURS.bound, width: 1.5, dash: '3 3' }),
      curve(compiling, at, COLOURS.ours),
      curve(stalls, at, COLOURS.other),
    ],
    legend: [
      ['first answer, beyond what a known operation takes', COLOURS.ours, 'solid'],
      ['longest wait of the event loop meanwhile', COLOURS.other, 'solid'],
      ['100 ms', COLOURS.bound, 'dashed'],
    ],
  });
}

function drawMemory({ points }, measured) {
  const [{ heapMb: start }] = points;
  const grown = points.map(({ operations, heapMb }) => [operations, heapMb - start]);
  return chart({
    title: 'Memory after operations that all differ',
    subtitle: madeOn(measured),
    x: { label: 'operations seen', isLog: false, values: grown.map(([x]) => x) },
    y: {
      label: 'heap beyond the first, MB',
      isLog: false,
      values: [...grown.map(([, y]) => y), BOUND_MB].map((y) => y * 1.35),
    },
    draw: (at, { area }) => [
      line(area.left, at(0, BOUND_MB)[1], area.right, at(0, BOUND_MB)[1], {
        colour: COLOURS.bound,
        width: 1.5,
        dash: '3 3',
      }),
      polyline(grown.map(([x, y]) => at(x, Math.max(y, 0)))),
      ...grown.map(([x, y]) => dot(...at(x, Math.max(y, 0)))),
    ],
    legend: [
      ['heap, garbage collected', COLOURS.ours],
      [`bound on compiled operations, ${BOUND_MB} MiB`, COLOURS.bound, 'dashed'],
    ],
  });
}

/** `maxOperationBytes` of the engine, its default. */
const BOUND_MB = 64;

function write(name, content) {
  mkdirSync(join(DOCS, 'plots'), { recursive: true });
  writeFileSync(join(DOCS, 'plots', `${name}.svg`), content);
  process.stdout.write(`docs/plots/${name}.svg\n`);
}

/** Puts text between `<!-- name -->` and `<!-- end of name -->` of docs/performance.md. */
function insert(name, content) {
  const file = join(DOCS, 'performance.md');
  const page = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  if (!page.includes(start) || !page.includes(end)) {
    throw new Error(`docs/performance.md has no "${start}" … "${end}".`);
  }
  writeFileSync(file, `${page.slice(0, page.indexOf(start))}${start}\n${content}${page.slice(page.indexOf(end))}`);
  process.stdout.write(`docs/performance.md: ${name}\n`);
}

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
const sideBySide = read(results);
if (sideBySide !== undefined) {
  write('peers', drawPeers(sideBySide));
  insert('peers', peersTable(sideBySide));
}
const growing = read(growth);
if (growing !== undefined) {
  for (const [name, series] of Object.entries(growing.series)) {
    write(`growth-${name}`, drawGrowth(name, series, growing));
  }
  write('compiling', drawCompiling(growing.compile, growing));
  write('memory', drawMemory(growing.distinct, growing));
  insert('growth', growthTable(growing));
  insert('compiling', compileTable(growing));
}
if (sideBySide === undefined && growing === undefined) {
  process.stderr.write(`There is neither ${results} nor ${growth}: npm run bench writes them.\n`);
  process.exitCode = 2;
}
