import type { Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { type RawGateway, startRawGateway } from '../support/rawGateway.ts';
import { jsonAnswer, type RawAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';

/** Writes one character a second of an answer that never ends. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text.charAt(at++) || ' '), 1_000);
  socket.once('close', () => clearInterval(timer));
}

/** Subgraphs whose answers do not come, by the field that each has. */
const SILENT: Readonly<Record<string, RawAnswer>> = {
  nothing: () => {},
  head: (socket) => drip(socket, jsonAnswer({ data: { head: 'x' } })),
  body: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n');
    drip(socket, '{"data":{"body":"');
  },
};
const FIELDS = Object.keys(SILENT);
const NULLS = Object.fromEntries(FIELDS.map((field) => [field, null]));

let servers: Map<string, RawServer>;
let gateway: RawGateway;
afterEach(async () => {
  await gateway.close();
  await Promise.all([...servers.values()].map((server) => server.close()));
});

async function start(engine: EngineName): Promise<void> {
  servers = new Map([['name', await startRawServer((socket) => socket.write(jsonAnswer({ data: { name: 'Hof' } })))]]);
  for (const [field, answer] of Object.entries(SILENT)) {
    servers.set(field, await startRawServer(answer));
  }
  const subgraphs = [...servers].map(
    ([field, { origin }]) =>
      [`of_${field}`, { sdl: `type Query { ${field}: String }`, url: `${origin}/graphql` }] as const,
  );
  gateway = await startRawGateway(Object.fromEntries(subgraphs), { engine });
}

async function ask() {
  const startedAt = performance.now();
  const { status, data, errors = [] } = await gateway.execute(`{ name ${FIELDS.join(' ')} }`);
  const codes = errors.map(({ extensions }) => extensions.code);
  return { status, data, codes, ms: performance.now() - startedAt };
}

describe.each<EngineName>(['compiled', 'apollo'])('subgraphs that do not come to an end, engine %s,', (engine) => {
  it('are waited for 3 s in all, as silent or slow as they are, and five times at most (S-13, S-14)', async () => {
    await start(engine);
    const asked = () => FIELDS.map((field) => servers.get(field)?.requests().length);

    const waited = await Promise.all(Array.from({ length: 5 }, ask));

    for (const { status, data, codes, ms } of waited) {
      expect([status, data, codes]).toEqual([200, { name: 'Hof', ...NULLS }, FIELDS.map(() => 'SUBGRAPH_TIMEOUT')]);
      expect(ms).toBeGreaterThan(2_900);
      expect(ms).toBeLessThan(6_000);
    }
    expect(asked()).toEqual([5, 5, 5]);

    const { status, data, codes, ms } = await ask();
    expect([status, data, codes]).toEqual([200, { name: 'Hof', ...NULLS }, FIELDS.map(() => 'SUBGRAPH_UNAVAILABLE')]);
    expect(ms).toBeLessThan(1_500);
    expect(asked()).toEqual([5, 5, 5]);
  });
});
