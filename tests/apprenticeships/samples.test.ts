import { existsSync, readFileSync } from 'node:fs';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { openTestDatabase } from '../support/database.ts';
import { toFile } from './support/createTestRegister.ts';
import { createTestWorld } from './support/createTestWorld.ts';
import { jobsucheAnswer } from './support/feedItems.ts';

const SAMPLES = '../shared/sources/apprenticeships';
const isThere = existsSync(SAMPLES);

function readSample(name: string): unknown {
  return JSON.parse(readFileSync(`${SAMPLES}/${name}`, 'utf8'));
}

const ALL = `kind title occupation { name } employer description
  places { name street postcode town country location { latitude longitude } }
  distanceKm startsOn publishedOn expiresOn positions requirements url
  sources { source name externalId url fetchedAt }`;

(isThere ? describe : describe.skip)(
  `samples of the real feeds${isThere ? '' : ` (skipped: ${SAMPLES} is not there)`}`,
  () => {
    let database: SqlDatabase;
    let world: Awaited<ReturnType<typeof createTestWorld>>;
    beforeAll(async () => {
      database = await openTestDatabase();
      world = await createTestWorld(database, {
        augsburg: toFile({ name: 'Augsburg', postcode: '86150', location: { latitude: 48.3673, longitude: 10.8921 } }),
        koeln: toFile({ name: 'Köln', postcode: '50667', location: { latitude: 50.9375, longitude: 6.9603 } }),
      });
    });
    beforeEach(() => world.clear());
    afterAll(async () => {
      await world.close();
      await database.close();
    });

    it('Sprungbrett: reaches readers field by field', async () => {
      const sample = readSample('sprungbrett.sample.json');
      world.feeds.answer(() => sample);
      const results: readonly Record<string, string>[] = Object(sample).results;
      expect(results).toHaveLength(3);

      const report = await world.ingest('sprungbrett');

      expect(report).toMatchObject({ accepted: 3, changed: 3, removed: 0, failures: [] });
      // The documented urls are placeholders: they serve as keys and are no links.
      expect(report.rejections.map(({ reason }) => reason)).toEqual(
        results.map(({ url }) => `url left empty: "${url}" is not an http(s) address`),
      );
      const nodes = await world.list('augsburg', ALL);
      expect(sortByTitle(nodes)).toEqual(
        sortByTitle(
          results.map(({ title, apprenticeship, zip, city, lat, lon }) => ({
            kind: apprenticeship === '1' ? 'APPRENTICESHIP' : 'INTERNSHIP',
            title,
            occupation: null,
            employer: null,
            description: null,
            places: [
              {
                name: null,
                street: null,
                postcode: zip,
                town: city,
                country: 'DE',
                location: { latitude: Number(lat), longitude: Number(lon) },
              },
            ],
            distanceKm: 0.771,
            startsOn: null,
            publishedOn: null,
            expiresOn: null,
            positions: null,
            requirements: [],
            url: null,
            sources: [
              {
                source: 'sprungbrett',
                name: 'Sprungbrett into work',
                externalId: expect.stringMatching(/^[0-9a-f]{24}$/),
                url: null,
                fetchedAt: '2027-03-01T06:00:00.000Z',
              },
            ],
          })),
        ),
      );
      expect(nodes.map(({ kind }) => kind).sort()).toEqual(['APPRENTICESHIP', 'APPRENTICESHIP', 'INTERNSHIP']);
      expect(await world.list('koeln')).toEqual([]);
    });

    it('Jobsuche: reaches readers field by field', async () => {
      const sample = Object(readSample('ba-jobsuche.v6-item.json'));
      world.feeds.answer(() => jobsucheAnswer([sample]));

      const report = await world.ingest('bundesagentur');

      expect(report).toMatchObject({ accepted: 1, changed: 1, rejections: [], failures: [] });
      const { plz, ort } = sample.stellenlokationen[0].adresse;
      const page = `https://www.arbeitsagentur.de/jobsuche/jobdetail/${sample.referenznummer}`;
      expect(sample.firma).toContain('  ');
      expect(plz).not.toBe('50667');
      // Without coordinates and with another postcode than the municipality's it is found by the town's name.
      expect(await world.list('koeln', ALL)).toEqual([
        {
          kind: 'APPRENTICESHIP',
          title: sample.stellenangebotsTitel,
          occupation: { name: sample.hauptberuf },
          employer: sample.firma.replace('  ', ' '),
          description: null,
          places: [{ name: null, street: null, postcode: plz, town: ort, country: 'DE', location: null }],
          distanceKm: null,
          startsOn: sample.eintrittszeitraum.von,
          publishedOn: sample.datumErsteVeroeffentlichung,
          expiresOn: null,
          positions: null,
          requirements: [],
          url: page,
          sources: [
            {
              source: 'bundesagentur',
              name: 'Bundesagentur für Arbeit',
              externalId: sample.referenznummer,
              url: page,
              fetchedAt: '2027-03-01T06:00:00.000Z',
            },
          ],
        },
      ]);
      expect(await world.list('augsburg')).toEqual([]);
    });
  },
);

function sortByTitle(nodes: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
  return nodes.toSorted((a, b) => String(a.title).localeCompare(String(b.title)));
}
