import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { findFreePort, startRedis, type TestRedis, until } from '../support/redis.ts';
import { ask, type Connection, HOUSE_QUERY, type House } from './support/ask.ts';
import { type BuiltProgram, buildProgram, ROOT } from './support/buildProgram.ts';
import { createOwnDatabase, type OwnDatabase } from './support/createOwnDatabase.ts';
import { createPrograms, type Program, type Programs, START_LIMIT_MS } from './support/createPrograms.ts';
import { confirmOffer, createOffer, readMails } from './support/placeOffer.ts';
import { type CountingProxy, startCountingProxy } from './support/startCountingProxy.ts';

const NAME = 'every role as a process of its own, over PostgreSQL and Redis';
const { TEST_DATABASE_URL, TEST_REDIS_URL, CI } = process.env;

/** Content and apprenticeships of a municipality, from two subgraphs that allow their answers to be kept. */
function cachedQuery(slug: string): string {
  return `{ municipality(slug: "${slug}") {
    name
    pages(language: "de", first: 2) { nodes { title } }
    apprenticeships(first: 2) { totalCount nodes { title } }
  } }`;
}
interface Cached {
  readonly municipality: {
    readonly name: string;
    readonly pages: Connection<{ title: string }>;
    readonly apprenticeships: Connection<{ title: string }>;
  };
}

if (TEST_DATABASE_URL && TEST_REDIS_URL) {
  describe(NAME, () => suite(TEST_DATABASE_URL));
} else if (CI) {
  it(NAME, () => {
    throw new Error('CI runs this suite: set TEST_DATABASE_URL and TEST_REDIS_URL.');
  });
} else {
  it.skip(`${NAME}: set TEST_DATABASE_URL and TEST_REDIS_URL to run it`, () => {});
}

function suite(serverUrl: string): void {
  let directory: string;
  let built: BuiltProgram;
  let programs: Programs;
  let database: OwnDatabase;
  let redis: TestRedis;
  let content: CountingProxy;
  let apprenticeships: CountingProxy;
  let housing: { readonly program: Program; readonly port: number };
  let first: string;
  let second: string;
  let allInOne: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'civigraph-distributed-'));
    [built, database, redis] = await Promise.all([buildProgram(), createOwnDatabase(serverUrl), startRedis()]);
    programs = createPrograms(built.main, { cwd: directory });

    const demo = await start('demo-upstreams').logged('demo upstreams listen');
    const upstreams = {
      CMS_URL: String(demo.cms),
      SPRUNGBRETT_URL: String(demo.sprungbrett),
      JOBSUCHE_URL: String(demo.jobsuche),
      JOBSUCHE_API_KEY: 'demo',
    };
    // All at once: five processes find an empty database and make its tables.
    const housingPort = await findFreePort();
    const stores = { DATABASE_URL: database.url };
    const parts = {
      content: start('content', stores),
      apprenticeships: start('apprenticeships', stores),
      housing: startHousing(housingPort),
      ingest: start('ingest', { ...stores, ...upstreams }),
      all: start('all', { ...upstreams, DATA_DIR: join(directory, 'all') }),
    };
    housing = { program: parts.housing, port: housingPort };
    const urlOf = async (program: Program) => String((await program.logged('subgraph listens')).url);
    content = await startCountingProxy(await urlOf(parts.content));
    apprenticeships = await startCountingProxy(await urlOf(parts.apprenticeships));
    const { health } = await parts.ingest.logged('ingest runs');
    await until(async () => (await fetch(String(health))).ok, START_LIMIT_MS);

    [first, second] = await Promise.all([startGateway(), startGateway()]);
    allInOne = String((await parts.all.logged('gateway listens')).url);
    await placeOffers(first, join(directory, 'housing'));
    await placeOffers(allInOne, join(directory, 'all'));
  }, 2 * START_LIMIT_MS);

  afterAll(async () => {
    await programs?.killAll();
    await Promise.allSettled([content?.close(), apprenticeships?.close(), redis?.stop(), database?.drop()]);
    await built?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  function start(role: string, environment: Readonly<Record<string, string>> = {}): Program {
    return programs.start(role, {
      PORT: '0',
      MUNICIPALITIES_DIR: join(ROOT, 'municipalities'),
      DATA_DIR: join(directory, role),
      ...environment,
    });
  }

  function startHousing(port: number): Program {
    return start('housing', { DATABASE_URL: database.url, PORT: String(port) });
  }

  async function startGateway(): Promise<string> {
    const urls = {
      content: content.url,
      apprenticeships: apprenticeships.url,
      housing: `http://127.0.0.1:${housing.port}/graphql`,
    };
    const gateway = start('gateway', {
      REDIS_URL: redis.url,
      SUBGRAPH_URLS: Object.entries(urls)
        .map(([name, url]) => `${name}=${url}`)
        .join(','),
    });
    return String((await gateway.logged('gateway listens')).url);
  }

  /** Three offers, as citizens make them. */
  async function placeOffers(url: string, dataDirectory: string): Promise<void> {
    const used = new Set<string>();
    for (const title of ['Ein Zimmer im Hof', 'Zwei Zimmer am Markt', 'Drei Zimmer mit Garten']) {
      const { errors, data } = await createOffer(url, 'augsburg', { title });
      expect(errors).toBeUndefined();
      expect(data?.payload.userErrors).toEqual([]);
      for (const { token } of await readMails(dataDirectory)) {
        if (!used.has(token)) {
          used.add(token);
          expect((await confirmOffer(url, 'augsburg', token)).data.payload.offer?.status).toBe('PUBLISHED');
        }
      }
    }
    expect(used.size).toBe(3);
  }

  it('gives the same answers as one process with embedded stores', async () => {
    const operations = [
      HOUSE_QUERY,
      `{ municipalities(first: 50) { totalCount nodes {
        slug name prefix postcode languages { tag direction } modules { name enabled }
        events(language: "en", first: 2) { totalCount nodes { title isFallback startsAt recurrence { rule } } }
        locations(language: "uk", first: 2) { totalCount nodes { title isFallback openingHours { weekday slots { start end } } } }
        apprenticeships(first: 3) { totalCount nodes { title employer startsOn places { town } } }
        housingOffers(first: 3) { totalCount nodes { title areaSquareMetres } }
      } } }`,
      `{ municipality(slug: "kiel") { pages(language: "ar", first: 5) { nodes { path title text translations { language } ancestors { path } children { nodes { path parent { path } } } } } } }`,
      `{ municipality(slug: "no-such-place") { name housingOffers { totalCount } } }`,
    ];
    for (const operation of operations) {
      const embedded = await ask<Record<string, unknown>>(allInOne, operation);
      expect(embedded.errors).toBeUndefined();
      for (const gateway of [first, second, first]) {
        expect(await ask(gateway, operation)).toEqual(embedded);
      }
    }
  });

  it('answers from one gateway what another one has fetched', async () => {
    await redis.client.flushall();
    const before = { content: content.count(), apprenticeships: apprenticeships.count() };
    const answer = await ask<Cached>(first, cachedQuery('hamburg'));
    expect(answer.errors).toBeUndefined();
    expect(answer.data.municipality.pages.nodes).toHaveLength(2);
    expect(answer.data.municipality.apprenticeships.totalCount).toBeGreaterThan(0);
    const fetched = { content: content.count(), apprenticeships: apprenticeships.count() };
    expect(fetched.content).toBeGreaterThan(before.content);
    expect(fetched.apprenticeships).toBeGreaterThan(before.apprenticeships);

    await until(async () => (await redis.client.dbsize()) >= 2); // values are written behind the answer
    expect(await ask(second, cachedQuery('hamburg'))).toEqual(answer);

    expect({ content: content.count(), apprenticeships: apprenticeships.count() }).toEqual(fetched);
  });

  it('answers every request while Redis is killed and comes back, and then finds values there again', async () => {
    const slugs = ['augsburg', 'kiel', 'hamburg', 'jena', 'ulm', 'trier', 'hof', 'mainz'];
    const failures: unknown[] = [];
    const waiting: Promise<void>[] = [];
    let sent = 0;
    const send = () => {
      const gateway = sent % 2 === 0 ? first : second;
      const slug = slugs[sent % slugs.length] ?? '';
      sent += 1;
      waiting.push(
        ask<Cached>(gateway, cachedQuery(slug)).then(
          ({ status, data, errors }) => {
            if (status !== 200 || errors !== undefined || data.municipality.pages.nodes.length !== 2) {
              failures.push({ slug, status, errors });
            }
          },
          (error: unknown) => {
            failures.push({ slug, error: String(error) });
          },
        ),
      );
    };
    const startedAt = performance.now();
    const timer = setInterval(() => {
      // 50 a second by the clock: a machine that is busy elsewhere makes up for ticks that it missed.
      while (sent < (performance.now() - startedAt) / 20) {
        send();
      }
    }, 20);
    try {
      await delay(3_000);
      await redis.kill('SIGKILL');
      await delay(9_000);
      await redis.restart();
      await delay(8_000);
    } finally {
      clearInterval(timer);
    }
    await Promise.all(waiting);

    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThan(950); // 20 seconds
    // Whatever one gateway fetches now, the other one has.
    await until(async () => {
      const [slug = ''] = slugs.splice(0, 1);
      slugs.push(slug);
      await ask(first, cachedQuery(slug));
      await delay(50);
      const fetched = content.count() + apprenticeships.count();
      await ask(second, cachedQuery(slug));
      return content.count() + apprenticeships.count() === fetched && (await redis.client.dbsize()) > 0;
    }, 90_000);
  });

  it(
    'answers the other fields while the housing subgraph is dead, and housing again when it is back',
    async () => {
      const whole = await ask<House>(first, HOUSE_QUERY);
      expect(whole.data.municipality.housingOffers?.nodes).toHaveLength(3);
      expect(await housing.program.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

      for (const gateway of [first, second]) {
        const { status, data, errors } = await ask<House>(gateway, HOUSE_QUERY);
        expect({ status, data }).toEqual({
          status: 200,
          data: { municipality: { ...whole.data.municipality, housingOffers: null } },
        });
        expect(errors?.map(({ path, extensions: { code, retryable } }) => ({ path, code, retryable }))).toEqual([
          { path: ['municipality', 'housingOffers'], code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
        ]);
      }

      housing = { program: startHousing(housing.port), port: housing.port };
      await housing.program.logged('subgraph listens');
      await until(async () => (await ask(first, HOUSE_QUERY)).errors === undefined, 90_000);
      expect((await ask<House>(first, HOUSE_QUERY)).data).toEqual(whole.data);
    },
    START_LIMIT_MS,
  );

  it('ends every role with exit code 0 when it is told to stop', async () => {
    const exits = await programs.stopAll();

    expect(exits.map(({ role }) => role).sort()).toEqual([
      'all',
      'apprenticeships',
      'content',
      'demo-upstreams',
      'gateway',
      'gateway',
      'housing',
      'ingest',
    ]);
    expect(exits.filter(({ code }) => code !== 0)).toEqual([]);
  });
}
