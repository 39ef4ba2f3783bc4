import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { until } from '../support/redis.ts';
import { type Answer, ask, type Connection, HOUSE_QUERY, type House } from './support/ask.ts';
import { type BuiltProgram, buildProgram, ROOT } from './support/buildProgram.ts';
import { createPrograms, type Program, type Programs, START_LIMIT_MS } from './support/createPrograms.ts';
import { startHalfRequest } from './support/halfRequest.ts';
import { confirmOffer, createOffer, type ReceivedMail, readMails, withdrawOffer } from './support/placeOffer.ts';

/** Promised to municipalities: a saved file is live within this time. */
const LIVE_WITHIN_MS = 2_000;

const OFFER_TITLES = `{ municipality(slug: "augsburg") { housingOffers(first: 100) { nodes { title } } } }`;
interface OfferTitles {
  readonly municipality: { readonly housingOffers: Connection<{ title: string }> | null };
}

let directory: string;
let dataDirectory: string;
let municipalities: string;
let built: BuiltProgram;
let programs: Programs;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-all-'));
  dataDirectory = join(directory, 'data');
  municipalities = join(directory, 'municipalities');
  await cp(join(ROOT, 'municipalities'), municipalities, { recursive: true });
  built = await buildProgram();
  programs = createPrograms(built.main, { cwd: directory });
}, START_LIMIT_MS);

afterAll(async () => {
  await programs?.killAll();
  await built?.remove();
  await rm(directory, { recursive: true, force: true });
});

function startAll(environment: Readonly<Record<string, string>> = {}): Program {
  return programs.start('all', {
    PORT: '0',
    DATA_DIR: dataDirectory,
    MUNICIPALITIES_DIR: municipalities,
    ...environment,
  });
}

/** The GraphQL address, once there is something to answer with. */
async function urlOf(program: Program): Promise<string> {
  return String((await program.logged('gateway listens')).url);
}

interface Health {
  readonly status: string;
  readonly municipalities: { readonly snapshot: string; readonly problems: readonly string[] };
}

async function readHealth(url: string): Promise<Health> {
  const response = await fetch(new URL('/health/ready', url));
  return (await response.json()) as Health;
}

/** Saves a file, waits until `check` holds, puts the file back, waits until it was read; resolves with the time that the first took. */
async function whileSaved(
  { file, text, url }: { file: string; text: string | undefined; url: string },
  check: () => Promise<void>,
): Promise<void> {
  const path = join(municipalities, file);
  const before = await readFile(path, 'utf8').catch(() => undefined);
  const { snapshot } = (await readHealth(url)).municipalities;
  await (text === undefined ? rm(path) : writeFile(path, text));
  try {
    await check();
  } finally {
    await (before === undefined ? rm(path) : writeFile(path, before));
    await until(async () => {
      const { status, municipalities: state } = await readHealth(url);
      return status === 'ok' && state.snapshot === snapshot;
    }, 90_000);
  }
}

describe('everything in one process, on an empty directory and embedded defaults', () => {
  let program: Program;
  let url: string;
  let firstStartMs: number;

  beforeAll(async () => {
    const startedAt = performance.now();
    program = startAll();
    url = await urlOf(program);
    firstStartMs = performance.now() - startedAt;
  }, START_LIMIT_MS);

  it('shows its address and a query to try', async () => {
    await until(() => program.output().includes('Civigraph answers at'), 60_000);
    expect(program.output()).toContain(
      `${url}, the explorer is at ${url.replace('/graphql', '/graphiql')} (demo data)`,
    );
    expect(program.output()).toContain('housingOffers(first: 3) { nodes { title totalRentCents } }');
  });

  it('answers one operation with data of all three subgraphs', async () => {
    const { status, data, errors, extensions } = await ask<House>(url, HOUSE_QUERY);

    expect({ status, errors, extensions }).toEqual({ status: 200, errors: undefined, extensions: undefined });
    const { name, languages, modules, pages, events, locations, apprenticeships, housingOffers } = data.municipality;
    expect(name).toBe('Stadt Augsburg');
    expect(languages.length).toBeGreaterThanOrEqual(4);
    expect(modules).toHaveLength(6);
    expect(modules.every(({ enabled }) => enabled)).toBe(true);
    for (const { title, children } of pages.nodes) {
      expect(title).not.toBe('');
      expect(children.nodes.length).toBeGreaterThan(0);
    }
    for (const list of [pages, events, locations, apprenticeships, housingOffers]) {
      expect(list?.nodes).toHaveLength(3);
    }
    for (const { startsAt } of events.nodes) {
      expect(startsAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+Z]/);
    }
    for (const { sources, distanceKm } of apprenticeships.nodes) {
      expect(sources.length).toBeGreaterThan(0);
      expect(distanceKm === null || distanceKm <= 30).toBe(true);
    }
    expect(apprenticeships.totalCount).toBeGreaterThan(3);
    expect(housingOffers?.nodes.every(({ totalRentCents }) => totalRentCents > 10_000)).toBe(true);
  });

  it('gives every municipality of one list exactly the modules of its file', async () => {
    type Listed = { slug: string; modules: { name: string; enabled: boolean }[] } & Record<string, unknown>;
    const { data, errors, extensions } = await ask<{ municipalities: Connection<Listed> }>(
      url,
      `{ municipalities(first: 50) { totalCount nodes {
        slug modules { name enabled }
        events(language: "de", first: 1) { totalCount } locations(language: "de", first: 1) { totalCount }
        news(language: "de", first: 1) { totalCount } offers(language: "de") { alias }
        apprenticeships(first: 1) { totalCount } housing: housingOffers(first: 1) { totalCount }
      } } }`,
    );

    const files = await readModulesOfFiles();
    const visible = [...files].filter(([, { hidden }]) => !hidden).map(([slug]) => slug);
    expect(errors).toBeUndefined();
    expect(data.municipalities.nodes.map(({ slug }) => slug).sort()).toEqual(visible.sort());
    const off: string[] = [];
    for (const { slug, modules, ...fields } of data.municipalities.nodes) {
      const wanted = files.get(slug)?.modules ?? {};
      expect({ slug, modules: Object.fromEntries(modules.map(({ name, enabled }) => [name, enabled])) }).toEqual({
        slug,
        modules: wanted,
      });
      const shown = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value !== null]));
      expect({ slug, shown }).toEqual({ slug, shown: wanted });
      off.push(
        ...Object.keys(wanted)
          .filter((name) => wanted[name] === false)
          .map((name) => `${slug} ${name}`),
      );
    }
    expect(off.length).toBeGreaterThan(10); // else the files would show nothing
    const listed = extensions?.features?.disabled.map(({ municipality, flag }) => `${municipality} ${flag}`) ?? [];
    expect([...listed].sort()).toEqual(off.sort());
  });

  it('takes a module away and gives it back within two seconds of saving the file', async () => {
    const before = await ask<House>(url, HOUSE_QUERY);
    const text = await readFile(join(municipalities, 'augsburg.yaml'), 'utf8');
    const savedAt = performance.now();
    await whileSaved(
      {
        file: 'augsburg.yaml',
        text: text.replace('housing: { enabled: true }', 'housing: { enabled: false }'),
        url,
      },
      async () => {
        let answer: Answer<House> = before;
        await until(async () => {
          answer = await ask<House>(url, HOUSE_QUERY);
          return answer.data.municipality.housingOffers === null;
        }, 90_000);
        expect(performance.now() - savedAt).toBeLessThan(LIVE_WITHIN_MS);
        expect(answer.errors).toBeUndefined();
        expect(answer.data).toEqual({
          municipality: {
            ...before.data.municipality,
            modules: before.data.municipality.modules.map(({ name, enabled }) => ({
              name,
              enabled: enabled && name !== 'housing',
            })),
            housingOffers: null,
          },
        });
        expect(answer.extensions?.features?.disabled).toEqual([
          expect.objectContaining({
            flag: 'housing',
            municipality: 'augsburg',
            paths: [['municipality', 'housingOffers']],
          }),
        ]);
      },
    );

    expect(await ask<House>(url, HOUSE_QUERY)).toEqual(before);
  });

  const SPOILT = [
    [
      'an unknown module',
      'lindau.yaml',
      'name: Lindau\nmodules:\n  houssing: true\n',
      '3:3',
      'did you mean "housing"?',
    ],
    ['a tab', 'lindau.yaml', 'name: Lindau\nmodules:\n\thousing: true\n', '3:1', 'Tabs are not allowed'],
    ['a duplicate slug', 'zz-second.yaml', 'name: Second\nslug: lindau\n', '2:7', '"lindau" is taken by'],
  ] as const;

  it.each(SPOILT)(
    'goes on with what it had while a file holds %s, and says where',
    async (_, file, text, at, words) => {
      const before = await ask<House>(url, HOUSE_QUERY);
      await whileSaved({ file, text, url }, async () => {
        await until(async () => (await readHealth(url)).status === 'degraded', 90_000);
        const { municipalities: state } = await readHealth(url);
        expect(state.problems).toEqual([expect.stringContaining(`${join(municipalities, file)}:${at}`)]);
        expect(state.problems[0]).toContain(words);
        expect(program.output()).toContain(`${file}:${at}`);
        expect(await ask<House>(url, HOUSE_QUERY)).toEqual(before);
      });

      expect((await readHealth(url)).municipalities.problems).toEqual([]);
    },
  );

  it('refuses a mutation of a module that is off, and writes nothing', async () => {
    const mails = await readMails(dataDirectory);

    const { status, data, errors } = await createOffer(url, 'ulm', { title: 'Zwei Zimmer am Münster' });

    expect((await readModulesOfFiles()).get('ulm')?.modules.housing).toBe(false);
    expect({ status, data }).toEqual({ status: 200, data: null });
    expect(errors?.map(({ path, extensions }) => ({ path, code: extensions.code }))).toEqual([
      { path: ['payload'], code: 'FEATURE_DISABLED' },
    ]);
    expect(await readMails(dataDirectory)).toEqual(mails);
  });

  it('lists an offer from the confirmation by e-mail until it is withdrawn', async () => {
    const title = 'Zwei Zimmer mit Blick auf den Kanal';
    const listedTitles = async () =>
      (await ask<OfferTitles>(url, OFFER_TITLES)).data.municipality.housingOffers?.nodes.map((node) => node.title) ??
      [];

    const created = await createOffer(url, 'augsburg', { title });
    expect(created.errors).toBeUndefined();
    expect(created.data?.payload).toMatchObject({ offer: { status: 'AWAITING_CONFIRMATION' }, userErrors: [] });
    expect(await listedTitles()).not.toContain(title);

    const { token } = await newestMail();
    const elsewhere = await confirmOffer(url, 'kiel', token);
    expect(elsewhere.data.payload.userErrors).toMatchObject([{ code: 'TOKEN_UNKNOWN' }]);
    const confirmed = await confirmOffer(url, 'augsburg', token);
    expect(confirmed.data.payload).toMatchObject({ offer: { status: 'PUBLISHED' }, userErrors: [] });
    expect(await listedTitles()).toContain(title);

    const withdrawn = await withdrawOffer(url, 'augsburg', token);
    expect(withdrawn.data.payload.userErrors).toEqual([]);
    expect(await listedTitles()).not.toContain(title);
  });

  it('refuses a second process on the same data directory, and names the first', async () => {
    const second = startAll();
    const { code } = await second.exited(60_000);

    expect(code).toBe(1);
    expect(second.output()).toContain(`is in use by process ${program.pid} on`);
    expect((await ask<House>(url, HOUSE_QUERY)).status).toBe(200);
  });

  it('answers the requests in flight when it is told to stop, and takes no other', async () => {
    const kept = await createOffer(url, 'augsburg', { title: 'Bleibt über den Neustart' });
    expect(kept.data?.payload.userErrors).toEqual([]);
    const { token } = await newestMail();
    await confirmOffer(url, 'augsburg', token);
    // One operation that the gateway knows, and one that it sees for the first time.
    const requests = await Promise.all([
      startHalfRequest(url, HOUSE_QUERY),
      startHalfRequest(url, '{ municipality(slug: "augsburg") { name postcode } }'),
    ]);
    await delay(100); // the server has the first halves

    const ended = program.stop('SIGTERM');
    await program.logged('stopping');
    await until(() => refuses(url), 10_000);

    for (const request of requests) {
      const response = await request.finish();
      expect(response).toMatch(/^HTTP\/1\.1 200 /);
      expect(response).toContain('"name":"Stadt Augsburg"');
      expect(response).not.toContain('"errors"');
      expect(response).toMatch(/^connection: close\r$/im); // else the kept connection would hold up the end
    }
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it(
    'starts again in less time with what it had',
    async () => {
      const startedAt = performance.now();
      program = startAll();
      url = await urlOf(program);

      expect(performance.now() - startedAt).toBeLessThan(firstStartMs);
      expect(program.output()).not.toContain('first start');
      const { data } = await ask<OfferTitles>(url, OFFER_TITLES);
      expect(data.municipality.housingOffers?.nodes.map(({ title }) => title)).toContain('Bleibt über den Neustart');
    },
    START_LIMIT_MS,
  );

  it(
    'starts again after a kill -9 with what it had',
    async () => {
      const before = await ask<House>(url, HOUSE_QUERY);
      expect(await program.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

      program = startAll();
      url = await urlOf(program);

      expect(await ask<House>(url, HOUSE_QUERY)).toEqual(before);
      expect(await program.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    START_LIMIT_MS,
  );

  async function newestMail(): Promise<ReceivedMail> {
    const mails = await readMails(dataDirectory);
    const unread = mails.filter(({ token }) => !seen.has(token));
    for (const { token } of mails) {
      seen.add(token);
    }
    expect(unread).toHaveLength(1);
    const [mail = { to: '', subject: '', token: '' }] = unread;
    expect(mail.to).toBe('maria.beispiel@example.org');
    return mail;
  }
  const seen = new Set<string>();
});

describe('a start that cannot be', () => {
  it.each([
    [
      'an unknown module',
      'ulm.yaml',
      'name: Ulm\nmodules:\n  apprenticeship: true\n',
      '3:3',
      'did you mean "apprenticeships"?',
    ],
    ['a tab', 'ulm.yaml', 'name: Ulm\nmodules:\n\tevents: true\n', '3:1', 'Tabs are not allowed'],
    ['a duplicate slug', 'zz-second.yaml', 'name: Second\nslug: kiel\n', '2:7', '"kiel" is taken by'],
  ])('ends with exit code 1 and names file, line and column of %s', async (_, file, text, at, words) => {
    const folder = await mkdtemp(join(directory, 'wrong-'));
    await cp(join(ROOT, 'municipalities'), folder, { recursive: true });
    await writeFile(join(folder, file), text);

    const program = startAll({ MUNICIPALITIES_DIR: folder, DATA_DIR: join(folder, 'data') });

    expect(await program.exited(60_000)).toEqual({ code: 1, signal: null });
    expect(program.output()).toContain(`${join(folder, file)}:${at} `);
    expect(program.output()).toContain(words);
    expect(program.log()).toEqual([]); // nothing was opened
  });

  it('names every wrong setting at once', async () => {
    const program = startAll({ PORT: '70000', DATABASE_URL: 'mysql://localhost', LOG_LEVEL: 'loud' });

    expect(await program.exited(60_000)).toEqual({ code: 1, signal: null });
    for (const name of ['PORT: ', 'DATABASE_URL: ', 'LOG_LEVEL: ']) {
      expect(program.output()).toContain(`  ${name}`);
    }
    expect(program.output()).not.toContain('mysql');
  });
});

/** What the files say of every municipality, read without the program's own reader. */
async function readModulesOfFiles(): Promise<Map<string, { hidden: boolean; modules: Record<string, boolean> }>> {
  type File = { hidden?: boolean; modules?: Record<string, boolean | { enabled: boolean }> };
  const read = async (file: string) => parse(await readFile(join(ROOT, 'municipalities', file), 'utf8')) as File;
  const defaults = await read('_defaults.yaml');
  const names = (await readdir(join(ROOT, 'municipalities'))).filter((name) => /^[^_.].*\.yaml$/.test(name));
  return new Map(
    await Promise.all(
      names.map(async (name) => {
        const { hidden = false, modules } = await read(name);
        const entries = Object.entries({ ...defaults.modules, ...modules });
        return [
          name.replace('.yaml', ''),
          {
            hidden,
            modules: Object.fromEntries(
              entries.map(([key, entry]) => [key, entry === true || (entry !== false && entry.enabled)]),
            ),
          },
        ] as const;
      }),
    ),
  );
}

async function refuses(url: string): Promise<boolean> {
  return fetch(new URL('/health/live', url)).then(
    () => false,
    () => true,
  );
}
