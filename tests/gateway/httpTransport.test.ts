import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from '@jest/globals';

import { createHttpTransport } from '../../gateway/fetch/createHttpTransport.ts';
import type { SubgraphTransport, TransportRequest } from '../../gateway/model/SubgraphTransport.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

let server: Server;
let transport: SubgraphTransport;
let count = 0;

async function start(handler: Handler, options: { maxBytes?: number } = {}): Promise<void> {
  count = 0;
  server = createServer((request, response) => {
    count += 1;
    request.resume();
    handler(request, response, count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  transport = createHttpTransport({ subgraph: 'housing', url: `http://127.0.0.1:${port}/graphql?v=1`, ...options });
}

afterEach(async () => {
  server.closeAllConnections();
  await Promise.all([transport.close(), new Promise((resolve) => server.close(resolve))]);
});

const REQUEST: TransportRequest = {
  operation: '{ offers { id } }',
  operationName: undefined,
  kind: 'query',
  variables: {},
  timeoutMs: 300,
  signal: new AbortController().signal,
};

function json(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response
    .writeHead(200, { 'content-type': 'application/json', ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function codeOf(request: Partial<TransportRequest> = {}): Promise<unknown> {
  try {
    await transport.send({ ...REQUEST, ...request });
    return 'answered';
  } catch (error) {
    return (error as { extensions?: { code?: string } }).extensions?.code ?? error;
  }
}

describe('the HTTP way to a subgraph', () => {
  it('hands on data, errors and how long they may be kept', async () => {
    await start((_, response) => json(response, { data: { offers: [] } }, { 'cache-control': 'max-age=60, public' }));
    expect(await transport.send(REQUEST)).toEqual({ data: { offers: [] }, errors: undefined, maxAgeSeconds: 60 });
  });

  it.each(['private, max-age=60', 'no-store', ''])(
    'keeps nothing of an answer with Cache-Control "%s" (S-23)',
    async (cacheControl) => {
      await start((_, response) => json(response, { data: {} }, { 'cache-control': cacheControl }));
      expect((await transport.send(REQUEST)).maxAgeSeconds).toBe(0);
    },
  );

  it('takes GraphQL errors for an answer, whatever the status below 500', async () => {
    await start((_, response) =>
      response
        .writeHead(400, { 'content-type': 'application/graphql-response+json' })
        .end('{"errors":[{"message":"no"}]}'),
    );
    expect(await transport.send(REQUEST)).toEqual({ data: undefined, errors: [{ message: 'no' }], maxAgeSeconds: 0 });
  });

  it.each<[string, string, Handler]>([
    ['invalid JSON (S-09)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, '{"data":{}} trailing')],
    [
      'invalid UTF-8',
      'SUBGRAPH_INVALID_RESPONSE',
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22])),
    ],
    [
      'a login page (S-10)',
      'SUBGRAPH_INVALID_RESPONSE',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<form>'),
    ],
    ['204 (S-10)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => response.writeHead(204).end()],
    ['an empty object (S-10)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, {})],
    ['null data without errors (S-10)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, { data: null })],
    [
      'no errors in "errors" (S-10)',
      'SUBGRAPH_INVALID_RESPONSE',
      (_, response) => json(response, { data: null, errors: [] }),
    ],
    [
      'a compressed body (S-12)',
      'SUBGRAPH_INVALID_RESPONSE',
      (_, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync('{"data":{}}')),
    ],
    ['503 (S-18)', 'SUBGRAPH_UNAVAILABLE', (_, response) => response.writeHead(503).end('busy')],
    ['silence (S-13)', 'SUBGRAPH_TIMEOUT', () => {}],
    [
      'a byte now and then (S-14)',
      'SUBGRAPH_TIMEOUT',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drip = setInterval(() => response.write(' '), 50);
        response.once('close', () => clearInterval(drip));
      },
    ],
  ])('refuses %s', async (_what, code, handler) => {
    await start(handler);
    expect(await codeOf()).toBe(code);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with %d (S-19)', async (status) => {
    await start((request, response) => {
      if (request.url === '/secret') {
        json(response, { data: { secret: true } });
      } else {
        response.writeHead(status, { location: '/secret' }).end();
      }
    });
    expect(await codeOf()).toBe('SUBGRAPH_INVALID_RESPONSE');
    expect(count).toBe(1);
  });

  it('cuts a body at its cap and lets go of the socket (S-11)', async () => {
    let sent = 0;
    await start(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const block = Buffer.alloc(64 * 1024, 0x20);
        const pump = () => {
          while (!response.destroyed && sent < 1024 * 1024 * 1024) {
            sent += block.length;
            if (!response.write(block)) {
              response.once('drain', pump);
              return;
            }
          }
        };
        pump();
      },
      { maxBytes: 1024 * 1024 },
    );
    expect(await codeOf({ timeoutMs: 5_000 })).toBe('SUBGRAPH_INVALID_RESPONSE');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('asks again once when a query loses its socket, and never for a mutation (S-15)', async () => {
    await start((request, response, nth) =>
      nth === 1 ? request.socket.destroy() : json(response, { data: { ok: true } }),
    );
    expect(await transport.send(REQUEST)).toMatchObject({ data: { ok: true } });
    expect(count).toBe(2);

    count = 0;
    expect(await codeOf({ kind: 'mutation' })).toBe('SUBGRAPH_UNAVAILABLE');
    expect(count).toBe(1);
  });

  it('stops asking after five failures in a row, and for a while only (FT-08)', async () => {
    await start((_, response) => response.writeHead(500).end());
    for (let i = 0; i < 8; i += 1) {
      expect(await codeOf()).toBe('SUBGRAPH_UNAVAILABLE');
    }
    expect(count).toBe(5);
  });

  it('does not take a client that left for a failure of the subgraph (H-27)', async () => {
    await start((_, response) => {
      setTimeout(() => json(response, { data: { ok: true } }), 30);
    });
    for (let i = 0; i < 8; i += 1) {
      const controller = new AbortController();
      const gone = codeOf({ signal: controller.signal });
      controller.abort();
      await gone;
    }
    expect(await codeOf()).toBe('answered');
  });

  it('says SUBGRAPH_UNAVAILABLE when nobody listens', async () => {
    await start((_, response) => response.end());
    await transport.close();
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    transport = createHttpTransport({ subgraph: 'housing', url: `http://127.0.0.1:${port}/graphql` });
    expect(await codeOf()).toBe('SUBGRAPH_UNAVAILABLE');
  });
});
