import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';

import { peerVersions } from './peers.mjs';
import { isPinned, NODE_FLAGS } from './processes.mjs';

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** What the figures were measured on and with. */
export function describeMachine() {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' });
  return {
    measuredAt: new Date().toISOString(),
    commit: commit.status === 0 ? commit.stdout.trim() : undefined,
    machine: {
      cpu: cpus()[0]?.model.trim(),
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${type()} ${release().split('.', 2).join('.')}`,
      isPinned,
    },
    node: process.version,
    nodeFlags: NODE_FLAGS,
    versions: peerVersions(),
  };
}

export function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
}

/**
 * The line y = base + perUnit * x through points of very different size, by least squares of the relative deviation. `r2` is that
 * of the logarithms, and `slope` the exponent of growth over the upper decade of x: 1 is linear.
 */
export function fitLine(points) {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const [x, y] of points) {
    const weight = 1 / (y * y);
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const perUnit = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  const base = (wy - perUnit * wx) / w;
  const meanLog = points.reduce((sum, [, y]) => sum + Math.log(y), 0) / points.length;
  const sumOfSquares = (deviation) => points.reduce((sum, [x, y]) => sum + deviation(x, y) ** 2, 0);
  const r2 =
    1 -
    sumOfSquares((x, y) => Math.log(y) - Math.log(Math.max(base + perUnit * x, 1e-9))) /
      sumOfSquares((_, y) => Math.log(y) - meanLog);
  const greatest = Math.max(...points.map(([x]) => x));
  const upper = points.filter(([x]) => x >= greatest / 11);
  const [[x0, y0], [x1, y1]] = [upper[0], upper.at(-1)];
  return { base, perUnit, r2, slope: Math.log(y1 / y0) / Math.log(x1 / x0) };
}
