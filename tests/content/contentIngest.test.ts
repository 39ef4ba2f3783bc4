import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { silentLogger } from '../../platform/logger/Logger.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import { openTestDatabase } from '../support/database.ts';
import {
  ARABIC,
  CLOSED,
  eventOf,
  type FakeCms,
  GERMAN,
  itemOf,
  locationOf,
  openOn,
  pageOf,
  regionOf,
  startFakeCms,
} from './fakeCms.ts';
import { type ContentWorld, createContentWorld, municipalityOf } from './support/contentWorld.ts';

let database: SqlDatabase;
let cms: FakeCms | undefined;
let world: ContentWorld | undefined;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database?.close());

afterEach(async () => {
  await world?.close();
  await cms?.close();
  world = undefined;
  cms = undefined;
});

async function start(
  answers: Record<string, unknown>,
  municipalities: readonly Municipality[] = [municipalityOf('hof')],
): Promise<{ cms: FakeCms; world: ContentWorld }> {
  cms = await startFakeCms({ regions: municipalities.map(({ slug }) => regionOf(slug)), ...answers });
  world = await createContentWorld({ cmsUrl: cms.url, municipalities, database });
  return { cms, world };
}

describe('content ingest', () => {
  it('stores what is new, skips what is unchanged and removes what is gone', async () => {
    const { cms, world } = await start({
      'hof/de/pages': [pageOf('/hof/de/a'), pageOf('/hof/de/b'), pageOf('/hof/de/c')],
    });
    expect(await world.ingest()).toMatchObject({ accepted: 3, changed: 3, removed: 0, rejections: [], failures: [] });
    expect(await world.ingest()).toMatchObject({ accepted: 3, changed: 0, removed: 0 });

    cms.answers.set('hof/de/pages', [pageOf('/hof/de/a', { title: 'Neu' }), pageOf('/hof/de/b')]);
    expect(await world.ingest()).toMatchObject({ accepted: 2, changed: 1, removed: 1 });
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { pages(language: "de") { nodes { title } } } }',
    );
    expect(municipality.pages.nodes).toEqual([{ title: 'Neu' }, { title: 'b' }]);
  });

  it('stores lists that are longer than one statement carries', async () => {
    const text = `<p>${'Wort '.repeat(2_000)}</p>`;
    const pages = Array.from({ length: 450 }, (_, n) => pageOf(`/hof/de/p${n}`, { content: text, order: n }));
    const { world } = await start({ 'hof/de/pages': pages });
    expect(await world.ingest()).toMatchObject({ accepted: 450, changed: 450, failures: [] });
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { pages(language: "de", first: 100) { totalCount nodes { order } } } }',
    );
    expect(municipality.pages.totalCount).toBe(450);
    expect(municipality.pages.nodes.map(({ order }: { order: number }) => order)).toEqual([...Array(100).keys()]);
  });

  it('changes nothing when the same items come with their keys in another order', async () => {
    const page = pageOf('/hof/de/a', { content: '<p>Hallo</p>' });
    const { cms, world } = await start({ 'hof/de/pages': [page] });
    await world.ingest();
    cms.answers.set('hof/de/pages', [Object.fromEntries(Object.entries(page).reverse())]);

    expect(await world.ingest()).toMatchObject({ accepted: 1, changed: 0, removed: 0 });
  });

  it('refuses a broken item with its reason, again in every run, and keeps the others', async () => {
    const { world } = await start({
      'hof/de/pages': [
        pageOf('/hof/de/good'),
        pageOf('/hof/de/untitled', { title: null }),
        pageOf('/hof/de/undated', { last_updated: '31.02.2029', modified_gmt: null }),
        pageOf('/kassel/de/foreign'),
        pageOf('/hof/ar/other-language'),
        'no object',
      ],
      'hof/de/events': [
        eventOf('/hof/de/events/often', {}, { recurrence_rule: 'DTSTART:20300101T120000\nRRULE:FREQ=SECONDLY' }),
      ],
    });
    const first = await world.ingest();

    expect(first.accepted).toBe(1);
    expect(first.rejections).toHaveLength(6);
    expect(first.rejections).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          part: 'hof/de/pages',
          key: '/hof/de/untitled/',
          reason: expect.stringContaining('title'),
        }),
        expect.objectContaining({ key: '/hof/de/undated/', reason: expect.stringContaining('last_updated') }),
        expect.objectContaining({ key: '/kassel/de/foreign/', reason: expect.stringContaining('/hof/de/') }),
        expect.objectContaining({ key: '/hof/ar/other-language/' }),
        expect.objectContaining({ key: '#5' }),
        expect.objectContaining({ part: 'hof/de/events', reason: expect.stringContaining('SECONDLY') }),
      ]),
    );
    expect((await world.ingest()).rejections).toEqual(first.rejections);
  });

  it('keeps the newer of two items with one path', async () => {
    const { world } = await start({
      'hof/de/locations': [
        locationOf('/hof/de/locations/a', { title: 'Neu', last_updated: '2029-07-01T00:00:00Z' }),
        locationOf('/hof/de/locations/a', { title: 'Alt' }),
      ],
    });
    const { rejections } = await world.ingest();
    expect(rejections).toEqual([
      { part: 'hof/de/locations', key: '/hof/de/locations/a/', reason: 'comes twice; the newer one was kept' },
    ]);
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { locations(language: "de") { nodes { title } } } }',
    );
    expect(municipality.locations.nodes).toEqual([{ title: 'Neu' }]);
  });

  it.each([
    ['an empty list', []],
    ['a list of less than half', [pageOf('/hof/de/a')]],
    ['HTML with status 200', { body: '<html>Wartung</html>', type: 'text/html' }],
    ['an object instead of a list', { error: 'no' }],
    ['a list in which every item is broken', [{}, {}, {}, {}]],
    ['a server error', { status: 500, body: '{}' }],
    [
      'a language that the CMS no longer knows',
      { status: 404, body: '{"error":"No language matches the given query."}' },
    ],
  ])('keeps what was stored and reports a failure when it gets %s', async (_, answer) => {
    const { cms, world } = await start({
      'hof/de/pages': ['a', 'b', 'c', 'd'].map((name) => pageOf(`/hof/de/${name}`)),
    });
    await world.ingest();
    cms.answers.set('hof/de/pages', answer);
    const report = await world.ingest();

    expect(report).toMatchObject({ changed: 0, removed: 0, failures: [{ part: 'hof/de/pages' }] });
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { pages(language: "de") { totalCount } } }',
    );
    expect(municipality.pages.totalCount).toBe(4);
  });

  it('believes a shrunken list that stays for a day', async () => {
    const { cms, world } = await start({ 'hof/de/pages': ['a', 'b', 'c'].map((name) => pageOf(`/hof/de/${name}`)) });
    await world.ingest();
    cms.answers.set('hof/de/pages', [pageOf('/hof/de/a')]);
    expect((await world.ingest()).failures).toHaveLength(1);
    world.clock.nowMs += 23 * 3_600_000;
    expect((await world.ingest()).failures).toHaveLength(1);
    world.clock.nowMs += 3_600_000;
    expect(await world.ingest()).toMatchObject({ failures: [], removed: 2 });
  });

  it('lets events that are over go without suspicion', async () => {
    const at = (day: string) => ({ start: `${day}T18:00:00+01:00`, end: `${day}T20:00:00+01:00` });
    const { cms, world } = await start({
      'hof/de/events': ['2030-01-03', '2030-01-04', '2030-01-05'].map((day) =>
        eventOf(`/hof/de/events/e-${day}`, at(day)),
      ),
    });
    await world.ingest();
    world.clock.nowMs = Date.parse('2030-01-06T00:00:00Z');
    cms.answers.set('hof/de/events', []);

    expect(await world.ingest()).toMatchObject({ failures: [], removed: 3 });
  });

  it('makes a page a root, and says so in the log, when its parent is missing', async () => {
    const { world } = await start({
      'hof/de/pages': [pageOf('/hof/de/a/b', { parent: { id: 3, url: null, path: '/hof/de/a/' } })],
    });
    const report = await world.ingest();

    expect(report).toMatchObject({ accepted: 1, rejections: [], failures: [] });
    expect(world.warnings).toEqual([
      {
        fields: { part: 'hof/de/pages', paths: ['/hof/de/a/b/'] },
        message: 'pages whose parent is missing were made roots',
      },
    ]);
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { pages(language: "de") { nodes { path parent { id } } } } }',
    );
    expect(municipality.pages.nodes).toEqual([{ path: '/hof/de/a/b/', parent: null }]);
  });

  it('makes roots of pages that are their own ancestors', async () => {
    const { world } = await start({
      'hof/de/pages': [
        pageOf('/hof/de/a', { parent: { id: 1, path: '/hof/de/b/' } }),
        pageOf('/hof/de/b', { parent: { id: 2, path: '/hof/de/a/' } }),
      ],
    });
    expect(await world.ingest()).toMatchObject({ accepted: 2, rejections: [] });
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { pages(language: "de") { nodes { path ancestors { path } } } } }',
    );
    expect(municipality.pages.nodes).toEqual([
      { path: '/hof/de/a/', ancestors: [] },
      { path: '/hof/de/b/', ancestors: [] },
    ]);
  });

  it('names an unknown and an archived region, and goes on with the others', async () => {
    const { world } = await start(
      {
        regions: [regionOf('hof')],
        'regions/gone': { status: 404, body: '{"error":"This region is archived."}' },
        'hof/de/pages': [pageOf('/hof/de/a')],
      },
      ['gone', 'hof', 'nowhere'].map((slug) => municipalityOf(slug)),
    );
    const report = await world.ingest();

    expect(report.accepted).toBe(1);
    expect(report.failures).toEqual([
      { part: 'gone', reason: expect.stringContaining('archived') },
      { part: 'nowhere', reason: expect.stringContaining('knows no region "nowhere"') },
    ]);
  });

  it('asks no further when the CMS is down, and keeps everything', async () => {
    const { cms, world } = await start({ 'hof/de/pages': [pageOf('/hof/de/a')] }, [
      municipalityOf('hof'),
      municipalityOf('ulm'),
    ]);
    await world.ingest();
    cms.answers.set('regions', { status: 503, body: 'Wartung' });
    cms.requests.length = 0;
    const report = await world.ingest();

    expect(report).toMatchObject({ accepted: 0, changed: 0, removed: 0, failures: [{ part: 'regions' }] });
    expect(new Set(cms.requests)).toEqual(new Set(['/api/v3/regions/']));
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { name pages(language: "de") { totalCount } } }',
    );
    expect(municipality).toEqual({ name: 'Stadt hof', pages: { totalCount: 1 } });
  });

  it('reads only the municipalities that it is asked for', async () => {
    const { cms, world } = await start({}, [
      municipalityOf('hof'),
      municipalityOf('ulm'),
      municipalityOf('jena', { cmsRegion: undefined }),
    ]);
    const report = await world.ingest(['ulm', 'jena', 'atlantis']);

    expect(cms.requests.filter((path) => path.includes('/hof/'))).toEqual([]);
    expect(cms.requests).toContain('/api/v3/ulm/de/events/?combine_recurring=True');
    expect(report.failures.map(({ part }) => part)).toEqual(['jena', 'atlantis']);
  });

  it('uses the name that the region has in the CMS, letters beyond ASCII included', async () => {
    const { cms, world } = await start({ regions: [regionOf('köln')], 'köln/de/pages': [pageOf('/köln/de/a')] }, [
      municipalityOf('koeln', { cmsRegion: 'köln' }),
    ]);
    expect(await world.ingest()).toMatchObject({ accepted: 1, failures: [] });
    expect(cms.requests).toContain('/api/v3/köln/de/pages/');
  });

  it('removes a language that the region no longer has, but not when most are gone at once', async () => {
    const languages = [GERMAN, ARABIC, { ...GERMAN, code: 'en', bcp47_tag: 'en' }];
    const { cms, world } = await start({
      regions: [regionOf('hof', { languages })],
      'hof/de/pages': [pageOf('/hof/de/a')],
      'hof/ar/pages': [pageOf('/hof/ar/a')],
    });
    await world.ingest();
    cms.answers.set('regions', [regionOf('hof', { languages: [GERMAN] })]);
    expect(await world.ingest()).toMatchObject({ removed: 0, failures: [{ part: 'hof/languages' }] });
    cms.answers.set('regions', [regionOf('hof', { languages: languages.filter(({ code }) => code !== 'ar') })]);
    expect(await world.ingest()).toMatchObject({ removed: 1, failures: [] });
  });

  it('stops when it is told to', async () => {
    const { world } = await start({});
    const stop = new AbortController();
    stop.abort(new Error('shutting down'));
    await expect(world.source.run({ logger: silentLogger, signal: stop.signal })).rejects.toThrow('shutting down');
  });
});

describe('versions of the CMS', () => {
  it('of 2022: aliases as text, languages of their own, push notifications, events without instants', async () => {
    const { languages: _, ...region } = regionOf('hof', {
      aliases: '["Rehau", "Selb"]',
      bounding_box: [11.4, 50, 11.6, 50.2],
      'push-notifications': true,
      push_notifications: undefined,
      external_news: undefined,
    });
    const { world } = await start({
      regions: [region],
      'hof/languages': [GERMAN],
      'hof/de/news': { status: 404, body: '<h1>Not Found</h1>', type: 'text/html' },
      'hof/de/fcm': [
        {
          id: '5',
          title: 'Sturm',
          message: 'Bleibt zu <Hause>.\n\nBis morgen',
          timestamp: '2029-12-31 10:00:00',
          channel: 'news',
        },
      ],
      'hof/de/events': [
        {
          ...eventOf('/hof/de/events/markt'),
          event: {
            id: 1,
            start_date: '2030-07-01',
            start_time: '09:00:00',
            end_date: '2030-07-01',
            end_time: '12:00:00',
            all_day: false,
            recurrence_id: null,
            timezone: 'Europe/Berlin',
          },
        },
      ],
    });
    expect(await world.ingest()).toMatchObject({ rejections: [], failures: [] });
    const { municipality } = await world.query(`{ municipality(slug: "hof") {
      aliases { name location { latitude } } boundingBox { west south east north } languages { code }
      news(language: "de") { nodes { title html publishedAt source url } }
      events(language: "de") { nodes { startsAt endsAt } } } }`);
    expect(municipality).toEqual({
      aliases: [
        { name: 'Rehau', location: null },
        { name: 'Selb', location: null },
      ],
      boundingBox: { west: 11.4, south: 50, east: 11.6, north: 50.2 },
      languages: [{ code: 'de' }],
      news: {
        nodes: [
          {
            title: 'Sturm',
            html: '<p>Bleibt zu &lt;Hause&gt;.</p><p>Bis morgen</p>',
            publishedAt: '2029-12-31T10:00:00.000Z',
            source: 'LOCAL',
            url: null,
          },
        ],
      },
      events: { nodes: [{ startsAt: '2030-07-01T09:00:00+02:00', endsAt: '2030-07-01T12:00:00+02:00' }] },
    });
  });

  it('of 2024: contact fields in the location, occurrences without ids, location_url', async () => {
    const { contacts: _, ...location } = locationOf('/hof/de/locations/amt', {
      website: 'www.amt.example.org',
      email: 'amt@example.org',
      phone_number: '+49 30 23125 000',
    });
    const occurrence = (day: string, language: string, slug: string) => ({
      ...eventOf(
        `/hof/${language}/events/${slug}$${day}`,
        { id: null, start: `${day}T18:00:00+01:00`, end: `${day}T19:00:00+01:00`, recurrence_id: 9 },
        {
          id: null,
          location_url: null,
          recurrence_rule: 'DTSTART:20300107T170000\nRRULE:FREQ=WEEKLY;BYDAY=MO',
          available_languages: {
            de: {
              id: null,
              path: `/hof/de/events/chor$${day}/`,
              url: `https://cms.example.org/hof/de/events/chor$${day}/`,
            },
          },
        },
      ),
    });
    const { world } = await start({
      'hof/de/locations': [location],
      'hof/de/events': [occurrence('2030-01-14', 'de', 'chor'), occurrence('2030-01-07', 'de', 'chor')],
      'hof/ar/events': [occurrence('2030-01-07', 'ar', 'chor')],
    });
    expect(await world.ingest()).toMatchObject({ rejections: [], failures: [] });
    const { municipality } = await world.query(`{ municipality(slug: "hof") {
      locations(language: "de") { nodes { contacts { name role email phone mobile website } } }
      de: events(language: "de") { nodes { path url isFallback startsAt } }
      ar: events(language: "ar") { nodes { path isFallback translations { language path url } } } } }`);
    expect(municipality).toEqual({
      locations: {
        nodes: [
          {
            contacts: [
              {
                name: null,
                role: null,
                email: 'amt@example.org',
                phone: '+49 30 23125 000',
                mobile: null,
                website: 'https://www.amt.example.org/',
              },
            ],
          },
        ],
      },
      de: {
        nodes: [
          {
            path: '/hof/de/events/chor/',
            url: 'https://cms.example.org/hof/de/events/chor/',
            isFallback: false,
            startsAt: '2030-01-07T18:00:00+01:00',
          },
        ],
      },
      ar: {
        nodes: [
          {
            path: '/hof/ar/events/chor/',
            isFallback: true,
            translations: [
              { language: 'de-DE', path: '/hof/de/events/chor/', url: 'https://cms.example.org/hof/de/events/chor/' },
            ],
          },
        ],
      },
    });
  });

  it('of 2026: contacts, zones in slots, meeting links, merged news', async () => {
    const slot = (start: string, end: string) => ({ start, end, timezone: 'Europe/Berlin' });
    const { world } = await start({
      'hof/de/locations': [
        locationOf('/hof/de/locations/amt', {
          category: null,
          email: 'primary@example.org',
          contacts: [
            {
              area_of_responsibility: 'Leitung',
              name: 'Ada',
              email: 'ada@example.org',
              phone_number: '',
              mobile_number: '+49 171 39200 01',
              website: 'https://ada.example.org/',
            },
          ],
          opening_hours: [
            openOn(slot('09:00', '12:00')),
            CLOSED,
            CLOSED,
            CLOSED,
            openOn(slot('22:00', '02:00')),
            CLOSED,
            CLOSED,
          ],
        }),
      ],
      'hof/de/events': [eventOf('/hof/de/events/online', {}, { meeting_url: 'https://meet.example.org/x' })],
      'hof/de/news': [
        {
          id: 'local-12',
          title: 'Hier',
          content: '<p>Text</p>',
          last_updated: '2029-12-30T10:00:00+01:00',
          published_at: '2029-12-30T10:00:00+01:00',
          display_date: '2029-12-31T10:00:00+01:00',
          channel: 'news',
          source: 'local',
          externalUrl: null,
          available_languages: { ar: { id: 13 } },
        },
        {
          id: 'tunews-42',
          title: 'Dort',
          content: '<main><p>Mehr</p><script>alert(1)</script></main>',
          last_updated: '2030-01-01T10:00:00+01:00',
          display_date: '2030-01-01T10:00:00+01:00',
          channel: null,
          source: 'tunews',
          externalUrl: 'https://news.example.org/42',
          available_languages: null,
        },
      ],
    });
    expect(await world.ingest()).toMatchObject({ rejections: [], failures: [] });
    const { municipality } = await world.query(`{ municipality(slug: "hof") {
      locations(language: "de") { nodes { category { id } contacts { name role email phone mobile website }
        monday: isOpen(at: "2030-01-07T10:59:00Z") closing: isOpen(at: "2030-01-07T11:00:00Z")
        fridayNight: isOpen(at: "2030-01-11T22:30:00Z") saturdayMorning: isOpen(at: "2030-01-12T00:59:00Z") later: isOpen(at: "2030-01-12T01:00:00Z") } }
      events(language: "de") { nodes { meetingUrl place { name } } }
      news(language: "de") { nodes { title html source url publishedAt translations { language path url } } }
      tunews: news(language: "de", source: TUNEWS) { totalCount } } }`);
    expect(municipality).toEqual({
      locations: {
        nodes: [
          {
            category: null,
            contacts: [
              {
                name: 'Ada',
                role: 'Leitung',
                email: 'ada@example.org',
                phone: null,
                mobile: '+49 171 39200 01',
                website: 'https://ada.example.org/',
              },
            ],
            monday: true,
            closing: false,
            fridayNight: true,
            saturdayMorning: true,
            later: false,
          },
        ],
      },
      events: { nodes: [{ meetingUrl: 'https://meet.example.org/x', place: null }] },
      news: {
        nodes: [
          {
            title: 'Dort',
            html: '<p>Mehr</p>',
            source: 'TUNEWS',
            url: 'https://news.example.org/42',
            publishedAt: '2030-01-01T09:00:00.000Z',
            translations: [],
          },
          {
            title: 'Hier',
            html: '<p>Text</p>',
            source: 'LOCAL',
            url: null,
            publishedAt: '2029-12-31T09:00:00.000Z',
            translations: [{ language: 'ar', path: null, url: null }],
          },
        ],
      },
      tunews: { totalCount: 1 },
    });
  });

  it('marks untranslated events and locations, which come without an id, as fallbacks', async () => {
    const { world } = await start({
      'hof/ar/events': [eventOf('/hof/ar/events/markt', {}, { id: null })],
      'hof/ar/locations': [locationOf('/hof/ar/locations/amt', { id: null }), locationOf('/hof/ar/locations/مكتب')],
    });
    await world.ingest();
    const { municipality } = await world.query(`{ municipality(slug: "hof") {
      events(language: "ar") { nodes { path isFallback } } locations(language: "AR-eg") { nodes { path isFallback } } } }`);
    expect(municipality).toEqual({
      events: { nodes: [{ path: '/hof/ar/events/markt/', isFallback: true }] },
      locations: {
        nodes: [
          { path: '/hof/ar/locations/amt/', isFallback: true },
          { path: '/hof/ar/locations/مكتب/', isFallback: false },
        ],
      },
    });
  });

  it('has no imprint where the answer is an empty list, and falls back to the default language', async () => {
    const { cms, world } = await start({ 'hof/de/imprint': [], 'hof/ar/imprint': [] });
    await world.ingest();
    const query = '{ municipality(slug: "hof") { imprint(language: "uk") { title path children { totalCount } } } }';
    expect((await world.query(query)).municipality.imprint).toBeNull();

    cms.answers.set('hof/de/imprint', { ...itemOf('/hof/de/disclaimer'), title: 'Impressum', parent: null });
    await world.ingest();
    expect((await world.query(query)).municipality.imprint).toEqual({
      title: 'Impressum',
      path: '/hof/de/disclaimer/',
      children: { totalCount: 0 },
    });
  });

  it('finds offers under each of their names', async () => {
    const offer = { name: 'Stellen', alias: 'stellen', url: '', post: {}, thumbnail: '' };
    const { world } = await start({
      'hof/de/extras': { status: 404, body: '<h1>Not Found</h1>', type: 'text/html' },
      'hof/de/offers': [
        offer,
        { ...offer, alias: 'formular', url: 'https://form.example.org/', post: { __proto__x: 'a', n: 5 } },
      ],
    });
    expect(await world.ingest()).toMatchObject({ failures: [], rejections: [] });
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { offers(language: "tr") { alias url thumbnail post { key value } } } }',
    );
    expect(municipality.offers).toEqual([
      { alias: 'stellen', url: null, thumbnail: null, post: null },
      {
        alias: 'formular',
        url: 'https://form.example.org/',
        thumbnail: null,
        post: [
          { key: '__proto__x', value: 'a' },
          { key: 'n', value: '5' },
        ],
      },
    ]);
  });

  it('keeps texts that a database would refuse', async () => {
    const body = JSON.stringify([
      pageOf('/hof/de/a', { title: 'T\u0000itel \ud800', excerpt: 'a &amp; b &lt; c\r\n' }),
    ]);
    const { world } = await start({ 'hof/de/pages': { body: `\ufeff${body}` } });
    expect(await world.ingest()).toMatchObject({ accepted: 1, failures: [], rejections: [] });
    const { municipality } = await world.query(
      '{ municipality(slug: "hof") { page(path: "hof/de/a") { title excerpt } } }',
    );
    expect(municipality.page).toEqual({ title: 'Titel \ufffd', excerpt: 'a & b < c\r\n' });
  });
});
