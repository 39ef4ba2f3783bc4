import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';

import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

const greetings: TestSubgraph = {
  sdl: 'type Query { hello(name: String): String! } type Mutation { greet: Boolean }',
  resolvers: {
    Mutation: { greet: () => true },
    Query: { hello: (_: unknown, { name }: { name?: string }) => `Hello ${name ?? 'world'}` },
  },
};

let gateway: TestGateway;
let origin: string;

beforeAll(async () => {
  gateway = await createTestGateway({ subgraphs: { greetings } });
  origin = new URL(gateway.url).origin;
});
afterAll(() => gateway.close());

function post(
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<Response> {
  return fetch(gateway.url, { method: 'POST', headers, body });
}

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => gateway.url, fetchFn: fetch })) {
    const isMust = audit.name.startsWith('MUST');
    const isShould = audit.name.startsWith('SHOULD');
    if (isMust || isShould) {
      it(`${audit.name} (${audit.id})`, async () => {
        const result = await audit.fn();
        expect({ status: result.status, reason: 'reason' in result ? result.reason : undefined }).toEqual({
          status: 'ok',
          reason: undefined,
        });
      });
    }
  }
});

describe('the HTTP edge', () => {
  it.each([
    ['malformed JSON', '{"query":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a string', '"x"'],
    ['a number', '123'],
    ['nothing', ''],
  ])('answers 400 with a code to a body that is %s (H-07)', async (_what, body) => {
    const response = await post(body);

    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { extensions: { code: string; requestId: string } }[] };
    expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
    expect(errors[0]?.extensions.requestId).toMatch(/^[\w-]+$/);
  });

  it('refuses a body over 256 KiB with 413 (H-01)', async () => {
    const response = await post(JSON.stringify({ query: '{ hello }', variables: { pad: 'x'.repeat(256 * 1024) } }));
    expect(response.status).toBe(413);
  });

  it.each([
    'text/plain',
    'application/graphql',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('does not execute a body of type %s (H-08, H-09)', async (type) => {
    const response = await post('{"query":"{ hello }"}', { 'content-type': type });

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.text()).not.toContain('Hello');
  });

  it('refuses a list of operations (G-18)', async () => {
    const response = await post(JSON.stringify([{ query: '{ hello }' }, { query: '{ hello }' }]));
    expect(response.status).toBe(400);
  });

  it('does not run a mutation over GET (H-12)', async () => {
    const response = await fetch(`${gateway.url}?query=${encodeURIComponent('mutation { greet }')}`, {
      headers: { 'apollo-require-preflight': 'x' },
    });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('refuses a GET that a page of another site could make (H-10)', async () => {
    const response = await fetch(`${gateway.url}?query=%7Bhello%7D`);
    expect(response.status).toBe(400);
  });

  it('makes up a request id when the given one could forge a log line (H-20)', async () => {
    const good = await post('{"query":"{ hello }"}', { 'content-type': 'application/json', 'x-request-id': 'abc-123' });
    const bad = await post('{"query":"{ hello }"}', { 'content-type': 'application/json', 'x-request-id': 'a b"c' });

    expect(good.headers.get('x-request-id')).toBe('abc-123');
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['too deep (G-01)', `{ ${'a: __type(name: "Query") { fields { type { '.repeat(8)}name${' } } }'.repeat(8)} }`],
    ['made of aliases (G-03)', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: hello`).join(' ')} }`],
    [
      'made of __typename aliases (G-04)',
      `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    ],
    ['longer than 2,000 tokens (G-02)', `{ ${'hello '.repeat(2_001)} }`],
    [
      'a bomb of fragments (G-09)',
      `{ ...F0 } ${Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F30 on Query { hello }`,
    ],
  ])('refuses an operation that is %s', async (_what, query) => {
    const response = await post(JSON.stringify({ query }), {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
    });

    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('Hello');
  });

  it('answers the standard introspection query', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const response = await post(JSON.stringify({ query: getIntrospectionQuery() }));

    const { data, errors } = (await response.json()) as {
      data: { __schema: { types: { name: string }[] } };
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    expect(data.__schema.types.map(({ name }) => name)).not.toContain('_Entity');
  });

  it('tells its health', async () => {
    const live = await fetch(`${origin}/health/live`);
    const ready = await fetch(`${origin}/health/ready`);

    expect(live.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ok', cache: { reachable: true } });
  });

  it('gives no plan and no trace away, whatever the headers ask (G-41)', async () => {
    const response = await post('{"query":"{ hello }"}', {
      'content-type': 'application/json',
      'apollo-query-plan-experimental': 'true',
      'apollo-federation-include-trace': 'ftv1',
    });
    expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
  });
});
