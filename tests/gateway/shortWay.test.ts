import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { handleShortly, type ShortWay, takeReadBody } from '../../gateway/http/shortWay.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** A server that says which way a request took, and which body the long way was left. */
async function start(shortWay: ShortWay): Promise<string> {
  server = createServer((request, response) =>
    handleShortly(request, response, {
      path: '/graphql',
      maxRequestBytes: 1_000,
      shortWay,
      open: () => ({ requestId: 'id', deadlineAt: 0, signal: new AbortController().signal }),
      longWay: (left, answer) => {
        left.resume();
        answer.end(`long:${takeReadBody(left)?.toString() ?? ''}`);
      },
      onError: () => {},
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const answering: ShortWay = async ({ query, variables }) => ({
  status: 200,
  type: 'application/json; charset=utf-8',
  body: Buffer.from(`short:${query}:${JSON.stringify(variables)}`),
});

async function post(url: string, body: string, type = 'application/json'): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type, connection: 'close' }, body });
  return response.text();
}

describe('the short way', () => {
  it('is taken by a known operation in the common shape', async () => {
    const url = await start(answering);
    expect(await post(url, '{"query":"{a}","variables":{"b":1}}')).toBe('short:{a}:{"b":1}');
  });

  it('is not taken by an operation that is not known; the long way finds the body', async () => {
    const url = await start(() => undefined);
    expect(await post(url, '{"query":"{a}"}')).toBe('long:{"query":"{a}"}');
  });

  it.each([
    ['extensions', '{"query":"{a}","extensions":{}}'],
    ['a list', '[{"query":"{a}"}]'],
    ['variables that are a list', '{"query":"{a}","variables":[]}'],
    ['no query', '{}'],
    ['broken JSON', '{"query":'],
  ])('leaves %s to the long way', async (_what, body) => {
    const url = await start(answering);
    expect(await post(url, body)).toBe(`long:${body}`);
  });

  it.each([
    ['another content type', 'text/plain', '{"query":"{a}"}'],
    ['a charset', 'application/json; charset=utf-16', '{"query":"{a}"}'],
    ['too long a body', 'application/json', JSON.stringify({ query: 'x'.repeat(1_000) })],
  ])('does not even read %s', async (_what, type, body) => {
    const url = await start(answering);
    expect(await post(url, body, type)).toBe('long:');
  });
});
