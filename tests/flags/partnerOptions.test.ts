import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createGateway, type EngineName } from '../../gateway/createGateway.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { readModules } from '../../schema/modules.ts';
import { createFolder, type Folder, until } from '../municipalities/support/createFolder.ts';
import { forgetfulStore } from '../support/testGateway.ts';

const HEAD = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature", "@moduleOption"])
    @composeDirective(name: "@feature")
    @composeDirective(name: "@moduleOption")
  directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT
  directive @moduleOption(
    module: String!, name: String!, type: String!, min: Int, max: Int, values: [String!], description: String
  ) repeatable on SCHEMA
`;
const TOWNS = `${HEAD}
  type Query { municipality(slug: ID!): Municipality }
  type Municipality @key(fields: "slug") { slug: ID! }
`;
const COURSES = `${HEAD}
  extend schema
    @moduleOption(module: "language-courses", name: "maxCourses", type: "Int", min: 1, max: 50)
    @moduleOption(module: "language-courses", name: "levels", type: "[String]", values: ["A1", "A2", "B1"])
  type Municipality @key(fields: "slug") { slug: ID! languageCourses: [String!] @feature(flag: "language-courses") }
`;
const TANDEM = `${HEAD}
  type Municipality @key(fields: "slug") { slug: ID! tandem: String @feature(flag: "tandem") }
`;
const COURSES_TOKEN = 'token-of-the-courses';
const TANDEM_TOKEN = 'token-of-the-tandems';

interface Options {
  readonly maxCourses?: number;
  readonly levels?: readonly string[];
}
type Told = Readonly<Record<string, { readonly enabled: boolean; readonly options: Options }>>;

let closing: (() => Promise<unknown>)[] = [];
let folder: Folder;
beforeEach(async () => {
  folder = await createFolder({
    'augsburg.yaml': 'name: A\nmodules: { language-courses: { enabled: true, maxCourses: 1, levels: [A1, B1] } }\n',
    'bremen.yaml': 'name: B\nmodules: { language-courses: true, tandem: true }\n',
    'celle.yaml': 'name: C\nmodules: { language-courses: { enabled: false, maxCourses: 5, whenOff: errors } }\n',
    'dorsten.yaml': 'name: D\nmodules: { housing: { enabled: true, maxDurationDays: 5, moderation: d@example.org } }\n',
  });
});
afterEach(async () => {
  for (const close of closing.reverse()) {
    await close();
  }
  closing = [];
  await folder.close();
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A partner's subgraph on node:http alone: it answers by hand, and asks the gateway for its options as docs/flags.md says. */
function createPartner(sdl: string, toEntity: (slug: string, options: Options | undefined) => object) {
  let told: Told = {};
  let etag = '';
  const statuses: number[] = [];
  return {
    statuses,
    told: () => told,
    async follow(url: string, token: string): Promise<void> {
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, 'if-none-match': etag } });
      statuses.push(response.status);
      if (response.status === 200) {
        told = ((await response.json()) as { municipalities: Told }).municipalities;
        etag = response.headers.get('etag') ?? '';
      }
    },
    async answer(request: Parameters<RequestListener>[0], response: Parameters<RequestListener>[1]): Promise<void> {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        query: string;
        variables?: { representations?: readonly { slug: string }[]; slug?: string };
      };
      const data = query.includes('_service')
        ? { _service: { sdl } }
        : query.includes('_entities')
          ? { _entities: variables?.representations?.map(({ slug }) => toEntity(slug, told[slug]?.options)) }
          : {
              municipality: { __typename: 'Municipality', slug: /slug: *"(\w+)"/.exec(query)?.[1] ?? variables?.slug },
            };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data }));
    },
  };
}

async function start(engine: EngineName, moduleTokens: ReadonlyMap<string, string>) {
  const towns = createPartner(TOWNS, (slug) => ({ __typename: 'Municipality', slug }));
  const courses = createPartner(COURSES, (slug, { maxCourses = 3, levels = ['A1'] } = {}) => ({
    __typename: 'Municipality',
    slug,
    languageCourses: Array.from({ length: maxCourses }, (_, i) => `${levels[i % levels.length]} in ${slug}`),
  }));
  const tandem = createPartner(TANDEM, (slug) => ({ __typename: 'Municipality', slug, tandem: slug }));
  const subgraphs = await Promise.all(
    Object.entries({ towns, courses, tandem }).map(async ([name, partner]) => {
      const url = await listen(partner.answer);
      const reply = await fetch(url, { method: 'POST', body: JSON.stringify({ query: '{ _service { sdl } }' }) });
      const { data } = (await reply.json()) as { data: { _service: { sdl: string } } };
      return { name, url, sdl: data._service.sdl };
    }),
  );
  const composed = composeSupergraph(subgraphs);
  if (composed.kind === 'failed') {
    throw new Error(JSON.stringify(composed.problems));
  }
  const { supergraphSdl } = composed;
  const municipalities = await folder.open({ modules: readModules(supergraphSdl) });
  const gateway = await createGateway({
    supergraphSdl,
    engine,
    municipalities,
    moduleTokens,
    store: forgetfulStore,
    keepsAnswers: false,
    clock: systemClock,
    logger: silentLogger,
  });
  closing.push(() => gateway.close());
  const origin = `http://127.0.0.1:${await gateway.listen(0)}`;
  return {
    courses,
    municipalities,
    optionsUrl: (module: string) => `${origin}/modules/${module}`,
    coursesIn: async (slug: string) => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ municipality(slug: "${slug}") { languageCourses } }` }),
      });
      return (await response.json()) as { data: { municipality: { languageCourses: readonly string[] | null } } };
    },
  };
}

describe.each<[EngineName]>([['compiled'], ['apollo']])('options of a partner’s module, engine %s', (engine) => {
  it('reach the partner’s subgraph, which answers by them', async () => {
    const { courses, optionsUrl, coursesIn } = await start(engine, new Map([['language-courses', COURSES_TOKEN]]));

    await courses.follow(optionsUrl('language-courses'), COURSES_TOKEN);

    expect(courses.told()).toEqual({
      augsburg: { enabled: true, options: { maxCourses: 1, levels: ['A1', 'B1'] } },
      bremen: { enabled: true, options: {} },
      // Off, and told nevertheless: a date may switch it on. What is the gateway's (whenOff) is not told.
      celle: { enabled: false, options: { maxCourses: 5 } },
    });
    const [augsburg, bremen] = [await coursesIn('augsburg'), await coursesIn('bremen')];
    expect(augsburg.data.municipality.languageCourses).toEqual(['A1 in augsburg']);
    expect(bremen.data.municipality.languageCourses).toHaveLength(3);
  });
});

describe('GET /modules/<module>', () => {
  it('tells of a change within two seconds, and answers 304 to whoever knows all', async () => {
    const { courses, optionsUrl, coursesIn, municipalities } = await start(
      'compiled',
      new Map([['language-courses', COURSES_TOKEN]]),
    );
    const follow = () => courses.follow(optionsUrl('language-courses'), COURSES_TOKEN);
    await follow();

    const before = municipalities.current().id;
    await folder.replace('bremen.yaml', 'name: B\nmodules: { language-courses: true, tandem: false }\n');
    await until(() => municipalities.current().id !== before);
    await follow(); // something else has changed
    expect(courses.statuses).toEqual([200, 304]);

    const between = municipalities.current().id;
    await folder.replace('augsburg.yaml', 'name: A\nmodules: { language-courses: { enabled: true, maxCourses: 2 } }\n');
    await until(() => municipalities.current().id !== between, 2_000);
    await follow();
    expect(courses.statuses).toEqual([200, 304, 200]);
    expect((await coursesIn('augsburg')).data.municipality.languageCourses).toEqual([
      'A1 in augsburg',
      'A1 in augsburg',
    ]);
  });

  it('G-45: shows nothing without the module’s own token, and does not tell which modules there are', async () => {
    const { optionsUrl } = await start(
      'compiled',
      new Map([
        ['language-courses', COURSES_TOKEN],
        ['tandem', TANDEM_TOKEN],
      ]),
    );
    const ask = async (module: string, authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch(optionsUrl(module), { headers });
      const { errors } = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
      return [
        response.status,
        errors?.[0]?.extensions.code,
        errors?.[0]?.message,
        response.headers.get('www-authenticate'),
      ];
    };
    const refusal = [401, 'MODULE_TOKEN_REQUIRED', expect.stringContaining('token of the module'), 'Bearer'];

    for (const [module, authorization] of [
      ['language-courses'],
      ['language-courses', 'Bearer '],
      ['language-courses', `Bearer ${COURSES_TOKEN}x`],
      ['language-courses', `Bearer ${TANDEM_TOKEN}`],
      ['language-courses', `Basic ${COURSES_TOKEN}`],
      ['language-courses', COURSES_TOKEN],
      ['housing', `Bearer ${COURSES_TOKEN}`], // ours, without a token
      ['__proto__', `Bearer ${COURSES_TOKEN}`],
      ['nothing', `Bearer ${COURSES_TOKEN}`],
    ] as const) {
      expect([module, authorization, ...(await ask(module, authorization))]).toEqual([
        module,
        authorization,
        ...refusal,
      ]);
    }
    expect(await ask('tandem', `bearer ${TANDEM_TOKEN}`)).toEqual([200, undefined, undefined, null]);
  });

  it('shows nothing where no token is configured', async () => {
    const { courses, optionsUrl } = await start('compiled', new Map());

    await courses.follow(optionsUrl('language-courses'), '');
    await courses.follow(optionsUrl('language-courses'), 'undefined');

    expect(courses.statuses).toEqual([401, 401]);
  });

  it('keeps what it tells out of shared caches', async () => {
    const { optionsUrl } = await start('compiled', new Map([['language-courses', COURSES_TOKEN]]));

    const { headers } = await fetch(optionsUrl('language-courses'), {
      headers: { authorization: `Bearer ${COURSES_TOKEN}` },
    });

    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
