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
      textOf: (hash) => (hash === 'known' ? '{persisted}' : undefined),
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

async function get(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers: { 'apollo-require-preflight': '1', connection: 'close', ...headers } });
  return response.text();
}

describe('the short way', () => {
  it('is taken by a known operation in the common shape', async () => {
    const url = await start(answering);
    expect(await post(url, '{"query":"{a}","variables":{"b":1}}')).toBe('short:{a}:{"b":1}');
  });

  const EXTENSIONS = '{"persistedQuery":{"version":1,"sha256Hash":"known"}}';

  it('is taken by the hash of a persisted operation', async () => {
    const url = await start(answering);
    expect(await post(url, `{"variables":{"b":1},"extensions":${EXTENSIONS}}`)).toBe('short:{persisted}:{"b":1}');
  });

  it('is taken by a GET with the hash of a persisted operation', async () => {
    const url = await start(answering);
    const query = new URLSearchParams({ extensions: EXTENSIONS, variables: '{"b":1}' });
    expect(await get(`${url}?${query}`)).toBe('short:{persisted}:{"b":1}');
  });

  it('does not let a GET write', async () => {
    const url = await start((known) => (known.mayWrite ? answering(known, {} as never, undefined) : undefined));
    expect(await get(`${url}?${new URLSearchParams({ extensions: EXTENSIONS })}`)).toBe('long:');
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a query', { query: '{a}' }, {}],
    ['a query beside the hash', { query: '{a}', extensions: EXTENSIONS }, {}],
    ['an unknown hash', { extensions: EXTENSIONS.replace('known', 'other') }, {}],
    ['a hash of another version', { extensions: EXTENSIONS.replace('1', '2') }, {}],
    ['broken variables', { extensions: EXTENSIONS, variables: '{' }, {}],
    ['what a foreign page could send', { extensions: EXTENSIONS }, { 'apollo-require-preflight': '' }],
  ])('leaves a GET with %s to the long way', async (_what, parameters, headers) => {
    const url = await start(answering);
    expect(await get(`${url}?${new URLSearchParams(parameters)}`, headers)).toBe('long:');
  });

  it('leaves a GET that says something twice to the long way', async () => {
    const url = await start(answering);
    const extensions = encodeURIComponent(EXTENSIONS);
    expect(await get(`${url}?extensions=${extensions}&extensions=${extensions}`)).toBe('long:');
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
