import { median } from '../figures.mjs';
import { ask, load } from '../load.mjs';
import { stopServer } from '../processes.mjs';
import { SIDES } from './sides.mjs';

const WARM_UP_SECONDS = 1;
const WARM_UPS = 3;
/** Each side is loaded in turn, for so much processor time at a stretch. */
const SLICE_SECONDS = 0.5;

/**
 * What requests cost with the gate and without. Two processes that do the same differ by more than what is measured, so all sides are
 * gateways of one process, which share their compiled code, and are loaded in turn in short slices; the process is started anew
 * several times. Resolves with a row a request: `{ name, cpuMs: [base, gated], ratio, least, greatest, noise }`; `noise` is
 * the ratio of two equal sides that is furthest from 1.
 */
export async function compareSides(start, requests, { starts, seconds, say }) {
  const samples = new Map(requests.map(({ name }) => [name, []]));
  for (let round = 0; round < starts; round += 1) {
    const server = await start();
    try {
      for (const request of requests) {
        const cpuMs = await measure(server, request, seconds);
        samples.get(request.name).push(cpuMs);
        say(`${request.name}, start ${round + 1}/${starts}: ${cpuMs.map((each) => each.toFixed(4)).join(' ')} ms`);
      }
    } finally {
      await stopServer(server);
    }
  }
  return requests.map(({ name }) => {
    const all = samples.get(name);
    const ratiosOf = (side) => all.map((cpuMs) => cpuMs[side] / cpuMs[SIDES.base]);
    const ratios = ratiosOf(SIDES.gated);
    return {
      name,
      cpuMs: [SIDES.base, SIDES.gated].map((side) => median(all.map((cpuMs) => cpuMs[side]))),
      ratio: median(ratios),
      least: Math.min(...ratios),
      greatest: Math.max(...ratios),
      noise: ratiosOf(SIDES.again).toSorted((a, b) => Math.abs(b - 1) - Math.abs(a - 1))[0],
    };
  });
}

/** Processor time in ms for one request, by side. */
async function measure(server, { name, body, isSame }, seconds) {
  const sides = server.ports.map((port) => ({ ...server, port }));
  const texts = [];
  for (const side of sides) {
    await ask(side.port, body);
    const { status, text } = await ask(side.port, body);
    if (status !== 200 || text.includes('"errors"')) {
      throw new Error(`${name}: ${status} ${text.slice(0, 300)}`);
    }
    texts.push(text);
  }
  if (isSame && texts.some((text) => text !== texts[0])) {
    throw new Error(`${name}: the sides answer differently: ${texts.map((text) => text.slice(0, 300)).join(' and ')}`);
  }
  for (let round = 0; round < WARM_UPS; round += 1) {
    for (const side of sides) {
      await load(side, body, { seconds: WARM_UP_SECONDS });
    }
  }
  const sums = sides.map(() => ({ cpuMs: 0, requests: 0 }));
  for (let slice = 0; slice * SLICE_SECONDS < seconds; slice += 1) {
    const order = [...sides.keys()];
    for (const at of slice % 2 === 0 ? order : order.reverse()) {
      const { requests, cpuMs } = await load(sides[at], body, { seconds: SLICE_SECONDS });
      sums[at].cpuMs += cpuMs * requests;
      sums[at].requests += requests;
    }
  }
  return sums.map(({ cpuMs, requests }) => cpuMs / requests);
}
