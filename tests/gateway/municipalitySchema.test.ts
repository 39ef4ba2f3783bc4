import { afterEach, describe, expect, it } from '@jest/globals';
import { buildSchema, validateSchema } from 'graphql';

import type { EngineName } from '../../gateway/createGateway.ts';
import { createTestGateway, type TestGateway } from '../support/testGateway.ts';

const SUBGRAPHS = {
  towns: {
    sdl: `
      type Query { municipality(slug: ID!): Municipality }
      type Municipality @key(fields: "slug") {
        slug: ID!
        events: [Event!] @feature(flag: "events")
        flats: [Flat!] @feature(flag: "housing")
      }
      type Event { title: String }
      type Flat { rent: Int landlord: String @feature(flag: "housing.contact") }
    `,
    resolvers: { Query: { municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }) } },
  },
};

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

async function open(municipalities?: Record<string, Record<string, unknown>>, engine?: EngineName) {
  const opened = await createTestGateway({
    subgraphs: SUBGRAPHS,
    ...(municipalities === undefined ? {} : { municipalities }),
    ...(engine === undefined ? {} : { engine }),
  });
  gateway = opened;
  const get = (slug: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(new URL(`/schema/${slug}`, opened.url), { headers, method });
  return { get, opened };
}

describe('GET /schema/:municipality', () => {
  it.each(['compiled', 'apollo'] as const)('is a valid schema without what is off (%s)', async (engine) => {
    const { get } = await open({ a: { events: true }, b: { events: true, housing: true } }, engine);

    const response = await get('a');
    const sdl = await response.text();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
    expect(validateSchema(buildSchema(sdl))).toEqual([]);
    expect(sdl).toContain('events');
    expect(sdl).not.toMatch(/flats|Flat|landlord|@feature|_entities/);
    expect(await (await get('b')).text()).toMatch(/landlord: String[\s\S]*flats: \[Flat!\]/);
  });

  it('answers 304 without a body to whoever has it, also among others, weak or starred', async () => {
    const { get } = await open({ a: { events: true } });
    const etag = (await get('a')).headers.get('etag') ?? '';

    for (const known of [etag, `"x", W/${etag}`, '*']) {
      const response = await get('a', { 'if-none-match': known });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toBe('');
    }
    expect((await get('a', { 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('follows a flag: text and ETag change when it is switched, and come back with it', async () => {
    const { get, opened } = await open({ a: { events: true } });
    const before = await get('a');
    const etag = before.headers.get('etag') ?? '';
    const sdl = await before.text();

    opened.setMunicipalities({ a: { events: true, housing: { enabled: true, flags: { contact: false } } } });
    const after = await get('a', { 'if-none-match': etag });
    expect(after.status).toBe(200);
    expect(after.headers.get('etag')).not.toBe(etag);
    const housing = await after.text();
    expect(housing).toContain('flats');
    expect(housing).not.toContain('landlord');

    opened.setMunicipalities({ a: { events: true } });
    expect((await get('a', { 'if-none-match': etag })).status).toBe(304);
    expect(await (await get('a')).text()).toBe(sdl);
  });

  it('is one text for municipalities that have the same on', async () => {
    const { get } = await open({ a: { events: true }, b: { events: true }, c: {} });
    const [a, b, c] = (await Promise.all([get('a'), get('b'), get('c')])).map(({ headers }) => headers.get('etag'));
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  it.each(['nowhere', 'constructor', '..%2Fa', '%22%3E'])('answers 404 with a code to %s', async (slug) => {
    const { get } = await open({ a: {} });

    const response = await get(slug, { 'x-request-id': 'r1' });

    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('etag')).toBeNull();
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.stringContaining('No municipality has the slug'),
          extensions: {
            code: 'MUNICIPALITY_UNKNOWN',
            retryable: false,
            municipal: { slug: decodeURIComponent(slug) },
            requestId: 'r1',
          },
        },
      ],
    });
  });

  it('takes a slug in either form of its letters', async () => {
    const { get } = await open({ thüringen: {} });
    expect((await get(encodeURIComponent('thüringen'.normalize('NFD')))).status).toBe(200);
  });

  it('answers 400 with a code to a slug that is no text', async () => {
    const { get } = await open({ a: {} });

    const response = await get('%E0%A4%A');

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('does not exist where the gateway reads no municipalities', async () => {
    const { get } = await open();

    const response = await get('a');

    expect(response.status).toBe(404);
    expect(await response.text()).toContain('BAD_REQUEST');
  });
});
