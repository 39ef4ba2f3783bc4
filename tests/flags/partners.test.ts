import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';

import { createGateway, type EngineName, type Gateway } from '../../gateway/createGateway.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { registerOf, snapshotOf } from '../support/municipalitiesOf.ts';
import { FEDERATION, forgetfulStore } from '../support/testGateway.ts';

const SLUGS = Array.from({ length: 45 }, (_, i) => `town-${String(i).padStart(2, '0')}`);
/** Four flags in four rhythms, so that every combination is somewhere among the 45. */
const isOn = {
  courses: (i: number) => i % 2 === 0,
  fees: (i: number) => i % 3 !== 0,
  tandem: (i: number) => i % 5 !== 0,
  contact: (i: number) => i % 7 !== 0,
};

const CONTENT = `${FEDERATION}
  type Query { municipalities: [Municipality!]!  municipality(slug: ID!): Municipality }
  type Municipality @key(fields: "slug") { slug: ID! }
`;
const COURSES = `${FEDERATION}
  type Municipality @key(fields: "slug") {
    slug: ID!
    languageCourses: [Course!] @feature(flag: "language-courses")
    courseFees: Int @feature(flag: "language-courses.fees")
  }
  type Course { title: String! }
`;
const TANDEM = `${FEDERATION}
  type Municipality @key(fields: "slug") {
    slug: ID!
    tandemPartners: [String!] @feature(flag: "tandem")
    tandemContact: String @feature(flag: "tandem.contact")
  }
`;

interface Received {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
const received: Record<'courses' | 'tandem', Received[]> = { courses: [], tandem: [] };
const slugsAsked = (name: keyof typeof received) =>
  received[name].map(({ variables }) =>
    (variables.representations as readonly { readonly slug: string }[]).map(({ slug }) => slug),
  );

const closing: (() => Promise<unknown>)[] = [];
let supergraphSdl: string;

/** A partner's subgraph on plain @apollo/server and @apollo/subgraph, as their documentation shows. */
async function startCourses(): Promise<string> {
  const server = new ApolloServer({
    schema: buildSubgraphSchema({
      typeDefs: parse(COURSES),
      resolvers: {
        Municipality: {
          __resolveReference: ({ slug }: { slug: string }) => ({ slug }),
          languageCourses: ({ slug }: { slug: string }) => [{ title: `German in ${slug}` }],
          courseFees: () => 120,
        },
      } as never,
    }),
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      {
        async requestDidStart({ request }) {
          if (request.query?.includes('_entities') === true) {
            received.courses.push({ query: request.query, variables: request.variables ?? {} });
          }
        },
      },
    ],
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  closing.push(() => server.stop());
  return url;
}

/** A partner's subgraph without any library: it looks at nothing but the representations, and sends all that it has. */
async function startTandem(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { query, variables = {} } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Received;
      response.setHeader('content-type', 'application/json');
      if (query.includes('_service')) {
        response.end(JSON.stringify({ data: { _service: { sdl: TANDEM } } }));
        return;
      }
      received.tandem.push({ query, variables });
      const entities = (variables.representations as readonly { readonly slug: string }[]).map(({ slug }) => ({
        __typename: 'Municipality',
        slug,
        tandemPartners: [`A neighbour in ${slug}`],
        tandemContact: `tandem@${slug}.example.org`,
      }));
      response.end(JSON.stringify({ data: { _entities: entities } }));
    });
  });
  return listen(server);
}

async function startContent(): Promise<string> {
  const schema = buildSubgraphSchema({
    typeDefs: parse(CONTENT),
    resolvers: {
      Query: {
        municipalities: () => SLUGS.map((slug) => ({ slug })),
        municipality: (_: unknown, { slug }: { slug: string }) => ({ slug }),
      },
    },
  });
  const server = new ApolloServer({ schema, plugins: [ApolloServerPluginInlineTraceDisabled()] });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  closing.push(() => server.stop());
  return url;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function sdlOf(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  return ((await response.json()) as { data: { _service: { sdl: string } } }).data._service.sdl;
}

beforeAll(async () => {
  const urls = { content: await startContent(), courses: await startCourses(), tandem: await startTandem() };
  const composed = composeSupergraph(
    await Promise.all(Object.entries(urls).map(async ([name, url]) => ({ name, url, sdl: await sdlOf(url) }))),
  );
  if (composed.kind === 'failed') {
    throw new Error(composed.problems.map(({ message }) => message).join('\n'));
  }
  supergraphSdl = composed.supergraphSdl;
});

afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

describe.each<[EngineName]>([['compiled'], ['apollo']])('partners without our kit, engine %s', (engine) => {
  let gateway: Gateway;
  let port: number;

  beforeAll(async () => {
    const municipalities = Object.fromEntries(
      SLUGS.map((slug, i) => [
        slug,
        {
          'language-courses': { enabled: isOn.courses(i), flags: { fees: isOn.fees(i) } },
          tandem: { enabled: isOn.tandem(i), flags: { contact: isOn.contact(i) } },
        },
      ]),
    );
    const snapshot = snapshotOf(municipalities, supergraphSdl);
    gateway = await createGateway({
      supergraphSdl,
      engine,
      municipalities: registerOf(() => snapshot),
      store: forgetfulStore,
      keepsAnswers: false,
      clock: systemClock,
      logger: silentLogger,
    });
    port = await gateway.listen(0);
  });
  afterAll(() => gateway.close());

  it('asks each for what is on, one request for each set of decisions, inside one list of 45 municipalities', async () => {
    received.courses.length = 0;
    received.tandem.length = 0;

    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ municipalities { slug languageCourses { title } courseFees tandemPartners tandemContact } }',
      }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };

    expect(errors).toBeUndefined();
    expect(data).toEqual({
      municipalities: SLUGS.map((slug, i) => ({
        slug,
        languageCourses: isOn.courses(i) ? [{ title: `German in ${slug}` }] : null,
        courseFees: isOn.courses(i) && isOn.fees(i) ? 120 : null,
        tandemPartners: isOn.tandem(i) ? [`A neighbour in ${slug}`] : null,
        tandemContact: isOn.tandem(i) && isOn.contact(i) ? `tandem@${slug}.example.org` : null,
      })),
    });
    // With and without the part; municipalities without the module are in no request.
    expect(received.courses).toHaveLength(2);
    expect(received.tandem).toHaveLength(2);
    expect(slugsAsked('courses').flat().sort()).toEqual(SLUGS.filter((_, i) => isOn.courses(i)));
    expect(slugsAsked('tandem').flat().sort()).toEqual(SLUGS.filter((_, i) => isOn.tandem(i)));
    // One text for all of them: the decisions are variables.
    expect(new Set(received.courses.map(({ query }) => query)).size).toBe(1);
  });

  it('asks for one flag alone only where it is on', async () => {
    received.tandem.length = 0;

    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ municipalities { tandemContact } }' }),
    });
    const { extensions } = (await response.json()) as {
      extensions: {
        features: { disabled: { flag: string; municipality: string; pathCount: number; paths: unknown }[] };
      };
    };

    const off = SLUGS.filter((_, i) => !(isOn.tandem(i) && isOn.contact(i)));
    expect(slugsAsked('tandem')).toEqual([SLUGS.filter((slug) => !off.includes(slug))]);
    expect(extensions.features.disabled).toEqual(
      off.map((slug) => ({
        flag: 'tandem.contact',
        municipality: slug,
        reason: 'STATIC',
        pathCount: 1,
        paths: [['municipalities', SLUGS.indexOf(slug), 'tandemContact']],
      })),
    );
  });
});
