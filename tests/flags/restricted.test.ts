import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestGateway } from '../support/testGateway.ts';
import { createTown } from './town.ts';

describe.each(['compiled', 'apollo'] as const)('a request with the header x-municipality, engine %s,', (engine) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await createTown({ engine });
  });
  afterAll(() => gateway.close());

  async function ask(municipality: string, query: string, variables: Record<string, unknown> = {}) {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-municipality': municipality },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors, extensions } = (await response.json()) as {
      data?: Record<string, unknown> | null;
      errors?: { message: string; extensions: { code: string; requestId?: string } }[];
      extensions?: unknown;
    };
    return { status: response.status, data, errors, codes: errors?.map((error) => error.extensions.code), extensions };
  }

  it('is answered as any other where the municipality has what it asks for', async () => {
    const query = '{ municipality(slug: "augsburg") { name housingOffers { title } } }';
    const { data, errors } = await ask('augsburg', query);
    expect(errors).toBeUndefined();
    expect(data).toEqual((await gateway.execute(query)).data);
  });

  it('knows no field of a module that is off, however often it asks and whoever asked before (F-14, F-20)', async () => {
    const query = '{ municipality(slug: "celle") { name housingOffers { title } } }';
    await gateway.execute(query);
    for (let n = 0; n < 2; n++) {
      const before = gateway.calls('housing').length;
      const { data, errors, codes } = await ask('celle', query);
      expect(data).toBeUndefined();
      expect(codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(errors?.[0]?.message).toBe('Cannot query field "housingOffers" on type "Municipality".');
      expect(errors?.[0]?.extensions.requestId).toEqual(expect.any(String));
      expect(gateway.calls('housing')).toHaveLength(before);
    }
    expect((await gateway.execute(query)).errors).toBeUndefined();
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['the slug of a Municipality', '{ municipality(slug: "bremen") { name } }', {}],
    ['a variable', 'query ($s: ID!) { municipality(slug: $s) { name } }', { s: 'bremen' }],
    ['a default value', 'query ($s: ID! = "bremen") { municipality(slug: $s) { name } }', {}],
    ['a fragment', 'query { ...F } fragment F on Query { eventsOf(municipality: "bremen") { id } }', {}],
  ])('F-10: cannot name another municipality in %s', async (_where, query, variables) => {
    const { data, codes, errors } = await ask('augsburg', query, variables);
    expect(data).toBeUndefined();
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toContain('"augsburg" alone and cannot ask for "bremen"');
  });

  it('is told of no other schema by introspection (F-14)', async () => {
    const query = '{ __type(name: "Municipality") { fields { name } } }';
    const names = async (slug: string) => {
      const { data } = await ask(slug, query);
      return (data as { __type: { fields: { name: string }[] } }).__type.fields.map(({ name }) => name);
    };
    expect(await names('augsburg')).toContain('housingOffers');
    expect(await names('celle')).toContain('events');
    expect(await names('celle')).not.toContain('housingOffers');
    expect(await names('bremen')).not.toContain('events');
  });

  it('asks for introspection by itself', async () => {
    const { codes } = await ask('augsburg', '{ __typename __schema { queryType { name } } municipalities { slug } }');
    expect(codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('names a municipality that there is', async () => {
    expect((await ask('nowhere', '{ municipalities { slug } }')).codes).toEqual(['MUNICIPALITY_UNKNOWN']);
  });
});
