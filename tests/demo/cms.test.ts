import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { CMS_REGIONS } from '../../demo/cms/CmsRegion.ts';
import { startDemo } from './startDemo.ts';
import * as shape from './wireShapes.ts';

describe('the demo CMS', () => {
  const { cms, fetchCms, clock } = startDemo();
  const pagesOf = async (path: string) => z.array(shape.page).parse(await cms(path));
  const eventsOf = async (path: string) => z.array(shape.event).parse(await cms(path));
  const locationsOf = async (path: string) => z.array(shape.location).parse(await cms(path));

  it('answers every list of every region in the format of 2026, in one language each and all of them in Augsburg', async () => {
    const [augsburg, ...others] = [...CMS_REGIONS.values()].sort(({ slug }) => (slug === 'augsburg' ? -1 : 0));
    const inTurn = others.map(({ slug, languages }, index) => `${slug}/${languages[index % languages.length]}`);
    for (const base of [...(augsburg?.languages ?? []).map((code) => `augsburg/${code}`), ...inTurn]) {
      const pages = await pagesOf(`${base}/pages/`);
      expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
      await locationsOf(`${base}/locations/`);
      await eventsOf(`${base}/events/`);
      await eventsOf(`${base}/events/?combine_recurring=True`);
      z.array(shape.news).parse(await cms(`${base}/news/`));
      z.array(shape.pushNotification).parse(await cms(`${base}/fcm/`));
      z.array(shape.offer).parse(await cms(`${base}/offers/`));
      z.array(shape.category)
        .length(8)
        .parse(await cms(`${base}/location-categories/`));
      z.union([shape.imprint, z.tuple([])]).parse(await cms(`${base}/imprint/`));
    }
  }, 120_000);

  it('lists 44 municipalities and a preview, two of them hidden', async () => {
    const regions = z.array(shape.region).parse(await cms('regions/'));

    expect(regions).toHaveLength(45);
    expect(regions.filter(({ live }) => !live).map(({ path }) => path)).toEqual(['jena', 'vorschau']);
    expect(shape.region.parse(await cms('regions/nurnberg/')).name).toBe('Stadt Nürnberg');
    expect(await cms('augsburg/languages/')).toEqual(regions.find(({ path }) => path === 'augsburg')?.languages);
  });

  it('has between 25 and 42 pages on three levels in German, English, Arabic and Ukrainian', async () => {
    for (const code of ['de', 'en', 'ar', 'uk']) {
      const pages = await pagesOf(`koln/${code}/pages/`);
      const levels = new Set(pages.map(({ path }) => path.split('/').length - 5));

      expect(pages.length).toBeGreaterThanOrEqual(25);
      expect(pages.length).toBeLessThanOrEqual(42);
      expect([...levels].sort()).toEqual([0, 1, 2]);
    }
  });

  it('leaves no placeholder unfilled and no page thin', async () => {
    for (const code of ['de', 'en', 'ar', 'uk', 'fa', 'tr', 'fr']) {
      for (const { title, content, excerpt } of await pagesOf(`augsburg/${code}/pages/`)) {
        expect(`${title} ${content}`).not.toMatch(/\{\w+\}|undefined/);
        expect(excerpt.split(/\s+/).length).toBeGreaterThan(38);
      }
    }
  });

  it('sends a page only with its parent, and links each to a page of the other language', async () => {
    const all = new Map<string, Awaited<ReturnType<typeof pagesOf>>[number]>();
    for (const code of ['de', 'en', 'ar', 'uk', 'fa', 'tr', 'fr']) {
      for (const page of await pagesOf(`augsburg/${code}/pages/`)) {
        all.set(page.path, page);
      }
    }

    for (const page of all.values()) {
      expect(page.parent.path === null || all.has(page.parent.path)).toBe(true);
      for (const [code, { id, path }] of Object.entries(page.available_languages)) {
        expect(path.startsWith(`/augsburg/${code}/`)).toBe(true);
        expect(all.get(path)?.id).toBe(id);
      }
    }
  });

  it('finds one page by page id or address, not by the id of its translation', async () => {
    const [root, child] = await pagesOf('kiel/de/pages/');
    const bySlug = await cms(`kiel/de/page/?url=${encodeURIComponent(child?.path ?? '')}`);
    const byId = await fetchCms(`kiel/de/page/?id=${child?.parent.id}`);

    expect(bySlug).toMatchObject({ id: child?.id, slug_history: [child?.path.split('/').at(-2)] });
    expect(await byId.json()).toMatchObject({ id: root?.id });
    expect((await fetchCms(`kiel/de/page/?id=${root?.id}`)).status).toBe(404);
    expect(await cms('kiel/de/page/?url=/kiel/de/nichts/')).toEqual({
      error: 'No matching page translation found for url.',
    });
  });

  it('refuses a page without id and url', async () => {
    const answer = await fetchCms('kiel/de/page/');

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: 'Either the id or the url parameter is required.' });
  });

  it('gives children with the page itself, and ancestors without it', async () => {
    const pages = await pagesOf('augsburg/de/pages/');
    const leaf = pages.find(({ path }) => path.split('/').length === 7);
    const parents = await pagesOf(`augsburg/de/parents/?url=${encodeURI(leaf?.path ?? '')}`);
    const top = parents.at(-1);
    const children = await pagesOf(`augsburg/de/children/?depth=2&url=${encodeURI(top?.path ?? '')}`);

    expect(parents.map(({ path }) => leaf?.path.startsWith(path))).toEqual([true, true]);
    expect(children[0]?.path).toBe(top?.path);
    expect(children.map(({ path }) => path)).toEqual(
      pages.map(({ path }) => path).filter((path) => path.startsWith(top?.path ?? 'none')),
    );
    expect((await pagesOf('augsburg/de/children/')).every(({ parent }) => parent.path === null)).toBe(true);
    expect(await pagesOf('augsburg/de/children/')).toHaveLength(8);
  });

  it('embeds offers and names the organization that answers for a page', async () => {
    const pages = await pagesOf('augsburg/de/pages/');

    expect(pages.find(({ path }) => path.endsWith('/ausbildung/'))?.embedded_offers.map(({ alias }) => alias)).toEqual([
      'sprungbrett',
      'lehrstellen-radar',
      'ihk-lehrstellenboerse',
    ]);
    expect(pages.find(({ path }) => path.endsWith('/sprachcafé/'))?.organization?.slug).toBe('treffpunkt-augsburg');
  });

  it('has single, recurring, all-day, long, online and placeless events, none of them over', async () => {
    const events = await eventsOf('bremen/de/events/?combine_recurring');
    const rules = events.map(({ recurrence_rule }) => recurrence_rule?.replace(/^[^\n]*\n/, ''));

    expect(events.filter(({ event }) => event.all_day)).toHaveLength(1);
    expect(events.filter(({ event }) => event.only_weekdays && event.start_date !== event.end_date)).toHaveLength(1);
    expect(events.filter(({ meeting_url }) => meeting_url !== null)).toHaveLength(1);
    expect(events.filter(({ location, meeting_url }) => location.id === null && meeting_url === null)).toHaveLength(1);
    expect(rules).toEqual(
      expect.arrayContaining(
        [
          null,
          'RRULE:FREQ=WEEKLY;BYDAY=WE',
          'RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20270731T235959;BYDAY=TU,TH',
          'RRULE:FREQ=MONTHLY;BYDAY=+1SA',
        ].map((rule) => rule ?? undefined),
      ),
    );
    for (const { event, recurrence_rule } of events) {
      expect(recurrence_rule !== null || Date.parse(event.end) > clock.now()).toBe(true);
    }
  });

  it('sends each occurrence of the next month on its own unless series are combined', async () => {
    const combined = await eventsOf('kiel/de/events/?combine_recurring');
    const single = await eventsOf('kiel/de/events/');
    const cafe = single.filter(({ path }) => path.includes('sprachcafé'));

    expect(combined.filter(({ path }) => path.includes('sprachcafé')).map(({ path }) => path)).toEqual([
      '/kiel/de/events/sprachcafé/',
    ]);
    expect(cafe.map(({ path }) => path)).toEqual(
      ['2026-11-25', '2026-12-02', '2026-12-09', '2026-12-16', '2026-12-23'].map(
        (day) => `/kiel/de/events/sprachcafé$${day}/`,
      ),
    );
    expect(new Set(cafe.map(({ id }) => id)).size).toBe(1);
  });

  it('delivers untranslated events and places in German with a null id, unless the region has that switched off', async () => {
    const events = await eventsOf('augsburg/ar/events/?combine_recurring');
    const walk = events.find(({ path }) => path === '/augsburg/ar/events/stadtspaziergang-in-einfacher-sprache/');
    const fallbackPlaces = (await locationsOf('augsburg/fa/locations/')).filter(({ id }) => id === null);

    expect(walk).toMatchObject({ id: null, title: 'Stadtspaziergang in einfacher Sprache' });
    expect(walk?.available_languages.en?.id).toBeNull();
    expect(fallbackPlaces.length).toBeGreaterThan(5);
    expect((await locationsOf('nurnberg/tr/locations/')).every(({ id }) => id !== null)).toBe(true);
    expect((await eventsOf('nurnberg/tr/events/')).every(({ id }) => id !== null)).toBe(true);
  });

  it('has 12 to 20 places a region with every kind of opening hours and one closed for now', async () => {
    const days: z.infer<typeof shape.location>['opening_hours'][] = [];
    for (const { slug } of CMS_REGIONS.values()) {
      const locations = await locationsOf(`${slug}/de/locations/`);
      expect(locations.length).toBeGreaterThanOrEqual(12);
      expect(locations.length).toBeLessThanOrEqual(20);
      expect(locations.filter(({ temporarily_closed }) => temporarily_closed)).toHaveLength(1);
      days.push(...locations.map(({ opening_hours }) => opening_hours));
    }

    expect(days).toContain(null);
    expect(days.some((week) => week?.every(({ allDay }) => allDay))).toBe(true);
    expect(days.some((week) => week?.some(({ appointmentOnly }) => appointmentOnly))).toBe(true);
    expect(days.some((week) => week?.some(({ timeSlots }) => timeSlots.length === 2))).toBe(true);
  });

  it('falls back to the German imprint and answers an empty list where there is none', async () => {
    const german = shape.imprint.parse(await cms('augsburg/de/imprint/'));
    const arabic = shape.imprint.parse(await cms('augsburg/ar/disclaimer/'));

    expect(arabic).toMatchObject({
      id: null,
      path: '/augsburg/ar/disclaimer/',
      title: german.title,
      content: german.content,
    });
    expect(german.content).toContain('<h2>Herausgeber</h2>');
    expect(await cms('schwerin/de/imprint/')).toEqual([]);
  });

  it('pages news and keeps to the last page', async () => {
    const all = z.array(shape.news).parse(await cms('augsburg/de/news/'));

    expect(all.map(({ source }) => source)).toEqual(expect.arrayContaining(['local', 'tunews']));
    expect(all.map(({ display_date }) => display_date)).toEqual(
      all
        .map(({ display_date }) => display_date)
        .sort()
        .reverse(),
    );
    expect(await cms('augsburg/de/news/?size=2&page=1')).toEqual(all.slice(0, 2));
    expect(await cms('augsburg/de/news/?size=2&page=9')).toEqual(all.slice(4));
    expect(await cms(`augsburg/de/news/${all[0]?.id}/`)).toEqual(all[0]);
    expect(z.array(shape.news).parse(await cms('augsburg/de/news/?source=tunews')).length).toBe(2);
    expect((await fetchCms('augsburg/de/news/local-1/')).status).toBe(404);
  });

  it('answers 404 in JSON for an unknown language, in HTML for an unknown region', async () => {
    const language = await fetchCms('augsburg/xx/pages/');
    const region = await fetchCms('atlantis/de/pages/');

    expect([language.status, await language.json()]).toEqual([404, { error: 'No language matches the given query.' }]);
    expect([region.status, region.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await region.text()).toMatch(/^<!DOCTYPE html>/);
    expect((await fetchCms('regions/atlantis/')).status).toBe(404);
    expect(await cms('augsburg/xx/fcm/')).toEqual([]);
  });

  it.each([
    ['augsburg/de/locations/?on_map=maybe', 400],
    ['augsburg/de/pages', 301],
    ['augsburg/de/nothing/', 404],
    ['augsburg/nothing/', 404],
    ['%E0%A4%A/de/pages/', 404],
    ['constructor/de/pages/', 404],
  ])('answers %s with %i', async (path, status) => {
    expect((await fetchCms(path)).status).toBe(status);
  });

  it('moves single events on when the clock does', async () => {
    const pathOf = async () =>
      (await eventsOf('kiel/de/events/')).find(({ path }) => path.includes('infoabend'))?.event.start_date;
    expect(await pathOf()).toBe('2026-12-03');

    const before = clock.now;
    clock.now = () => Date.parse('2027-06-10T12:00:00Z');
    const later = await pathOf();
    clock.now = before;

    expect(later).toBe('2027-06-17');
  });
});
