import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { openTestDatabase } from '../support/database.ts';
import { toFile } from './support/createTestRegister.ts';
import { createTestWorld } from './support/createTestWorld.ts';
import { jobsucheAnswer, jobsucheItem, sprungbrettAnswer, sprungbrettItem } from './support/feedItems.ts';
import { raw } from './support/startFeedServer.ts';

const augsburg = toFile({
  name: 'Augsburg',
  postcode: '86150',
  location: { latitude: 48.3673, longitude: 10.8921 },
  module: '{ enabled: true, radiusKm: 30 }',
});
const hof = toFile({ name: 'Hof', postcode: '95028', location: { latitude: 50.3155, longitude: 11.9155 } });

describe('ingest of apprenticeships', () => {
  let database: SqlDatabase;
  let world: Awaited<ReturnType<typeof createTestWorld>>;
  beforeAll(async () => {
    database = await openTestDatabase();
    world = await createTestWorld(database, { augsburg, hof });
  });
  beforeEach(() => world.clear());
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  /** Answers by postcode; other postcodes have nothing. */
  function serve(items: Readonly<Record<string, readonly unknown[]>>): void {
    world.feeds.answer(({ path, parameters }) =>
      path === '/sprungbrett'
        ? sprungbrettAnswer(items[parameters.location ?? ''] ?? [])
        : jobsucheAnswer(items[parameters.wo ?? ''] ?? []),
    );
  }

  async function titles(): Promise<readonly unknown[]> {
    return (await world.list('augsburg')).map(({ title }) => title).sort();
  }

  it('brings an item of the Jobsuche to the reader field by field', async () => {
    serve({ '86150': [jobsucheItem(7, { externeURL: 'https://radwerk.example.org/lehre' })] });

    const report = await world.ingest('bundesagentur');

    expect(report).toEqual({
      source: 'bundesagentur',
      startedAt: new Date('2027-03-01T06:00:00Z'),
      finishedAt: new Date('2027-03-01T06:00:00Z'),
      accepted: 1,
      changed: 1,
      removed: 0,
      rejections: [],
      failures: [],
    });
    expect(
      await world.list(
        'augsburg',
        `id kind title occupation { name scheme code } employer description
        places { name street postcode town country location { latitude longitude } }
        distanceKm startsOn publishedOn expiresOn positions requirements url
        sources { source name externalId url fetchedAt }`,
      ),
    ).toEqual([
      {
        id: 'bundesagentur:19999-00000007-S',
        kind: 'APPRENTICESHIP',
        title: 'Ausbildung Zweiradmechatroniker/in 7',
        occupation: { name: 'Zweiradmechatroniker/in', scheme: null, code: null },
        employer: 'Radwerk Lechtal GmbH',
        description: null,
        places: [
          {
            name: null,
            street: null,
            postcode: '86152',
            town: 'Augsburg',
            country: 'DE',
            location: { latitude: 48.3773, longitude: 10.8892 },
          },
        ],
        distanceKm: 1.132,
        startsOn: '2027-09-01',
        publishedOn: '2027-02-03',
        expiresOn: null,
        positions: null,
        requirements: [],
        url: 'https://radwerk.example.org/lehre',
        sources: [
          {
            source: 'bundesagentur',
            name: 'Bundesagentur für Arbeit',
            externalId: '19999-00000007-S',
            url: 'https://www.arbeitsagentur.de/jobsuche/jobdetail/19999-00000007-S',
            fetchedAt: '2027-03-01T06:00:00.000Z',
          },
        ],
      },
    ]);
  });

  describe('asks', () => {
    it('the Jobsuche for training around the postcode, within the radius of the file, with its key', async () => {
      serve({});

      await world.ingest('bundesagentur');

      const common = { angebotsart: '4', page: '1', size: '100' };
      expect(world.feeds.requests).toEqual([
        expect.objectContaining({
          path: '/jobsuche/pc/v6/jobs',
          parameters: { ...common, wo: '86150', umkreis: '30' },
        }),
        expect.objectContaining({
          path: '/jobsuche/pc/v6/jobs',
          parameters: { ...common, wo: '95028', umkreis: '25' },
        }),
      ]);
      expect(world.feeds.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['test-client', 'test-client']);
    });

    it('by the bare name where there is no postcode, never with an empty parameter', async () => {
      world.register.replace({
        lindau: toFile({ name: 'Lindau (Bodensee)' }),
        hof: toFile({ name: 'Hof', postcode: '00000' }),
      });
      serve({});

      await world.ingest('sprungbrett');
      await world.ingest('bundesagentur');

      expect(world.feeds.requests.map(({ parameters }) => parameters.location ?? parameters.wo)).toEqual([
        'Hof',
        'Lindau (Bodensee)',
        'Hof',
        'Lindau (Bodensee)',
      ]);
      expect(world.feeds.requests.flatMap(({ parameters }) => Object.values(parameters))).not.toContain('');
    });

    it('one question once, however many municipalities have it', async () => {
      world.register.replace({
        augsburg,
        'landkreis-augsburg': toFile({
          name: 'Landkreis Augsburg',
          postcode: '86150',
          module: '{ enabled: true, radiusKm: 30 }',
        }),
      });
      serve({});
      const labels: string[] = [];

      await world.ingest('bundesagentur', {
        onProgress: ({ done, total, label }) => labels.push(`${done}/${total} ${label}`),
      });

      expect(world.feeds.requests).toHaveLength(1);
      expect(labels).toEqual(['1/1 86150/30 (augsburg, landkreis-augsburg)']);
    });

    it('only for municipalities that have the module on, take the source and lie where the feed is at home', async () => {
      world.register.replace({
        augsburg,
        off: toFile({ name: 'Hof', postcode: '95028', module: '{ enabled: false }' }),
        other: toFile({ name: 'Ulm', postcode: '89073', module: '{ enabled: true, sources: [bundesagentur] }' }),
        abroad: toFile({ name: 'Dornbirn', postcode: '6850', country: 'AT' }),
      });
      serve({});

      await world.ingest('sprungbrett');
      expect(world.feeds.requests.map(({ parameters }) => parameters.location)).toEqual(['86150']);
      world.feeds.forget();

      await world.ingest('bundesagentur');
      expect(world.feeds.requests.map(({ parameters }) => parameters.wo)).toEqual(['86150', '89073']);
    });

    it('for every page of the pager', async () => {
      world.register.replace({ augsburg });
      world.feeds.answer(({ parameters }) =>
        sprungbrettAnswer([sprungbrettItem(Number(parameters.page))], { current: Number(parameters.page), max: 3 }),
      );

      expect(await world.ingest('sprungbrett')).toMatchObject({ accepted: 3, failures: [] });
      expect(world.feeds.requests.map(({ parameters }) => parameters.page)).toEqual(['1', '2', '3']);
    });

    it.each([250, '250'])(
      'for pages of the Jobsuche until all of maxErgebnisse %j are there',
      async (maxErgebnisse) => {
        world.register.replace({ augsburg });
        const all = Array.from({ length: 250 }, (_, number) => jobsucheItem(number));
        world.feeds.answer(({ parameters }) => {
          const page = Number(parameters.page);
          return jobsucheAnswer(all.slice((page - 1) * 100, page * 100), { maxErgebnisse });
        });

        expect(await world.ingest('bundesagentur')).toMatchObject({ accepted: 250, failures: [] });
        expect(world.feeds.requests).toHaveLength(3);
      },
    );

    it('takes the answer without a list for none when none are announced', async () => {
      world.feeds.answer(() => ({ maxErgebnisse: 0, page: 1, size: 100, facetten: {} }));

      expect(await world.ingest('bundesagentur')).toMatchObject({ accepted: 0, failures: [] });
    });
  });

  describe('compares', () => {
    it('a second run with the first: new, changed, gone, and untouched but seen again', async () => {
      const items = [1, 2, 3, 4].map((number) => jobsucheItem(number));
      serve({ '86150': items });
      await world.ingest('bundesagentur');
      world.clock.at = Date.parse('2027-03-02T06:00:00Z');

      serve({
        '86150': [items[0], items[1], jobsucheItem(3, { stellenangebotsTitel: 'Neuer Titel' }), jobsucheItem(5)],
      });

      expect(await world.ingest('bundesagentur')).toMatchObject({ accepted: 4, changed: 2, removed: 1 });
      const nodes = await world.list('augsburg', 'id title sources { fetchedAt }');
      expect(nodes.map(({ id }) => id)).toEqual([1, 2, 3, 5].map((number) => `bundesagentur:19999-0000000${number}-S`));
      expect(nodes[2]?.title).toBe('Neuer Titel');
      for (const { sources } of nodes) {
        expect(sources).toEqual([{ fetchedAt: '2027-03-02T06:00:00.000Z' }]);
      }
    });

    it('an equal answer in another order as no change', async () => {
      const items = [1, 2, 3].map((number) => sprungbrettItem(number));
      serve({ '86150': items });
      await world.ingest('sprungbrett');
      serve({ '86150': items.toReversed().map((item) => ({ ...item, distance: '7' })) });

      expect(await world.ingest('sprungbrett')).toMatchObject({ accepted: 3, changed: 0, removed: 0 });
    });

    it('moves the places of an item that moved', async () => {
      serve({ '86150': [sprungbrettItem(1)] });
      await world.ingest('sprungbrett');
      serve({ '86150': [sprungbrettItem(1, { zip: '95028', city: 'Hof', lat: '50.32', lon: '11.92' })] });
      await world.ingest('sprungbrett');

      expect(await world.list('augsburg')).toEqual([]);
      expect(await world.list('hof', 'places { town }')).toEqual([{ places: [{ town: 'Hof' }] }]);
    });

    it('an item that several questions return as one', async () => {
      serve({ '86150': [sprungbrettItem(1)], '95028': [sprungbrettItem(1, { distance: '220' })] });

      expect(await world.ingest('sprungbrett')).toMatchObject({ accepted: 1, changed: 1, rejections: [] });
      expect(await world.list('augsburg')).toHaveLength(1);
    });

    it('an item as gone only when no question returns it any more', async () => {
      serve({ '86150': [sprungbrettItem(1), sprungbrettItem(2)], '95028': [sprungbrettItem(1)] });
      await world.ingest('sprungbrett');
      serve({ '86150': [sprungbrettItem(2)], '95028': [sprungbrettItem(1)] });

      expect(await world.ingest('sprungbrett')).toMatchObject({ removed: 0 });
      serve({ '86150': [sprungbrettItem(2)], '95028': [sprungbrettItem(3)] });
      expect(await world.ingest('sprungbrett')).toMatchObject({ changed: 1, removed: 1 });
    });

    it('keeps the day on which an undated item was first seen', async () => {
      serve({ '86150': [sprungbrettItem(1)] });
      await world.ingest('sprungbrett');
      world.clock.at += 86_400_000;
      serve({ '86150': [sprungbrettItem(1, { title: 'Neuer Titel' }), sprungbrettItem(2)] });
      await world.ingest('sprungbrett');

      expect(await world.list('augsburg', 'title publishedOn')).toEqual([
        { title: 'Ausbildung Gärtnerei 2', publishedOn: null },
        { title: 'Neuer Titel', publishedOn: null },
      ]);
    });

    it('leaves the other source alone', async () => {
      world.feeds.answer(({ path }) =>
        path === '/sprungbrett' ? sprungbrettAnswer([sprungbrettItem(1)]) : jobsucheAnswer([jobsucheItem(1)]),
      );
      await world.ingest('sprungbrett');
      await world.ingest('bundesagentur');

      expect(await world.list('augsburg', 'id')).toHaveLength(2);
    });
  });

  describe('keeps', () => {
    it('what a failed question returned last time', async () => {
      serve({ '86150': [sprungbrettItem(1)], '95028': [sprungbrettItem(2)] });
      await world.ingest('sprungbrett');
      world.feeds.answer(({ parameters }) =>
        parameters.location === '86150' ? raw('', { status: 500 }) : sprungbrettAnswer([sprungbrettItem(3)]),
      );

      const report = await world.ingest('sprungbrett');

      expect(report).toMatchObject({ accepted: 1, changed: 1, removed: 1 });
      expect(report.failures).toEqual([{ part: '86150', reason: expect.stringContaining('500') }]);
      expect(await titles()).toEqual(['Ausbildung Gärtnerei 1', 'Ausbildung Gärtnerei 3']);
    });

    it('what belongs to municipalities that were not asked for', async () => {
      serve({ '86150': [sprungbrettItem(1)], '95028': [sprungbrettItem(2)] });
      await world.ingest('sprungbrett');
      serve({ '86150': [sprungbrettItem(4)], '95028': [sprungbrettItem(5)] });
      world.feeds.forget();

      expect(await world.ingest('sprungbrett', { municipalities: ['augsburg', 'nowhere'] })).toMatchObject({
        changed: 1,
        removed: 1,
        failures: [{ part: 'nowhere', reason: 'no municipality of this name takes apprenticeships from this source' }],
      });
      expect(world.feeds.requests).toHaveLength(1);
      expect(await titles()).toEqual(['Ausbildung Gärtnerei 2', 'Ausbildung Gärtnerei 4']);
    });

    it('everything when no municipality is left that has the module on', async () => {
      serve({ '86150': [sprungbrettItem(1)] });
      await world.ingest('sprungbrett');
      world.register.replace({ augsburg: augsburg.replace('enabled: true', 'enabled: false') });

      expect(await world.ingest('sprungbrett')).toMatchObject({ removed: 0, failures: [] });
      expect(await world.list('augsburg')).toHaveLength(1);
    });

    it('everything when a run is aborted', async () => {
      serve({ '86150': [sprungbrettItem(1)] });
      await world.ingest('sprungbrett');
      serve({ '86150': [sprungbrettItem(2)] });
      const controller = new AbortController();

      const run = world.ingest('sprungbrett', {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('shutting down')),
      });

      await expect(run).rejects.toThrow('shutting down');
      expect(await world.list('augsburg')).toEqual([{ title: 'Ausbildung Gärtnerei 1' }]);
    });

    it('an apprenticeship for as long as one of its records is there', async () => {
      world.feeds.answer(({ path }) =>
        path === '/sprungbrett' ? sprungbrettAnswer([sprungbrettItem(1)]) : jobsucheAnswer([jobsucheItem(1)]),
      );
      await world.ingest('sprungbrett');
      await world.ingest('bundesagentur');
      const id = 'bundesagentur:19999-00000001-S';
      await database.query(`update apprenticeship_records set apprenticeship_id = '${id}'`);
      const { rows } = await database.query(`delete from apprenticeships where id <> '${id}' returning id`);
      expect(rows).toHaveLength(1);
      expect(await world.list('augsburg', 'sources { source }')).toEqual([
        { sources: [{ source: 'bundesagentur' }, { source: 'sprungbrett' }] },
      ]);

      serve({});
      await world.ingest('sprungbrett', { acceptShrunken: true });
      expect(await world.list('augsburg', 'id sources { source }')).toEqual([
        { id, sources: [{ source: 'bundesagentur' }] },
      ]);
      await world.ingest('bundesagentur', { acceptShrunken: true });
      expect(await world.list('augsburg')).toEqual([]);
    });
  });

  it('drops what only a question returned that no municipality asks any more', async () => {
    serve({ '86150': [sprungbrettItem(1)], '95028': [sprungbrettItem(2)] });
    await world.ingest('sprungbrett');
    world.register.replace({ augsburg, hof: hof.replace('enabled: true', 'enabled: false') });

    expect(await world.ingest('sprungbrett')).toMatchObject({ removed: 1 });
    expect(await world.list('hof')).toEqual([]);
  });

  it('waits for a run of the same source in another process instead of mixing with it', async () => {
    serve({ '86150': [sprungbrettItem(1), sprungbrettItem(2)] });

    const reports = await Promise.all([world.ingest('sprungbrett'), world.ingest('sprungbrett')]);

    expect(reports.map(({ changed }) => changed).sort()).toEqual([0, 2]);
    expect(await world.list('augsburg')).toHaveLength(2);
  });

  it('has the sources that are configured', async () => {
    expect(world.sources.map(({ name }) => name)).toEqual(['sprungbrett', 'bundesagentur']);
  });
});
