import { median } from '../figures.mjs';
import { ask, load } from '../load.mjs';
import { stopServer } from '../processes.mjs';

const WARM_UP_SECONDS = 2;
/** Each side is loaded in turn, for so much processor time at a stretch. */
const SLICE_SECONDS = 0.5;
const CONNECTIONS = 10;

/**
 * What requests cost on both sides. The machine is compared with itself: both sides are loaded in turn in short slices. So are
 * processes: one that compiled its code another way differs by more than what is measured, so both sides are started anew several
 * times. Resolves with a row a request: `{ name, sides: [{ cpuMs, ratios: [median, least, greatest] }] }`, ratios to the first side.
 */
export async function compareSides(sides, requests, { starts, seconds, say }) {
  const samples = new Map(requests.map(({ name }) => [name, []]));
  for (let start = 0; start < starts; start += 1) {
    const servers = [];
    try {
      for (const side of start % 2 === 0 ? sides : sides.toReversed()) {
        servers.push(await side());
      }
      if (start % 2 === 1) {
        servers.reverse();
      }
      for (const request of requests) {
        const cpuMs = await measure(servers, request, seconds);
        samples.get(request.name).push(cpuMs);
        say(`${request.name}, start ${start + 1}/${starts}: ${cpuMs.map((each) => each.toFixed(4)).join(' ')} ms`);
      }
    } finally {
      await Promise.all(servers.map(stopServer));
    }
  }
  return requests.map(({ name }) => ({
    name,
    sides: sides.map((_, at) => {
      const ratios = samples.get(name).map((cpuMs) => cpuMs[at] / cpuMs[0]);
      return {
        cpuMs: median(samples.get(name).map((cpuMs) => cpuMs[at])),
        ratios: [median(ratios), Math.min(...ratios), Math.max(...ratios)],
      };
    }),
  }));
}

/** Processor time in ms for one request, by server. */
async function measure(servers, { name, body, isSame }, seconds) {
  const texts = [];
  for (const server of servers) {
    await ask(server.port, body);
    const { status, text } = await ask(server.port, body);
    if (status !== 200 || text.includes('"errors"')) {
      throw new Error(`${name}: ${status} ${text.slice(0, 300)}`);
    }
    texts.push(text);
    await load(server, body, { seconds: WARM_UP_SECONDS, connections: CONNECTIONS });
  }
  if (isSame && texts.some((text) => text !== texts[0])) {
    throw new Error(`${name}: the two answer differently: ${texts.map((text) => text.slice(0, 300)).join(' and ')}`);
  }
  const sums = servers.map(() => ({ cpuMs: 0, requests: 0 }));
  for (let slice = 0; slice * SLICE_SECONDS < seconds; slice += 1) {
    const order = [...servers.keys()];
    for (const at of slice % 2 === 0 ? order : order.reverse()) {
      const { requests, cpuMs } = await load(servers[at], body, { seconds: SLICE_SECONDS, connections: CONNECTIONS });
      sums[at].cpuMs += cpuMs * requests;
      sums[at].requests += requests;
    }
  }
  return sums.map(({ cpuMs, requests }) => cpuMs / requests);
}
