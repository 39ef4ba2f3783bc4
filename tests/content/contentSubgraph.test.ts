import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  CLOSED,
  eventOf,
  type FakeCms,
  GERMAN,
  locationOf,
  NOWHERE,
  openOn,
  pageOf,
  regionOf,
  startFakeCms,
} from './fakeCms.ts';
import { type ContentWorld, createContentWorld, municipalityOf } from './support/contentWorld.ts';

const OFFICE_HOURS = openOn({ start: '08:00', end: '12:00' });
const HOF_PAGES = [
  pageOf('/hof/de/wohnen', { order: 20, id: 11 }),
  pageOf('/hof/de/ankommen', {
    order: 10,
    available_languages: {
      ar: { id: 2, path: '/hof/ar/الوصول/', url: 'https://cms.example.org/hof/ar/الوصول/' },
      xx: { id: 3, path: '/hof/xx/a/', url: null },
    },
  }),
  pageOf('/hof/de/ankommen/melden', { order: 12, parent: { id: 99, url: null, path: '/hof/de/ankommen/' } }),
  pageOf('/hof/de/ankommen/konto', { order: 11, parent: { id: 99, url: null, path: '/hof/de/ankommen/' } }),
  pageOf('/hof/de/ankommen/melden/formular', {
    parent: { id: 98, url: null, path: '/hof/de/ankommen/melden/' },
    content:
      '<h2 dir="rtl" lang="ar" style="color:red" onclick="x()">Titel</h2><p>Mit <a href="javascript:alert(1)">böse</a> <a href="/hof/de/wohnen/">gut</a> <a href="tel:+49302312500">Ruf</a></p><img src="/media/a.png" alt="Plan" onerror="x()"><iframe src="https://evil.example.org"></iframe><details><summary>Mehr</summary><table><tr><th scope="col">A</th></tr></table></details><script>alert(1)</script>',
  }),
];

describe('content subgraph', () => {
  let cms: FakeCms;
  let world: ContentWorld;

  beforeAll(async () => {
    cms = await startFakeCms({
      regions: [
        regionOf('hof', { aliases: { Rehau: { longitude: 12.03, latitude: 50.25 } } }),
        regionOf('berlin', {
          name: 'Berlin',
          prefix: '',
          name_without_prefix: 'Berlin',
          latitude: 13.4,
          longitude: 52.52,
          bounding_box: [],
          aliases: '[]',
          languages: [GERMAN],
        }),
        regionOf('ulm', {
          bounding_box: [
            [5.98865807458, 47.3024876979],
            [15.0169958839, 54.983104153],
          ],
          latitude: 95,
          longitude: 200,
          plz: '00000',
          languages: [GERMAN, { ...GERMAN, code: 'de-si', bcp47_tag: 'de-DE-simple' }],
          pois: false,
          push_notifications: false,
        }),
        regionOf('vorschau', { live: false }),
      ],
      'hof/de/pages': HOF_PAGES,
      'hof/ar/pages': [pageOf('/hof/ar/الوصول')],
      'hof/de/events': [
        eventOf(
          '/hof/de/events/chor',
          { start: '2030-01-07T18:00:00+01:00', end: '2030-01-07T19:30:00+01:00' },
          {
            recurrence_rule: 'DTSTART:20300107T170000\nRRULE:FREQ=WEEKLY;BYDAY=MO',
            location: { ...NOWHERE, id: 5, name: 'Saal', latitude: 50.1, longitude: 11.5 },
          },
        ),
        eventOf('/hof/de/events/fest', {
          start: '2030-03-30T00:00:00+01:00',
          end: '2030-03-30T23:59:00+01:00',
          all_day: true,
        }),
        eventOf('/hof/de/events/vorbei', { start: '2030-01-01T18:00:00+01:00', end: '2030-01-01T20:00:00+01:00' }),
        eventOf('/hof/de/events/gerade', { start: '2030-01-01T18:00:00+01:00', end: '2030-01-03T20:00:00+01:00' }),
      ],
      'hof/de/locations': [
        locationOf('/hof/de/locations/zoo', {
          title: 'Zoo',
          opening_hours: [OFFICE_HOURS, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED],
        }),
        locationOf('/hof/de/locations/aerzte', {
          title: 'Ärzte',
          category: { id: 9, name: 'Gesundheit' },
          location: { ...NOWHERE, name: 'Fern', latitude: 12.03, longitude: 50.25 },
        }),
        locationOf('/hof/de/locations/bad', {
          title: 'Bad',
          temporarily_closed: true,
          opening_hours: Array.from({ length: 7 }, () => ({ ...OFFICE_HOURS, allDay: true })),
        }),
      ],
      'ulm/de/locations': [locationOf('/ulm/de/locations/treffpunkt')],
      'ulm/de/news': [
        {
          id: 'local-1',
          title: 'Nicht freigegeben',
          content: '',
          display_date: '2030-01-01T00:00:00Z',
          source: 'local',
        },
        { id: 'tunews-1', title: 'Frei', content: '', display_date: '2030-01-01T00:00:00Z', source: 'tunews' },
      ],
    });
    world = await createContentWorld({
      cmsUrl: cms.url,
      municipalities: [
        municipalityOf('hof', { name: 'Stadt Hof', prefix: 'Stadt', postcode: '95028' }),
        municipalityOf('berlin'),
        municipalityOf('ulm', { location: { latitude: 48.4, longitude: 9.99 } }),
        municipalityOf('vorschau'),
        municipalityOf('aarau', {
          name: 'Stadt Aarau',
          prefix: 'Stadt',
          country: 'CH',
          timeZone: 'Europe/Zurich',
          cmsRegion: undefined,
          adminCodes: [{ scheme: 'LAU', value: '4001' }],
        }),
        municipalityOf('versteckt', { hidden: true, cmsRegion: undefined }),
      ],
    });
    const report = await world.ingest();
    expect(report).toMatchObject({ rejections: [], failures: [] });
  });

  afterAll(async () => {
    await world?.close();
    await cms?.close();
  });

  const slugs = async (args: string) =>
    (await world.query(`{ municipalities${args} { nodes { slug } } }`)).municipalities.nodes.map(
      ({ slug }: { slug: string }) => slug,
    );

  describe('municipalities', () => {
    it('exist through the register, also where the CMS does not know them', async () => {
      const { known, unknown } = await world.query(`{
        known: municipality(slug: "aarau") { name prefix nameWithoutPrefix country adminCodes { scheme value } location { latitude } boundingBox { west } languages { tag } aliases { name } pages(language: "de") { totalCount } imprint(language: "de") { id } offers(language: "de") { alias } events(language: "de") { totalCount } }
        unknown: municipality(slug: "atlantis") { name } }`);
      expect(known).toEqual({
        name: 'Stadt Aarau',
        prefix: 'Stadt',
        nameWithoutPrefix: 'Aarau',
        country: 'CH',
        adminCodes: [{ scheme: 'LAU', value: '4001' }],
        location: null,
        boundingBox: null,
        languages: [],
        aliases: [],
        pages: { totalCount: 0 },
        imprint: null,
        offers: [],
        events: { totalCount: 0 },
      });
      expect(unknown).toBeNull();
    });

    it.each([
      ['berlin', { location: { latitude: 52.52, longitude: 13.4 }, boundingBox: null, aliases: [], postcode: '12345' }],
      ['ulm', { location: { latitude: 48.4, longitude: 9.99 }, boundingBox: null, aliases: [], postcode: null }],
      [
        'hof',
        {
          location: { latitude: 50.1, longitude: 11.5 },
          boundingBox: { south: 50, west: 11.4, north: 50.2, east: 11.6 },
          aliases: [{ name: 'Rehau', location: { latitude: 50.25, longitude: 12.03 } }],
          postcode: '95028',
        },
      ],
    ])('have sound coordinates whatever the CMS says: %s', async (slug, expected) => {
      const { municipality } = await world.query(
        `query ($slug: ID!) { municipality(slug: $slug) { location { latitude longitude } boundingBox { south west north east } aliases { name location { latitude longitude } } postcode } }`,
        { slug },
      );
      expect(municipality).toEqual(expected);
    });

    it('are listed by name, hidden ones only when asked for', async () => {
      expect(await slugs('')).toEqual(['berlin', 'aarau', 'hof', 'ulm']);
      expect(await slugs('(filter: { includeHidden: true })')).toEqual([
        'berlin',
        'aarau',
        'hof',
        'ulm',
        'vorschau',
        'versteckt',
      ]);
    });

    it('are found by name, alias, postcode, country, module and distance', async () => {
      expect(await slugs('(filter: { text: "REHAU" })')).toEqual(['hof']);
      expect(await slugs('(filter: { text: "9502" })')).toEqual(['hof']);
      expect(await slugs('(filter: { country: "CH" })')).toEqual(['aarau']);
      expect(await slugs('(filter: { module: "housing" })')).toEqual([]);
      expect(await slugs('(filter: { module: "events", text: "berlin" })')).toEqual(['berlin']);
      expect(await slugs('(filter: { near: { latitude: 50, longitude: 11, radiusKm: 60 } })')).toEqual(['hof']);
    });

    it('come in pages that follow each other', async () => {
      const first = await world.query(
        '{ municipalities(first: 3) { nodes { slug } totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } }',
      );
      expect(first.municipalities).toMatchObject({
        totalCount: 4,
        pageInfo: { hasNextPage: true, hasPreviousPage: false },
      });
      const next = await world.query(
        'query ($after: String) { municipalities(first: 3, after: $after) { nodes { slug } pageInfo { hasNextPage hasPreviousPage } } }',
        { after: first.municipalities.pageInfo.endCursor },
      );
      expect(next.municipalities).toEqual({
        nodes: [{ slug: 'ulm' }],
        pageInfo: { hasNextPage: false, hasPreviousPage: true },
      });
    });

    it('tell every module, in the language asked for or their own', async () => {
      const { municipality } = await world.query(
        '{ municipality(slug: "hof") { modules { name enabled since de: title(language: "de-AT") uk: title(language: "uk") tr: title(language: "tr") own: title } } }',
      );
      expect(municipality.modules).toHaveLength(7);
      expect(municipality.modules[0]).toEqual({
        name: 'events',
        enabled: true,
        since: null,
        de: 'Veranstaltungen',
        uk: 'Події',
        tr: 'Veranstaltungen',
        own: 'Veranstaltungen',
      });
      expect(municipality.modules.find(({ name }: { name: string }) => name === 'housing')).toMatchObject({
        enabled: false,
        own: 'Wohnungen',
      });
      expect(municipality.modules.at(-1)).toMatchObject({ name: 'language-courses', own: 'language-courses' });
    });

    it('are resolved by reference, in the order of the representations', async () => {
      const { _entities } = await world.query(
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Municipality { slug name } } }',
        { r: ['ulm', 'atlantis', 'hof'].map((slug) => ({ __typename: 'Municipality', slug })) },
      );
      expect(_entities).toEqual([{ slug: 'ulm', name: 'Stadt ulm' }, null, { slug: 'hof', name: 'Stadt hof' }]);
    });
  });

  describe('pages', () => {
    it('form a tree in the order of the editors', async () => {
      const { municipality } = await world.query(
        `{ municipality(slug: "hof") { pages(language: "DE") { totalCount nodes { path children { nodes { path parent { path } children { nodes { ancestors { path } municipality { slug } } } } } } } } }`,
      );
      expect(municipality.pages).toEqual({
        totalCount: 2,
        nodes: [
          {
            path: '/hof/de/ankommen/',
            children: {
              nodes: [
                { path: '/hof/de/ankommen/konto/', parent: { path: '/hof/de/ankommen/' }, children: { nodes: [] } },
                {
                  path: '/hof/de/ankommen/melden/',
                  parent: { path: '/hof/de/ankommen/' },
                  children: {
                    nodes: [
                      {
                        ancestors: [{ path: '/hof/de/ankommen/' }, { path: '/hof/de/ankommen/melden/' }],
                        municipality: { slug: 'hof' },
                      },
                    ],
                  },
                },
              ],
            },
          },
          { path: '/hof/de/wohnen/', children: { nodes: [] } },
        ],
      });
    });

    it('are listed below a path', async () => {
      const { municipality } = await world.query(
        '{ municipality(slug: "hof") { de: pages(language: "de", parent: "/hof/de/ankommen/", first: 1) { totalCount nodes { path } } ar: pages(language: "ar", parent: "/hof/de/ankommen/") { totalCount } none: pages(language: "de", parent: "/hof/de/nichts/") { totalCount } } }',
      );
      expect(municipality).toEqual({
        de: { totalCount: 2, nodes: [{ path: '/hof/de/ankommen/konto/' }] },
        ar: { totalCount: 0 },
        none: { totalCount: 0 },
      });
    });

    it.each(['/hof/ar/الوصول/', 'hof/ar/الوصول', encodeURI('/hof/ar/الوصول/')])(
      'are found by path, raw or encoded: %s',
      async (path) => {
        const { municipality } = await world.query(
          'query ($path: String!) { municipality(slug: "hof") { page(path: $path) { path language url } } }',
          { path },
        );
        expect(municipality.page).toEqual({
          path: '/hof/ar/الوصول/',
          language: 'ar',
          url: 'https://cms.example.org/hof/ar/الوصول/',
        });
      },
    );

    it('are not found in another municipality', async () => {
      const { municipality } = await world.query(
        '{ municipality(slug: "ulm") { page(path: "/hof/de/wohnen/") { path } } }',
      );
      expect(municipality.page).toBeNull();
    });

    it('name their translations in languages that the region shows', async () => {
      const { municipality } = await world.query(
        '{ municipality(slug: "hof") { page(path: "/hof/de/ankommen/") { translations { language path url } } } }',
      );
      expect(municipality.page.translations).toEqual([
        { language: 'ar', path: '/hof/ar/الوصول/', url: 'https://cms.example.org/hof/ar/الوصول/' },
      ]);
    });

    it('have HTML without anything that runs, and plain text', async () => {
      const { municipality } = await world.query(
        '{ municipality(slug: "hof") { page(path: "/hof/de/ankommen/melden/formular/") { html text } } }',
      );
      expect(municipality.page.html).toBe(
        '<h2 dir="rtl" lang="ar">Titel</h2><p>Mit <a>böse</a> <a href="https://cms.example.org/hof/de/wohnen/">gut</a> <a href="tel:+49302312500">Ruf</a></p><img src="https://cms.example.org/media/a.png" alt="Plan" /><details><summary>Mehr</summary><table><tr><th scope="col">A</th></tr></table></details>',
      );
      expect(municipality.page.text).toContain('Mit böse gut Ruf');
      expect(municipality.page.text).not.toMatch(/[<>]|alert|https/);
    });

    it('are resolved by the same id in every run', async () => {
      const before = await world.query('{ municipality(slug: "hof") { page(path: "/hof/de/wohnen/") { id } } }');
      cms.answers.set(
        'hof/de/pages',
        HOF_PAGES.map((page) => ({ ...page, id: 1_000 + Number(page.id) })),
      );
      await world.ingest(['hof']);
      const { _entities } = await world.query(
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Page { path municipality { name } } } }',
        {
          r: [
            { __typename: 'Page', id: before.municipality.page.id },
            { __typename: 'Page', id: 'page-unknown' },
          ],
        },
      );
      expect(_entities).toEqual([{ path: '/hof/de/wohnen/', municipality: { name: 'Stadt hof' } }, null]);
    });
  });

  describe('events', () => {
    const paths = async (args: string) =>
      (
        await world.query(`{ municipality(slug: "hof") { events(language: "de"${args}) { nodes { path } } } }`)
      ).municipality.events.nodes.map(({ path }: { path: string }) => path.split('/').at(-2));

    it('that have not ended come soonest first, a series once', async () => {
      expect(await paths('')).toEqual(['gerade', 'chor', 'fest']);
    });

    it('lie between from and to, and near', async () => {
      expect(await paths(', from: "2030-01-08T00:00:00Z", to: "2030-01-20T00:00:00Z"')).toEqual(['chor']);
      expect(await paths(', from: "2030-01-01T00:00:00+01:00", to: "2030-01-02T00:00:00Z"')).toEqual([
        'gerade',
        'vorbei',
      ]);
      expect(await paths(', near: { latitude: 50.1, longitude: 11.5, radiusKm: 5 }')).toEqual(['chor']);
    });

    it('keep their wall clock time when the clocks change', async () => {
      const { municipality } =
        await world.query(`{ municipality(slug: "hof") { events(language: "de", from: "2030-03-20T00:00:00Z", first: 1) { nodes {
        startsAt endsAt timeZone allDay recurrence { rule until }
        occurrences(from: "2030-03-20T00:00:00Z", first: 3) { startsAt endsAt }
        autumn: occurrences(from: "2030-10-20T00:00:00Z", to: "2030-11-01T00:00:00Z") { startsAt } } } } }`);
      expect(municipality.events.nodes).toEqual([
        {
          startsAt: '2030-03-25T18:00:00+01:00',
          endsAt: '2030-03-25T19:30:00+01:00',
          timeZone: 'Europe/Berlin',
          allDay: false,
          recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO', until: null },
          occurrences: [
            { startsAt: '2030-03-25T18:00:00+01:00', endsAt: '2030-03-25T19:30:00+01:00' },
            { startsAt: '2030-04-01T18:00:00+02:00', endsAt: '2030-04-01T19:30:00+02:00' },
            { startsAt: '2030-04-08T18:00:00+02:00', endsAt: '2030-04-08T19:30:00+02:00' },
          ],
          autumn: [{ startsAt: '2030-10-21T18:00:00+02:00' }, { startsAt: '2030-10-28T18:00:00+01:00' }],
        },
      ]);
    });

    it('come in pages that follow each other', async () => {
      const seen: string[] = [];
      let after: string | null = null;
      for (let n = 0; n < 3; n += 1) {
        const { municipality } = await world.query(
          'query ($after: String) { municipality(slug: "hof") { events(language: "de", first: 1, after: $after) { totalCount nodes { path } pageInfo { endCursor } } } }',
          { after },
        );
        expect(municipality.events.totalCount).toBe(3);
        seen.push(municipality.events.nodes[0].path.split('/').at(-2));
        after = municipality.events.pageInfo.endCursor;
      }
      expect(seen).toEqual(['gerade', 'chor', 'fest']);
    });
  });

  describe('locations', () => {
    const titles = async (args: string) =>
      (
        await world.query(`{ municipality(slug: "hof") { locations(language: "de"${args}) { nodes { title } } } }`)
      ).municipality.locations.nodes.map(({ title }: { title: string }) => title);

    it('come by title, filtered by category, distance and opening', async () => {
      expect(await titles('')).toEqual(['Ärzte', 'Bad', 'Zoo']);
      expect(await titles(', category: "9"')).toEqual(['Ärzte']);
      expect(await titles(', near: { latitude: 50.25, longitude: 12.03, radiusKm: 2 }')).toEqual(['Ärzte']);
      expect(await titles(', openAt: "2030-01-07T07:30:00Z"')).toEqual(['Zoo']);
      expect(await titles(', openAt: "2030-07-01T06:30:00Z"')).toEqual(['Zoo']);
      expect(await titles(', openAt: "2030-01-07T06:30:00Z"')).toEqual([]);
    });

    it('say that nobody knows when they are open', async () => {
      const { municipality } = await world.query(
        '{ municipality(slug: "hof") { locations(language: "de") { nodes { isOpen openingHours { weekday } place { name location { latitude } } } } } }',
      );
      expect(municipality.locations.nodes).toEqual([
        { isOpen: null, openingHours: null, place: { name: 'Fern', location: { latitude: 50.25 } } },
        { isOpen: false, openingHours: expect.any(Array), place: { name: 'Haus', location: { latitude: 50.1 } } },
        { isOpen: false, openingHours: expect.any(Array), place: { name: 'Haus', location: { latitude: 50.1 } } },
      ]);
    });
  });

  it('shows no list that the region has switched off in the CMS, whose lists do not heed it', async () => {
    const { municipality } = await world.query(
      '{ municipality(slug: "ulm") { locations(language: "de") { totalCount } news(language: "de") { nodes { title } } } }',
    );
    expect(municipality).toEqual({ locations: { totalCount: 0 }, news: { nodes: [{ title: 'Frei' }] } });
  });

  it.each([
    ['{ municipalities(first: 101) { totalCount } }', 'between 0 and 100'],
    ['{ municipalities(first: -1) { totalCount } }', 'between 0 and 100'],
    ['{ municipalities(after: "nonsense") { totalCount } }', 'cursor'],
    ['{ municipalities(filter: { near: { latitude: 91, longitude: 0, radiusKm: 1 } }) { totalCount } }', 'globe'],
    ['{ municipalities(filter: { near: { latitude: 50, longitude: 0, radiusKm: 0 } }) { totalCount } }', 'radiusKm'],
    [
      '{ municipality(slug: "hof") { events(language: "de", from: "2030-02-30T00:00:00Z") { totalCount } } }',
      'DateTime',
    ],
    ['{ municipality(slug: "hof") { events(language: "de", from: "2030-02-03") { totalCount } } }', 'DateTime'],
    ['{ municipality(slug: "hof") { pages(language: "de_DE") { totalCount } } }', 'LanguageTag'],
    ['{ municipalities(filter: { country: "Germany" }) { totalCount } }', 'CountryCode'],
  ])('refuses %s', async (query, message) => {
    const errors = await world.errorsOf(query);
    expect(errors).toEqual([
      {
        code: expect.stringMatching(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/),
        message: expect.stringContaining(message),
      },
    ]);
  });

  it('asks the store as often for many municipalities as for one', async () => {
    const fields =
      '{ slug languages { code } pages(language: "de") { nodes { title children { nodes { title parent { title } } } } } }';
    const counts: number[] = [];
    for (const query of [`{ municipality(slug: "hof") ${fields} }`, `{ municipalities { nodes ${fields} } }`]) {
      counts.push(await countStatements(world, () => world.query(query)));
    }
    expect(counts[0]).toBeGreaterThan(2);
    expect(counts[1]).toBeLessThanOrEqual((counts[0] ?? 0) + 1);
  });
});

/** How many statements reach the database while `work` runs, told by the driver. */
async function countStatements(world: ContentWorld, work: () => Promise<unknown>): Promise<number> {
  const kysely = world.database.as<Record<string, never>>();
  const executor = kysely.getExecutor();
  const original = executor.executeQuery;
  let count = 0;
  executor.executeQuery = ((...args: Parameters<typeof original>) => {
    count += 1;
    return original.apply(executor, args);
  }) as typeof original;
  try {
    await work();
  } finally {
    Reflect.deleteProperty(executor, 'executeQuery');
  }
  return count;
}
