import type { Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gatewayProcess.ts';
import { jsonAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';

const MEBIBYTE = 1024 * 1024;
const CAP = 10 * MEBIBYTE;
/** The most that lies in the buffers of two sockets when the far end lets go. */
const IN_SOCKETS = 54 * MEBIBYTE;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

let servers: RawServer[] = [];
let gateway: GatewayProcess;
afterEach(async () => {
  await gateway.close();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

/** Writes blocks for as long as somebody takes them. */
function pour(socket: Socket, { bytes, block, onSent }: { bytes: number; block: Buffer; onSent: (n: number) => void }) {
  let sent = 0;
  const pump = (): void => {
    while (!socket.destroyed && sent < bytes) {
      sent += block.length;
      onSent(sent);
      if (!socket.write(block)) {
        socket.once('drain', pump);
        return;
      }
    }
  };
  pump();
}

async function start(engine: EngineName) {
  let sent = 0;
  let open = 0;
  const onSent = (bytes: number): void => {
    sent = bytes;
  };
  const textOf = (start: string, fill: string, bytes: number) =>
    `{"data":{"${start}${fill.repeat(bytes / fill.length)}`;
  const answers: Record<string, (socket: Socket) => void> = {
    endless: (socket) => {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n10\r\n{"data":{"any":"\r\n`);
      const block = Buffer.from(`${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`);
      pour(socket, { bytes: 1024 * MEBIBYTE, block, onSent });
    },
    closed: (socket) => {
      socket.write(`${HEAD}connection: close\r\n\r\n{"data":{"closed":"`);
      pour(socket, { bytes: 1024 * MEBIBYTE, block: Buffer.alloc(64 * 1024, 'x'), onSent });
    },
    longer: (socket) => socket.write(jsonAnswer(`${textOf('longer":"', 'x', CAP)}"}}`)),
    items: (socket) => socket.write(jsonAnswer(`${textOf('items":[', '1234567890,', 11_000_000)}1]}}`)),
    long: (socket) => socket.write(jsonAnswer(`${textOf('long":"', 'x', 10_000_000)}"}}`)),
    numbers: (socket) => socket.write(jsonAnswer(`${textOf('numbers":[', '1,', 2_000_000)}1]}}`)),
  };
  const good = await startRawServer((socket) => socket.write(jsonAnswer({ data: { name: 'Hof' } })));
  const evil = await startRawServer((socket, { body }) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    const field = Object.keys(answers).find((name) => body.includes(name));
    answers[field ?? '']?.(socket);
    if (field === undefined) {
      socket.write(jsonAnswer({ data: { little: 'x' } }));
    }
  });
  servers = [good, evil];
  gateway = await startGatewayProcess(
    {
      good: { sdl: 'type Query { name: String }', url: `${good.origin}/graphql` },
      evil: {
        sdl: 'type Query { little: String endless: String closed: String longer: String items: [Int] long: String numbers: [Int] }',
        url: `${evil.origin}/graphql`,
      },
    },
    { engine },
  );
  return { sent: () => sent, open: () => open };
}

/** Status, length and start of an answer, which is read to its end. */
async function ask(query: string): Promise<{ status: number; length: number; text: string }> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return { status: response.status, length: text.length, text: text.slice(0, 1_000) };
}

describe.each<EngineName>(['compiled', 'apollo'])('an answer that is too large, engine %s,', (engine) => {
  it('is cut at 10 MiB, its connection is let go of, and memory does not grow by 32 MiB (S-11)', async () => {
    const { sent, open } = await start(engine);
    for (let n = 0; n < 20; n += 1) {
      await ask('{ name little }');
    }
    for (const field of ['endless', 'closed', 'longer', 'items']) {
      await gateway.watchMemory();
      const { status, text } = await ask(`{ name ${field} }`);
      const { before, most } = await gateway.growth();
      const { data, errors } = JSON.parse(text);
      expect([status, data, errors]).toEqual([
        200,
        { name: 'Hof', [field]: null },
        [expect.objectContaining({ extensions: expect.objectContaining({ code: 'SUBGRAPH_INVALID_RESPONSE' }) })],
      ]);
      expect(most - before).toBeLessThan(32 * MEBIBYTE);
      expect((await ask('{ name little }')).text).toBe('{"data":{"name":"Hof","little":"x"}}');
    }
    expect(sent()).toBeGreaterThan(CAP);
    expect(sent()).toBeLessThan(CAP + IN_SOCKETS);
    expect(open()).toBe(1);
  });

  it('goes through below the cap, a text of 10 MB and a million items, and what it took does not add up (S-11)', async () => {
    await start(engine);
    const askBoth = async (): Promise<void> => {
      expect((await ask('{ name long }')).length).toBeGreaterThan(10_000_000);
      expect((await ask('{ name numbers }')).length).toBeGreaterThan(2_000_000);
    };
    for (let n = 0; n < 8; n += 1) {
      if (n === 4) {
        await gateway.watchMemory();
      }
      await askBoth();
    }
    const { before, after } = await gateway.growth();
    expect(after - before).toBeLessThan(64 * MEBIBYTE);
  });
});
