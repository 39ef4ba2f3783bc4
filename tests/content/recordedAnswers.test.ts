import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeHTML } from 'entities';

import type { IngestReport } from '../../platform/ingest/IngestSource.ts';
import { type ContentWorld, createContentWorld, municipalityOf } from './support/contentWorld.ts';
import { serve, type TestServer } from './support/serveFiles.ts';

const RECORDED = join(process.cwd(), '..', 'shared', 'sources', 'cms');

/** The recorded answer for a path below /api/v3/, as the CMS would give it. */
function readRecorded(path: string): { status: number; body: string } | undefined {
  const name = path.replace(/^\/api\/v3\//, '').replace(/\/$/, '');
  for (const [suffix, status] of [
    ['.json', 200],
    ['.404.json', 404],
  ] as const) {
    const file = join(RECORDED, `${name}${suffix}`);
    if (existsSync(file)) {
      return { status, body: readFileSync(file, 'utf8') };
    }
  }
  return undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: recorded answers have many shapes
function recorded(path: string): any {
  const answer = readRecorded(path);
  if (answer === undefined) {
    throw new Error(`Nothing is recorded for ${path}.`);
  }
  return JSON.parse(answer.body);
}

const describeRecorded = existsSync(RECORDED) ? describe : describe.skip;

describeRecorded('recorded answers of the CMS (skipped where ../shared/sources/cms is absent)', () => {
  let server: TestServer;
  let world: ContentWorld;
  let report: IngestReport;

  beforeAll(async () => {
    server = await serve(readRecorded);
    world = await createContentWorld({
      cmsUrl: server.url,
      municipalities: ['augsburg', 'nurnberg', 'artland', 'hallo', 'testumgebung'].map((slug) => municipalityOf(slug)),
      now: '2029-12-31T00:00:00Z',
    });
    report = await world.ingest();
  });

  afterAll(async () => {
    await world?.close();
    await server?.close();
  });

  it('are ingested without a rejected item', () => {
    expect(report.rejections).toEqual([]);
    expect(report.accepted).toBeGreaterThan(30);
    const missing = report.failures.filter(({ reason }) => !reason.startsWith('404'));
    expect(missing).toEqual([]);
  });

  it.each(['augsburg', 'nurnberg', 'artland', 'hallo', 'testumgebung'])(
    'give the region %s as it was recorded',
    async (slug) => {
      const region = recorded('regions').find((candidate: { path: string }) => candidate.path === slug);
      const { municipality } = await world.query(
        `query ($slug: ID!) { municipality(slug: $slug) {
        name prefix nameWithoutPrefix postcode location { latitude longitude }
        boundingBox { south west north east } aliases { name location { latitude longitude } }
        languages { tag code nativeName direction } } }`,
        { slug },
      );
      const [[west, south], [east, north]] = region.bounding_box;
      expect(municipality).toEqual({
        name: region.name,
        prefix: region.prefix === '' ? null : region.prefix,
        nameWithoutPrefix: region.name_without_prefix,
        postcode: region.plz === '00000' ? null : region.plz,
        location: { latitude: region.latitude, longitude: region.longitude },
        boundingBox: east > 15 ? null : { south, west, north, east },
        aliases: Object.entries(region.aliases).map(([name, location]) => ({ name, location })),
        languages: region.languages.map((language: Record<string, unknown>) => ({
          tag: language.bcp47_tag,
          code: language.code,
          nativeName: language.native_name,
          direction: language.dir,
        })),
      });
    },
  );

  it.each(['de', 'ar'])('give every page in %s, below its parent and in the order of the editors', async (language) => {
    // biome-ignore lint/suspicious/noExplicitAny: recorded answers have many shapes
    const pages: any[] = recorded(`augsburg/${language}/pages`);
    const texts = 'title path url excerpt order updatedAt thumbnail language translations { language path url }';
    for (const page of pages) {
      const { municipality } = await world.query(
        `query ($path: String!) { municipality(slug: "augsburg") { page(path: $path) {
          ${texts} parent { path } ancestors { path } children(first: 100) { totalCount nodes { path } }
          organization { slug name website logo } embeddedOffers { alias name url post { key value } } } } }`,
        { path: page.path },
      );
      const children = pages.filter(({ parent }) => parent.path === page.path).sort((a, b) => a.order - b.order);
      expect(municipality.page).toMatchObject({
        title: page.title,
        path: page.path,
        url: page.url,
        excerpt: decodeHTML(page.excerpt),
        order: page.order,
        updatedAt: new Date(page.last_updated).toISOString(),
        thumbnail: page.thumbnail,
        language: language === 'de' ? 'de-DE' : 'ar-arb',
        parent: page.parent.path === null ? null : { path: page.parent.path },
        children: { totalCount: children.length, nodes: children.map(({ path }) => ({ path })) },
        embeddedOffers: page.embedded_offers.map((offer: { alias: string }) => ({ alias: offer.alias })),
      });
      expect(municipality.page.translations.map(({ path }: { path: string }) => path).sort()).toEqual(
        Object.values<{ path: string }>(page.available_languages)
          .map(({ path }) => path)
          .sort(),
      );
      expect(municipality.page.organization?.slug).toBe(page.organization?.slug);
      expect(municipality.page.ancestors.at(-1)?.path ?? null).toBe(page.parent.path);
    }
    const { municipality } = await world.query(
      `query ($language: LanguageTag!) { municipality(slug: "augsburg") { pages(language: $language, first: 100) { nodes { path } } } }`,
      { language },
    );
    expect(municipality.pages.nodes.map(({ path }: { path: string }) => path)).toEqual(
      pages
        .filter(({ parent }) => parent.path === null)
        .sort((a, b) => a.order - b.order)
        .map(({ path }) => path),
    );
  });

  it('make one event of a series, with the recorded occurrences', async () => {
    const occurrences = recorded('augsburg/de/events').filter(({ path }: { path: string }) => path.includes('$'));
    const { municipality } =
      await world.query(`{ municipality(slug: "augsburg") { events(language: "de") { totalCount nodes {
      title path isFallback timeZone startsAt recurrence { rule until } place { name }
      occurrences(first: 6) { startsAt endsAt } translations { path } } } } }`);
    expect(municipality.events.totalCount).toBe(3);
    const series = municipality.events.nodes.find(({ recurrence }: { recurrence: unknown }) => recurrence !== null);
    expect(series).toMatchObject({
      path: '/augsburg/de/events/test-veranstaltung/',
      isFallback: false,
      timeZone: 'Europe/Berlin',
      recurrence: {
        rule: 'FREQ=WEEKLY;INTERVAL=2;UNTIL=20310101T235959Z;BYDAY=TU,TH',
        until: '2031-01-01T23:59:59.000Z',
      },
      place: null,
      occurrences: occurrences.map(({ event }: { event: { start: string; end: string } }) => ({
        startsAt: event.start,
        endsAt: event.end,
      })),
    });
    expect(series.translations[0].path).toBe('/augsburg/en/events/test-event/');
  });

  it.each([
    ['en', false, 'Test-Event'],
    ['ar', true, 'Test-Veranstaltung'],
  ])('tell in %s whether an event is a fallback: %s', async (language, isFallback, title) => {
    const { municipality } = await world.query(
      `query ($language: LanguageTag!) { municipality(slug: "augsburg") { events(language: $language) { nodes { title isFallback language } } } }`,
      { language },
    );
    expect(municipality.events.nodes).toEqual([
      { title, isFallback, language: language === 'en' ? 'en-GB' : 'ar-arb' },
    ]);
  });

  it.each(['de', 'en', 'ar'])('give the location in %s', async (language) => {
    const [location] = recorded(`augsburg/${language}/locations`);
    const { municipality } = await world.query(
      `query ($language: LanguageTag!) { municipality(slug: "augsburg") { locations(language: $language) { nodes {
        title path isFallback barrierFree temporarilyClosed appointmentUrl
        place { name street postcode town country location { latitude longitude } }
        category { id name color icon } organization { slug } contacts { name }
        openingHours { weekday allDay closed appointmentOnly slots { start end } }
        monday: isOpen(at: "2030-01-07T09:00:00Z") lunch: isOpen(at: "2030-01-07T13:00:00Z") summer: isOpen(at: "2030-07-01T08:00:00Z")
      } } } }`,
      { language },
    );
    const { name, address, postcode, town, country, latitude, longitude } = location.location;
    expect(municipality.locations.nodes).toEqual([
      {
        title: location.title,
        path: location.path,
        isFallback: false,
        barrierFree: true,
        temporarilyClosed: false,
        appointmentUrl: null,
        place: { name, street: address, postcode, town, country, location: { latitude, longitude } },
        category: {
          id: '2',
          name: location.category.name,
          color: location.category.color,
          icon: location.category.icon,
        },
        organization: { slug: location.organization.slug },
        contacts: [],
        openingHours: location.opening_hours.map(
          ({ timeSlots, ...day }: { timeSlots: { start: string; end: string }[] }, n: number) => ({
            ...day,
            weekday: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'][n],
            slots: timeSlots.map(({ start, end }) => ({ start, end })),
          }),
        ),
        monday: true,
        lunch: false,
        summer: true,
      },
    ]);
  });

  it.each(['de', 'en'])('give the imprint in %s', async (language) => {
    const imprint = recorded(`augsburg/${language}/imprint`);
    const { municipality } = await world.query(
      `query ($language: LanguageTag!) { municipality(slug: "augsburg") { imprint(language: $language) { title path parent { path } translations { path } } } }`,
      { language },
    );
    expect(municipality.imprint).toMatchObject({ title: imprint.title, path: imprint.path, parent: null });
    expect(municipality.imprint.translations).toHaveLength(3);
  });

  it('give the offers, forms with their fields', async () => {
    const { municipality } = await world.query(
      `{ municipality(slug: "augsburg") { offers(language: "ar") { alias name url thumbnail post { key value } } } }`,
    );
    expect(municipality.offers).toEqual(
      recorded('augsburg/de/extras').map(
        ({ alias, name, url, thumbnail, post }: Record<string, string> & { post: object }) => ({
          alias,
          name,
          url: url === '' ? null : url,
          thumbnail: thumbnail === '' ? null : thumbnail,
          post: post === null ? null : Object.entries(post).map(([key, value]) => ({ key, value })),
        }),
      ),
    );
  });
});
