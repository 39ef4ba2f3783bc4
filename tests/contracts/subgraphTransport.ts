import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from '@jest/globals';

import { createHttpTransport, type HttpTransportOptions } from '../../gateway/fetch/createHttpTransport.ts';
import type { SubgraphTransport, TransportRequest } from '../../gateway/model/SubgraphTransport.ts';
import { jsonAnswer, type RawAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/testCertificate.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

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

const GOOD = jsonAnswer({ data: { ok: true } });
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** What every way to a subgraph over HTTP promises, whatever client is below. */
export function testSubgraphTransport(
  name: string,
  { tls, ...clientOptions }: { readonly tls: boolean } & Pick<HttpTransportOptions, 'createClient' | 'ca'>,
): void {
  const scheme = tls ? 'https' : 'http';
  // Fifty handshakes at once are work for both ends, which are one process here.
  const places = tls ? 10 : 50;
  const bounds = tls ? { maxConcurrent: places, queue: { length: places, waitMs: 100 } } : {};
  let server: Server | undefined;
  let raw: RawServer | undefined;
  let transport: SubgraphTransport | undefined;
  let count = 0;

  function open(port: number, options: Partial<HttpTransportOptions>): SubgraphTransport {
    transport = createHttpTransport({
      subgraph: 'housing',
      url: `${scheme}://127.0.0.1:${port}/graphql?v=1`,
      ...clientOptions,
      ...options,
    });
    return transport;
  }

  /** A server that speaks HTTP as it should, and a transport to it. */
  async function start(handler: Handler, options: Partial<HttpTransportOptions> = {}): Promise<number> {
    count = 0;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      count += 1;
      request.resume();
      handler(request, response, count);
    };
    const started: Server = tls
      ? createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, listener)
      : createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    const { port } = started.address() as AddressInfo;
    open(port, options);
    return port;
  }

  /** A server that writes what it is told, and a transport to it. */
  async function startRaw(answer: RawAnswer, options: Partial<HttpTransportOptions> = {}): Promise<RawServer> {
    raw = await startRawServer(answer, { tls });
    open(raw.port, options);
    return raw;
  }

  afterEach(async () => {
    const closed = transport?.close();
    server?.closeAllConnections();
    server?.close();
    await raw?.close();
    await closed;
    server = raw = transport = undefined;
  });

  async function codeOf(request: Partial<TransportRequest> = {}): Promise<unknown> {
    try {
      await transport?.send({ ...REQUEST, ...request });
      return 'answered';
    } catch (error) {
      return (error as { extensions?: { code?: string } }).extensions?.code ?? error;
    }
  }

  describe(`the way to a subgraph: ${name}`, () => {
    it('posts JSON with the time that is left, and hands on data, errors and how long they may be kept', async () => {
      const seen: IncomingMessage[] = [];
      await start((request, response) => {
        seen.push(request);
        json(response, { data: { offers: [] } }, { 'cache-control': 'max-age=60, public' });
      });
      expect(await transport?.send({ ...REQUEST, timeoutMs: 2_000 })).toEqual({
        data: { offers: [] },
        errors: undefined,
        maxAgeSeconds: 60,
      });
      expect(seen[0]).toMatchObject({
        method: 'POST',
        url: '/graphql?v=1',
        headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity' },
      });
      const left = Number(seen[0]?.headers['x-request-timeout-ms']);
      expect(left).toBeGreaterThan(1_500);
      expect(left).toBeLessThanOrEqual(2_000);
    });

    it('carries text of any script there and back, in parsed form and in bytes', async () => {
      await start(async (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.once('end', () => {
          const { variables } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { variables: unknown };
          json(response, { data: { variables } });
        });
      });
      const variables = { text: 'Straße Ж 中文 😀', long: 'ü'.repeat(100_000) };
      expect(await transport?.send({ ...REQUEST, variables })).toMatchObject({ data: { variables } });

      const body = Buffer.from(JSON.stringify({ query: '{ a }', variables }), 'utf8').toString('latin1');
      const { kind, timeoutMs, signal } = REQUEST;
      const answer = await transport?.sendBytes?.({ body, kind, timeoutMs, signal });
      expect(answer?.read().data).toEqual({ variables });
      expect(JSON.parse(answer?.bytes.toString('utf8') ?? '')).toEqual({ data: { variables } });
    });

    it('uses connections again', async () => {
      const ports = new Set<number | undefined>();
      await start((request, response) => {
        ports.add(request.socket.remotePort);
        json(response, { data: {} });
      });
      for (let i = 0; i < 20; i += 1) {
        expect(await codeOf()).toBe('answered');
      }
      expect(ports.size).toBeLessThan(4);
    });

    it.each(['private, max-age=60', 'no-store', ''])(
      'keeps nothing of an answer with Cache-Control "%s" (S-23)',
      async (cacheControl) => {
        await start((_, response) => json(response, { data: {} }, { 'cache-control': cacheControl }));
        expect((await transport?.send(REQUEST))?.maxAgeSeconds).toBe(0);
      },
    );

    it('takes GraphQL errors for an answer, whatever the status below 500', async () => {
      await start((_, response) =>
        response
          .writeHead(400, { 'content-type': 'application/graphql-response+json' })
          .end('{"errors":[{"message":"no"}]}'),
      );
      expect(await transport?.send(REQUEST)).toEqual({
        data: undefined,
        errors: [{ message: 'no', extensions: { code: 'SUBGRAPH_ERROR' } }],
        maxAgeSeconds: 0,
      });
    });

    it.each<[string, string, Handler]>([
      ['trailing garbage (S-09)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, '{"data":{}} trailing')],
      ['NaN (S-09)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, '{"data":{"a":NaN}}')],
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
      ['an empty body (S-10)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, '')],
      ['an empty object (S-10)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, {})],
      ['null data without errors (S-10)', 'SUBGRAPH_INVALID_RESPONSE', (_, response) => json(response, { data: null })],
      [
        'no errors in "errors" (S-10)',
        'SUBGRAPH_INVALID_RESPONSE',
        (_, response) => json(response, { data: null, errors: [] }),
      ],
      [
        'text in "errors" (S-10)',
        'SUBGRAPH_INVALID_RESPONSE',
        (_, response) => json(response, { data: null, errors: 'x' }),
      ],
      [
        'a compressed body (S-12)',
        'SUBGRAPH_INVALID_RESPONSE',
        (_, response) =>
          response
            .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
            .end(gzipSync(Buffer.alloc(20 * 1024 * 1024))),
      ],
      ['silence (S-13)', 'SUBGRAPH_TIMEOUT', () => {}],
      [
        'a byte of the body now and then (S-14)',
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

    it.each<[string, string, RawAnswer]>([
      [
        'a byte of the head now and then (S-14)',
        'SUBGRAPH_TIMEOUT',
        (socket) => {
          let at = 0;
          const drip = setInterval(() => socket.write(GOOD.charAt(at++)), 50);
          socket.once('close', () => clearInterval(drip));
        },
      ],
      [
        'a body shorter than announced, with the connection open (S-15)',
        'SUBGRAPH_TIMEOUT',
        (socket) => socket.write(`${HEAD}content-length: 50\r\n\r\n{"data":{}}`),
      ],
      [
        'a body longer than announced (S-15)',
        'SUBGRAPH_INVALID_RESPONSE',
        (socket) => socket.write(`${HEAD}content-length: 5\r\n\r\n{"data":{}}`),
      ],
      [
        'a body that ends early (S-15)',
        'SUBGRAPH_UNAVAILABLE',
        (socket) => socket.end(`${HEAD}content-length: 50\r\n\r\n{"data":{}}`),
      ],
      [
        'a reset in the body (S-15)',
        'SUBGRAPH_UNAVAILABLE',
        (socket) => socket.write(`${HEAD}content-length: 50\r\n\r\n{"da`, () => reset(socket)),
      ],
      ['an end instead of an answer (S-15)', 'SUBGRAPH_UNAVAILABLE', (socket) => socket.end()],
      [
        'chunks that end early (S-15)',
        'SUBGRAPH_UNAVAILABLE',
        (socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"dat\r\n`),
      ],
      [
        'a chunk size that is none',
        'SUBGRAPH_INVALID_RESPONSE',
        (socket) => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\nxyz\r\n{"data":{}}\r\n0\r\n\r\n`),
      ],
      [
        'two lengths',
        'SUBGRAPH_INVALID_RESPONSE',
        (socket) => socket.write(`${HEAD}content-length: 11\r\ncontent-length: 12\r\n\r\n{"data":{}}`),
      ],
      [
        'a length and chunks',
        'SUBGRAPH_INVALID_RESPONSE',
        (socket) =>
          socket.write(`${HEAD}content-length: 11\r\ntransfer-encoding: chunked\r\n\r\nb\r\n{"data":{}}\r\n0\r\n\r\n`),
      ],
      [
        'a head of more than 16 KiB',
        'SUBGRAPH_INVALID_RESPONSE',
        (socket) => socket.write(`${HEAD}x-long: ${'x'.repeat(20_000)}\r\ncontent-length: 11\r\n\r\n{"data":{}}`),
      ],
      ['no HTTP at all', 'SUBGRAPH_INVALID_RESPONSE', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n')],
    ])('refuses %s', async (_what, code, answer) => {
      const { requests } = await startRaw(answer);
      expect(await codeOf({ kind: 'mutation' })).toBe(code);
      expect(requests()).toHaveLength(1);
    });

    it.each<[string, string[]]>([
      [
        'chunks',
        [`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\n{"d\r\n8;name="x"\r\nata":{}}\r\n0\r\nx-trailer: 1\r\n\r\n`],
      ],
      ['a head after an interim one', [`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${GOOD}`]],
      ['bytes that come one by one', [...jsonAnswer({ data: { a: 'ä' } })]],
      [
        'chunks that come one byte at a time',
        [...`${HEAD}transfer-encoding: chunked\r\n\r\nb\r\n{"data":{}}\r\n0\r\n\r\n`],
      ],
    ])('reads %s', async (_what, pieces) => {
      await startRaw(async (socket) => {
        for (const piece of pieces) {
          socket.write(piece);
          await new Promise(setImmediate);
        }
      });
      expect(await codeOf({ timeoutMs: 5_000 })).toBe('answered');
      expect(await codeOf({ timeoutMs: 5_000 })).toBe('answered');
    });

    it.each([
      [`${HEAD}connection: close\r\n\r\n{"data":{}}`],
      ['HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{"data":{}}'],
    ])('reads a body that lasts until the connection ends: %j', async (text) => {
      await startRaw((socket) => socket.end(text));
      expect(await codeOf()).toBe('answered');
      expect(await codeOf()).toBe('answered');
    });

    it.each([
      ['says so', jsonAnswer({ data: {} }, 'connection: close\r\n')],
      ['sends more than its answer', `${GOOD}HTTP/1.1 200 OK\r\n`],
    ])('does not use the connection of a server again that %s', async (_what, text) => {
      const used = new Set<Socket>();
      await startRaw((socket) => {
        used.add(socket);
        socket.write(text);
      });
      for (let i = 0; i < 3; i += 1) {
        expect(await codeOf()).toBe('answered');
        await sleep(10);
      }
      expect(used.size).toBe(3);
    });

    it.each([301, 302, 303, 307, 308])('does not follow a redirect with %d (S-19)', async (status) => {
      const places = ['/secret', 'http://169.254.169.254/latest', 'file:///etc/passwd', '//other.example.org/graphql'];
      await start((request, response, nth) => {
        if (request.url === '/secret') {
          json(response, { data: { secret: true } });
        } else {
          response.writeHead(status, { location: places[nth - 1] }).end();
        }
      });
      for (const _ of places) {
        expect(await codeOf()).toBe('SUBGRAPH_INVALID_RESPONSE');
      }
      expect(count).toBe(places.length);
    });

    it('cuts a body at its cap and lets go of the connection (S-11)', async () => {
      let sent = 0;
      let isGone = false;
      await start(
        (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.once('close', () => {
            isGone = true;
          });
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
      await until(() => isGone);
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    });

    it('refuses a gigabyte as soon as it is announced (S-11)', async () => {
      const before = process.memoryUsage().rss;
      let isGone = false;
      await startRaw((socket) => {
        socket.once('close', () => {
          isGone = true;
        });
        socket.write(`${HEAD}content-length: 1073741824\r\n\r\n{`);
      });
      expect(await codeOf({ timeoutMs: 5_000 })).toBe('SUBGRAPH_INVALID_RESPONSE');
      await until(() => isGone);
      expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024);
    });

    it.each<[string, RawAnswer]>([
      ['ends', (socket) => socket.end()],
      ['is reset', reset],
      ['ends in the body', (socket) => socket.end(`${HEAD}content-length: 50\r\n\r\n{"data":{}}`)],
    ])('asks again once when the connection of a query %s, and never for a mutation (S-15)', async (_what, lose) => {
      const server = await startRaw((socket, request) => {
        if (request.nth === 1 || request.nth === 3) {
          lose(socket, request);
        } else {
          socket.write(GOOD);
        }
      });
      expect(await codeOf()).toBe('answered');
      expect(server.requests()).toHaveLength(2);

      expect(await codeOf({ kind: 'mutation' })).toBe('SUBGRAPH_UNAVAILABLE');
      expect(server.requests()).toHaveLength(3);
    });

    it('counts an answer that is no JSON as a failure, and stops asking after five (S-09)', async () => {
      await start((_, response) => json(response, 'not JSON'));
      const codes: unknown[] = [];
      for (let i = 0; i < 7; i += 1) {
        codes.push(await codeOf());
      }
      expect(codes.slice(0, 5)).toEqual(Array(5).fill('SUBGRAPH_INVALID_RESPONSE'));
      expect(codes.slice(5)).toEqual(Array(2).fill('SUBGRAPH_UNAVAILABLE'));
      expect(count).toBe(5);
    });

    it('stops asking a subgraph that is silent five times in a row (S-13)', async () => {
      await start(() => {});
      for (let i = 0; i < 5; i += 1) {
        expect(await codeOf({ timeoutMs: tls ? 400 : 60 })).toBe('SUBGRAPH_TIMEOUT');
      }
      const before = performance.now();
      expect(await codeOf({ timeoutMs: 5_000 })).toBe('SUBGRAPH_UNAVAILABLE');
      expect(performance.now() - before).toBeLessThan(50);
      expect(count).toBe(5);
    });

    it.each([500, 502, 503, 504, 429])(
      'stops asking after five answers with %d, for a while (S-18)',
      async (status) => {
        let isBroken = true;
        await start(
          (_, response) => {
            if (isBroken) {
              response.writeHead(status).end('busy');
            } else {
              json(response, { data: {} });
            }
          },
          { breaker: { failures: 5, openMs: 250 } },
        );
        for (let i = 0; i < 8; i += 1) {
          expect(await codeOf()).toBe('SUBGRAPH_UNAVAILABLE');
        }
        expect(count).toBe(5);
        isBroken = false;
        await sleep(260);
        expect(await codeOf()).toBe('answered');
        expect(await codeOf()).toBe('answered');
      },
    );

    it.each<[number, string, () => string]>([
      [503, 'seconds', () => '1'],
      [429, 'seconds', () => '1'],
      [503, 'a date', () => new Date(Date.now() + 2_000).toUTCString()],
      [429, 'a date', () => new Date(Date.now() + 2_000).toUTCString()],
    ])('asks no sooner than Retry-After says, status %d with %s (S-18)', async (status, _form, waitFor) => {
      let mayAskAt = 0;
      await start(
        (_, response, nth) => {
          if (nth === 1) {
            const retryAfter = waitFor();
            mayAskAt = /^\d+$/.test(retryAfter) ? Date.now() + Number(retryAfter) * 1_000 : Date.parse(retryAfter);
            response.writeHead(status, { 'retry-after': retryAfter }).end();
          } else {
            json(response, { data: {} });
          }
        },
        { breaker: { failures: 5, openMs: 10 } },
      );
      expect(await codeOf()).toBe('SUBGRAPH_UNAVAILABLE');
      await sleep(mayAskAt - Date.now() - 200);
      expect(await codeOf()).toBe('SUBGRAPH_UNAVAILABLE');
      expect(count).toBe(1);
      await sleep(mayAskAt - Date.now() + 100);
      expect(await codeOf()).toBe('answered');
    });

    it('is asked at most 1.2 times as often while every second connection ends without an answer (S-18)', async () => {
      const server = await startRaw(
        (socket, { nth }) => {
          if (nth % 2 === 0) {
            socket.end('HTTP/1.1 200 OK\r\n');
          } else {
            socket.write(GOOD);
          }
        },
        { breaker: { failures: Number.POSITIVE_INFINITY, share: 2 } },
      );
      const codes: unknown[] = [];
      for (let n = 0; n < 200; n += 1) {
        codes.push(await codeOf({ timeoutMs: 5_000 }));
      }
      expect(new Set(codes)).toEqual(new Set(['answered', 'SUBGRAPH_UNAVAILABLE']));
      expect(server.requests().length).toBeGreaterThan(220);
      expect(server.requests().length).toBeLessThanOrEqual(1.2 * 200 + 3);
    });

    it(`has at most ${places} requests in flight and ${places} that wait, and fails the others at once (S-17)`, async () => {
      let inFlight = 0;
      let most = 0;
      let delayMs = 0;
      await start((_, response) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        setTimeout(() => {
          inFlight -= 1;
          json(response, { data: {} });
        }, delayMs);
      }, bounds);
      await Promise.all(Array.from({ length: places }, () => codeOf({ timeoutMs: 10_000 }))); // opens the connections
      delayMs = 800;
      const startedAt = performance.now();
      const outcomes = await Promise.all(
        Array.from({ length: 4 * places }, async () => ({
          code: await codeOf({ timeoutMs: 10_000 }),
          ms: performance.now() - startedAt,
        })),
      );
      const times = (outcome: string) => outcomes.filter(({ code }) => code === outcome).map(({ ms }) => ms);
      expect(most).toBe(places);
      expect(times('answered')).toHaveLength(places);
      expect(times('SUBGRAPH_UNAVAILABLE')).toHaveLength(3 * places);
      expect(Math.max(...times('SUBGRAPH_UNAVAILABLE'))).toBeLessThan(Math.min(...times('answered')) - 300);
    });

    it('hands places on to those who wait', async () => {
      await start(
        (_, response) => {
          setTimeout(() => json(response, { data: {} }), 5);
        },
        { maxConcurrent: 2, queue: { length: 50, waitMs: 5_000 } },
      );
      const codes = await Promise.all(Array.from({ length: 30 }, () => codeOf({ timeoutMs: 10_000 })));
      expect(new Set(codes)).toEqual(new Set(['answered']));
    });

    it.each([
      ['127.0.0.1', '10.0.0.0/8', false],
      ['localhost', '10.0.0.0/8', false],
      ['127.0.0.1', '127.0.0.0/8', true],
      ['localhost', '127.0.0.0/8', true],
      ['2130706433', '10.0.0.0/8', false],
      ['[::ffff:127.0.0.1]', '10.0.0.0/8', false],
      ['[::ffff:127.0.0.1]', '127.0.0.0/8', true],
    ])('talks to %s only where %s holds the address that it reached: %s (S-20)', async (host, network, isAllowed) => {
      const port = await start((_, response) => json(response, { data: {} }));
      await transport?.close();
      const options = tls && host.startsWith('[') ? { networks: [network], ca: undefined } : { networks: [network] };
      open(port, { url: `${scheme}://${host}:${port}/graphql`, ...options });
      if (isAllowed && !(tls && host.startsWith('['))) {
        expect(await codeOf({ timeoutMs: 3_000 })).toBe('answered');
      } else if (!isAllowed) {
        expect(await codeOf({ timeoutMs: 3_000 })).toBe('SUBGRAPH_UNAVAILABLE');
        expect(count).toBe(0);
      }
    });

    it('ends the request of a client that left, and counts it for nothing (H-27)', async () => {
      let closed = 0;
      await start((request, response) => {
        request.socket.once('close', () => {
          closed += 1;
        });
        setTimeout(() => json(response, { data: { ok: true } }), 500);
      });
      const controllers = Array.from({ length: 10 }, () => new AbortController());
      const gone = controllers.map((controller) => codeOf({ signal: controller.signal, timeoutMs: 3_000 }));
      await until(() => count === 10);
      for (const controller of controllers) {
        controller.abort();
      }
      await Promise.all(gone);
      await until(() => closed === 10);
      expect(await codeOf({ timeoutMs: 3_000 })).toBe('answered');
    });

    it('does not even ask for a client that left before', async () => {
      await start((_, response) => json(response, { data: {} }));
      expect(await codeOf({ signal: AbortSignal.abort() })).toBe('SUBGRAPH_UNAVAILABLE');
      expect(count).toBe(0);
    });

    it('says SUBGRAPH_UNAVAILABLE when nobody listens', async () => {
      const port = await start((_, response) => response.end());
      await transport?.close();
      await new Promise((resolve) => server?.close(resolve));
      open(port, {});
      expect(await codeOf()).toBe('SUBGRAPH_UNAVAILABLE');
    });
  });
}

/** Waits for something that must come to pass in a second. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isTrue(); tries += 1) {
    await sleep(10);
  }
  expect(isTrue()).toBe(true);
}

function reset(socket: Socket): void {
  if ('resetAndDestroy' in socket && !('encrypted' in socket)) {
    socket.resetAndDestroy();
  } else {
    socket.destroy();
  }
}
