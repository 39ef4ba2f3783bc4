import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '../../../platform/logger/Logger.ts';
import { createOutboundHttp, type OutboundHttpOptions } from '../../../platform/outbound/createOutboundHttp.ts';
import { OutboundError, type OutboundHttp } from '../../../platform/outbound/OutboundHttp.ts';
import { findFreePort } from '../../support/redis.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(async (server) => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }),
  );
});

/** A server that does what the test says; `requests` is what came in. */
async function startServer(handle: Handler): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handle(request, response, requests.length);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, requests };
}

function createHttp(options: Partial<OutboundHttpOptions> = {}): OutboundHttp {
  return createOutboundHttp({ logger: silentLogger, version: '1.2.3', retryDelayMs: 1, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<OutboundError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) {
    throw new Error(`Expected an OutboundError, got ${String(error)}.`);
  }
  return error;
}

describe('createOutboundHttp', () => {
  it('gives body, type and validators, and says who asks', async () => {
    const { url, requests } = await startServer((_, response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.setHeader('etag', '"v1"');
      response.setHeader('last-modified', 'Tue, 03 Mar 2026 10:00:00 GMT');
      response.end('{"pages":[]}');
    });

    const answer = await createHttp().get({ url: `${url}/pages?page=1`, headers: { accept: 'application/json' } });

    expect(answer).toEqual({
      kind: 'modified',
      status: 200,
      body: Buffer.from('{"pages":[]}'),
      contentType: 'application/json; charset=utf-8',
      validators: { etag: '"v1"', lastModified: 'Tue, 03 Mar 2026 10:00:00 GMT' },
    });
    expect(requests[0]?.url).toBe('/pages?page=1');
    expect(requests[0]?.headers).toMatchObject({ 'user-agent': 'Civigraph/1.2.3', accept: 'application/json' });
  });

  it('asks conditionally and takes 304 for unchanged', async () => {
    const { url, requests } = await startServer((request, response) => {
      response.statusCode = request.headers['if-none-match'] === '"v1"' ? 304 : 200;
      response.end();
    });
    const validators = { etag: '"v1"', lastModified: 'Tue, 03 Mar 2026 10:00:00 GMT' };

    expect(await createHttp().get({ url, validators })).toEqual({ kind: 'unchanged' });
    expect(requests[0]?.headers['if-modified-since']).toBe('Tue, 03 Mar 2026 10:00:00 GMT');
  });

  it('takes a 304 that nobody asked for as a failure', async () => {
    const { url } = await startServer((_, response) => response.writeHead(304).end());

    expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'status', status: 304 });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('decompresses %s', async (coding, compress) => {
    const { url } = await startServer((_, response) => {
      response.setHeader('content-encoding', coding);
      response.end(compress(Buffer.from('Grüße')));
    });

    expect(await createHttp().get({ url })).toMatchObject({ body: Buffer.from('Grüße') });
  });

  it('refuses a coding that it does not know', async () => {
    const { url } = await startServer((_, response) => {
      response.setHeader('content-encoding', 'zstd');
      response.end('compressed');
    });

    expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'network' });
  });

  it('takes an accepted status for an answer', async () => {
    const { url } = await startServer((_, response) => response.writeHead(404).end('gone'));

    expect(await createHttp().get({ url, acceptStatuses: [404] })).toMatchObject({
      kind: 'modified',
      status: 404,
      body: Buffer.from('gone'),
    });
  });

  it('fails at any other status, once', async () => {
    const { url, requests } = await startServer((_, response) => response.writeHead(404).end());

    expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'status', status: 404 });
    expect(requests).toHaveLength(1);
  });

  it.each([500, 502, 503, 504, 429])('tries again after a %d', async (status) => {
    const { url, requests } = await startServer((_, response, count) => {
      response.writeHead(count === 1 ? status : 200).end(count === 1 ? 'x'.repeat(100_000) : 'ok');
    });

    expect(await createHttp().get({ url })).toMatchObject({ status: 200 });
    expect(requests).toHaveLength(2);
  });

  it('gives up after two further tries', async () => {
    const { url, requests } = await startServer((_, response) => response.writeHead(503).end());

    expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'status', status: 503 });
    expect(requests).toHaveLength(3);
  });

  it('waits as long as Retry-After asks', async () => {
    const { url, requests } = await startServer((_, response, count) => {
      response.writeHead(count === 1 ? 429 : 200, { 'retry-after': '1' }).end();
    });
    const startedAt = performance.now();

    await createHttp().get({ url });

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(requests).toHaveLength(2);
  });

  it('does not wait for a Retry-After beyond the deadline', async () => {
    const { url, requests } = await startServer((_, response) =>
      response.writeHead(429, { 'retry-after': '3600' }).end(),
    );
    const startedAt = performance.now();

    expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'status', status: 429 });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(requests).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with %d', async (status) => {
    const { url, requests } = await startServer((_, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
    });

    expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'redirect', status });
    expect(requests).toHaveLength(1);
  });

  it('ends at the deadline when no headers come', async () => {
    const { url } = await startServer(() => {});
    const startedAt = performance.now();

    const error = await failureOf(createHttp().get({ url: `${url}/slow?token=abc`, deadlineMs: 200 }));

    expect(error).toMatchObject({ failure: 'timeout' });
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+\/slow: /);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it('ends at the deadline when the body trickles, and closes the connection', async () => {
    let closed: Promise<unknown> | undefined;
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      const trickle = setInterval(() => response.write('x'), 20);
      closed = once(response, 'close').then(() => clearInterval(trickle));
    });

    expect(await failureOf(createHttp().get({ url, deadlineMs: 200 }))).toMatchObject({ failure: 'timeout' });
    await closed;
  });

  it('stops a gzip bomb at the cap, counted after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { url, requests } = await startServer((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(bomb);
    });

    expect(bomb.length).toBeLessThan(100_000);
    expect(await failureOf(createHttp().get({ url, maxBytes: 1_000_000 }))).toMatchObject({ failure: 'too-large' });
    expect(requests).toHaveLength(1);
  });

  it('stops an endless body at the cap', async () => {
    let closed: Promise<unknown> | undefined;
    const { url } = await startServer((_, response) => {
      closed = once(response, 'close');
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
      };
      response.on('drain', pour);
      pour();
    });

    expect(await failureOf(createHttp().get({ url, maxBytes: 1_000_000 }))).toMatchObject({ failure: 'too-large' });
    await closed;
  });

  it('does not fetch a body that is announced above the cap', async () => {
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '2000000' });
      response.flushHeaders();
    });

    expect(await failureOf(createHttp().get({ url, maxBytes: 1_000_000 }))).toMatchObject({ failure: 'too-large' });
  });

  it('takes a body of exactly the cap', async () => {
    const { url } = await startServer((_, response) => response.end('12345'));

    expect(await createHttp().get({ url, maxBytes: 5 })).toMatchObject({ body: Buffer.from('12345') });
  });

  it('tries again when the connection is reset in the middle of the body', async () => {
    const { url, requests } = await startServer((_, response, count) => {
      if (count === 1) {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.socket?.resetAndDestroy());
      } else {
        response.end('whole');
      }
    });

    expect(await createHttp().get({ url })).toMatchObject({ body: Buffer.from('whole') });
    expect(requests).toHaveLength(2);
  });

  it('does not take a chunked body that ends early for a whole one', async () => {
    const { url } = await startServer((_, response) => {
      response.write('{"jobs":[1,2', () => response.socket?.end());
    });

    expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'network' });
  });

  it('fails when nothing listens, and when what answers speaks no HTTP', async () => {
    const port = await findFreePort();
    const noise = createTcpServer((socket) => socket.end('SSH-2.0-noise\r\n'));
    noise.listen(0, '127.0.0.1');
    await once(noise, 'listening');
    const address = noise.address();
    const noisePort = typeof address === 'object' && address !== null ? address.port : 0;

    const refused = await failureOf(createHttp().get({ url: `http://127.0.0.1:${port}/jobs` }));
    const confused = await failureOf(createHttp().get({ url: `http://127.0.0.1:${noisePort}/jobs` }));
    noise.close();

    expect(refused).toMatchObject({
      failure: 'network',
      message: `127.0.0.1:${port}/jobs: the connection failed (ECONNREFUSED).`,
    });
    expect(confused.failure).toBe('network');
  });

  it('ends when the caller calls off, also before it began', async () => {
    const { url, requests } = await startServer(() => {});
    const controller = new AbortController();

    const running = failureOf(createHttp().get({ url, signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);

    expect(await running).toMatchObject({ failure: 'aborted' });
    expect(await failureOf(createHttp().get({ url, signal: controller.signal }))).toMatchObject({ failure: 'aborted' });
    expect(requests).toHaveLength(1);
  });

  it('runs so many requests to a host at once, and refuses what would wait too long in line', async () => {
    let active = 0;
    let most = 0;
    const { url, requests } = await startServer((_, response) => {
      active += 1;
      most = Math.max(most, active);
      setTimeout(() => {
        active -= 1;
        response.end('ok');
      }, 30);
    });
    const http = createHttp({ maxConcurrencyPerHost: 2, maxQueuePerHost: 3 });

    const results = await Promise.allSettled(Array.from({ length: 8 }, () => http.get({ url })));

    expect(most).toBe(2);
    expect(requests).toHaveLength(5);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3);
    expect(await http.get({ url })).toMatchObject({ status: 200 });
  });

  it('does not let a host that hangs hold up another', async () => {
    const hanging = await startServer(() => {});
    const well = await startServer((_, response) => response.end('ok'));
    const http = createHttp({ maxConcurrencyPerHost: 1 });

    const stuck = failureOf(http.get({ url: hanging.url, deadlineMs: 300 }));
    const waiting = failureOf(http.get({ url: hanging.url, deadlineMs: 200 }));

    expect(await http.get({ url: well.url })).toMatchObject({ status: 200 });
    expect(await waiting).toMatchObject({ failure: 'timeout' });
    expect(await stuck).toMatchObject({ failure: 'timeout' });
    expect(hanging.requests).toHaveLength(1);
  });

  it.each(['file:///etc/hostname', 'ftp://example.org/jobs.csv', 'data:text/plain,x', 'not a URL', ''])(
    'refuses %j',
    async (url) => {
      expect(await failureOf(createHttp().get({ url }))).toMatchObject({ failure: 'refused' });
    },
  );

  it('sends credentials of the URL as a header and never repeats them or the query', async () => {
    const { url, requests } = await startServer((_, response) => response.writeHead(403).end());
    const secret = url.replace('//', '//feed:p%40ss-word@');

    const error = await failureOf(createHttp().get({ url: `${secret}/jobs?apikey=k-e-y` }));

    expect(requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('feed:p@ss-word').toString('base64')}`);
    expect(error.message).toBe(`${url.slice('http://'.length)}/jobs: answered with status 403.`);
    expect(JSON.stringify(error.cause ?? null)).not.toMatch(/ss-word|k-e-y/);
  });
});
