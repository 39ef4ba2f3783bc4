import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import { createTestGateway, type TestGateway } from '../support/testGateway.ts';

const SLUGS = ['augsburg', 'bremen'];

/** Through the store and in process, or straight over HTTP, where answers travel in bytes. */
const MODES = [
  ['with a store', {}],
  ['in bytes', { overHttp: true, keepsAnswers: false }],
  ['over the executor of @apollo/gateway', { engine: 'apollo' }],
] as const;

let gateway: TestGateway;

function start(options: { overHttp?: boolean; keepsAnswers?: boolean; engine?: EngineName }): Promise<TestGateway> {
  return createTestGateway({
    ...options,
    municipalities: { augsburg: { housing: true }, bremen: { housing: false } },
    subgraphs: {
      content: {
        sdl: `
          type Query { municipality(slug: ID!): Municipality  municipalities: [Municipality!]!  echo(text: String, n: Int): String  said(words: Words): String }
          input Words { text: String }
          type Municipality @key(fields: "slug") { slug: ID!  name: String!  broken: String  forbidden: String! }
        `,
        resolvers: {
          Query: {
            municipality: (_: unknown, { slug }: { slug: string }) => (SLUGS.includes(slug) ? { slug } : null),
            municipalities: () => SLUGS.map((slug) => ({ slug })),
            echo: (_: unknown, { text }: { text?: string }) => text ?? null,
            said: (_: unknown, { words }: { words?: { text?: string } }) => words?.text ?? null,
          },
          Municipality: {
            name: ({ slug }: { slug: string }) => `Größe ${slug} – مرحبا 😀`,
            broken: () => {
              throw new Error('secret');
            },
            forbidden: () => null,
          },
        },
      },
      housing: {
        sdl: `
          type Municipality @key(fields: "slug") { slug: ID!  offers: [String!] @feature(flag: "housing") }
          type Mutation { place(municipality: ID!): String @feature(flag: "housing") }
        `,
        resolvers: {
          Municipality: {
            __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
            offers: () => ['one', 'two'],
          },
          Mutation: { place: () => 'placed' },
        },
      },
    },
  });
}

function ask(body: object, accept: string) {
  return answerTo(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, 'x-request-id': 'doors' },
    body: JSON.stringify(body),
  });
}

function askByGet(parts: object, accept: string) {
  const parameters = new URLSearchParams(
    Object.entries(parts).map(([name, part]): [string, string] => [name, JSON.stringify(part)]),
  );
  return answerTo(`${gateway.url}?${parameters}`, {
    headers: { 'apollo-require-preflight': '1', accept, 'x-request-id': 'doors' },
  });
}

/** Every part as the text that it is. */
function askByPlainGet(parts: object, accept: string) {
  const parameters = new URLSearchParams(Object.entries(parts));
  return answerTo(`${gateway.url}?${parameters}`, { headers: { 'apollo-require-preflight': '1', accept } });
}

async function answerTo(url: string, init: RequestInit) {
  const response = await fetch(url, init);
  const headers = Object.fromEntries(
    ['content-type', 'cache-control', 'x-request-id', 'x-content-type-options', 'content-length'].map((name) => [
      name,
      response.headers.get(name),
    ]),
  );
  return { status: response.status, headers, text: await response.text() };
}

describe.each(MODES)('a gateway %s:', (_mode, options) => {
  beforeAll(async () => {
    gateway = await start(options);
  });
  afterAll(() => gateway.close());

  describe.each(['application/json', 'application/graphql-response+json', '*/*'])(
    'the long and the short way, for a client that accepts %s,',
    (accept) => {
      it.each<[string, object]>([
        ['data of two subgraphs', { query: '{ municipality(slug: "augsburg") { name offers } }' }],
        ['a list with a disabled module', { query: '{ municipalities { slug offers } }' }],
        ['variables', { query: 'query ($s: ID!) { municipality(slug: $s) { slug } }', variables: { s: 'bremen' } }],
        ['a default value', { query: 'query ($s: ID! = "bremen") { municipality(slug: $s) { offers } }' }],
        ['a missing variable', { query: 'query ($s: ID!) { municipality(slug: $s) { slug } }', variables: {} }],
        ['a variable of a wrong type', { query: 'query ($n: Int) { echo(n: $n) }', variables: { n: 'twelve' } }],
        ['variables that are null', { query: '{ echo(text: "x") }', variables: null, operationName: null }],
        ['an error of a subgraph', { query: '{ municipality(slug: "augsburg") { name broken } }' }],
        ['a null that is forbidden', { query: '{ municipality(slug: "augsburg") { name forbidden } }' }],
        ['nothing found', { query: '{ municipality(slug: "nowhere") { name } }' }],
        ['a mutation that is off', { query: 'mutation { place(municipality: "bremen") }' }],
        ['a mutation that is on', { query: 'mutation { place(municipality: "augsburg") }' }],
        [
          'aliases such as __proto__ (G-24)',
          {
            query:
              '{ __proto__: echo(text: "a") constructor: echo(text: "b") toString: echo(text: "c") prototype: echo(text: "d") hasOwnProperty: echo(text: "e") }',
          },
        ],
        [
          'variables such as __proto__ (G-25, G-26)',
          {
            query: 'query ($constructor: String) { echo(text: $constructor) }',
            variables: JSON.parse('{"__proto__":{"isAdmin":true},"constructor":"x"}'),
          },
        ],
        [
          'a variable that is called __proto__ (G-25)',
          {
            query:
              'query ($__proto__: String, $constructor: String) { a: echo(text: $__proto__) b: echo(text: $constructor) }',
            variables: JSON.parse('{"__proto__":"x","constructor":"y"}'),
          },
        ],
        [
          '__proto__ in what a variable holds, where the schema knows no such field (G-26)',
          { query: 'query ($w: Words) { said(words: $w) }', variables: JSON.parse('{"w":{"__proto__":{"text":"x"}}}') },
        ],
        [
          '__proto__ beside the fields of a variable (G-26)',
          {
            query: 'query ($w: Words) { said(words: $w) }',
            variables: JSON.parse('{"w":{"text":"x","constructor":{"prototype":{"isAdmin":true}}}}'),
          },
        ],
        [
          'extensions such as __proto__ (G-26)',
          { query: '{ echo(text: "x") }', extensions: JSON.parse('{"__proto__":{"isAdmin":true}}') },
        ],
        [
          'one of two operations',
          { query: 'query A { echo(text: "a") } query B { echo(text: "b") }', operationName: 'B' },
        ],
        ['introspection', { query: '{ __type(name: "Municipality") { name fields { name } } __typename }' }],
        [
          'characters of all kinds',
          { query: 'query ($t: String) { echo(text: $t) }', variables: { t: '\u2028 "quoted" \\ ü ض 😀 \u0000' } },
        ],
      ])('answer %s with equal bytes', async (_what, body) => {
        const first = await ask(body, accept);
        const short = await ask(body, accept);
        const long = await ask({ extensions: {}, ...body, other: 1 }, accept);

        expect(short).toEqual(first);
        expect(long).toEqual(first);
        expect(first.text).not.toContain('secret');
        expect(Object.keys(Object.prototype)).toEqual([]);
      });

      it('answer a persisted operation with equal bytes, by POST and by GET', async () => {
        const query = 'query ($s: ID!) { municipality(slug: $s) { name offers } }';
        const sha256Hash = createHash('sha256').update(query).digest('hex');
        const named = { variables: { s: 'augsburg' }, extensions: { persistedQuery: { version: 1, sha256Hash } } };

        const registered = await ask({ query, ...named }, accept);
        const short = await ask(named, accept);
        const long = await ask({ ...named, extensions: { ...named.extensions, other: {} } }, accept);
        const got = await askByGet(named, accept);

        expect(registered.text).toContain('Größe augsburg');
        expect(short).toEqual(registered);
        expect(long).toEqual(registered);
        expect(got).toEqual(registered);
      });

      it('refuse a mutation by GET', async () => {
        const query = 'mutation { place(municipality: "augsburg") }';
        const sha256Hash = createHash('sha256').update(query).digest('hex');
        const named = { extensions: { persistedQuery: { version: 1, sha256Hash } } };
        await ask({ query, ...named }, accept);

        expect(await askByGet(named, accept)).toMatchObject({ status: 405 });
      });

      it.each<[string, object]>([
        ['a syntax error', { query: '{ municipality(' }],
        ['an unknown field', { query: '{ nothing }' }],
      ])('refuse %s alike', async (_what, body) => {
        const first = await ask(body, accept);
        expect(await ask(body, accept)).toEqual(first);
        expect(first.text).toContain('"errors":');
        expect(first.text).not.toContain('"data":');
      });

      it.each<[string, object]>([
        ['__proto__', { query: 'query A { echo }', operationName: '__proto__' }],
        ['constructor', { query: 'query A { echo }', operationName: 'constructor' }],
        ['one of a document that has others', { query: 'query A { echo } query B { echo }', operationName: 'C' }],
        ['none, where there are two', { query: 'query A { echo } query B { echo }' }],
      ])('refuse the name of an operation that is %s (G-27)', async (_what, body) => {
        for (const answer of [await ask(body, accept), await ask(body, accept), await askByPlainGet(body, accept)]) {
          const { status, text } = answer;
          const { data, errors } = JSON.parse(text) as { data?: unknown; errors: { extensions: { code: string } }[] };
          expect([status, data, errors.map(({ extensions }) => extensions.code)]).toEqual([
            400,
            undefined,
            ['OPERATION_RESOLUTION_FAILURE'],
          ]);
        }
      });
    },
  );
});
