import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { createDemoVacancies } from '../../demo/apprenticeships/createDemoVacancies.ts';
import { DEMO_MUNICIPALITIES } from '../../demo/demoMunicipalities.ts';
import { distanceKm } from '../../demo/distance.ts';
import { startDemo } from './startDemo.ts';

const sprungbrettAnswer = z.strictObject({
  total: z.string().regex(/^\d+$/),
  pager: z.strictObject({ current: z.number().int(), max: z.number().int() }),
  results: z.array(
    z.strictObject({
      title: z.string().min(5),
      apprenticeship: z.enum(['0', '1']),
      employment: z.enum(['0', '1']),
      zip: z.string().length(5),
      city: z.string(),
      lat: z.string().regex(/^\d+\.\d{6}$/),
      lon: z.string().regex(/^\d+\.\d{6}$/),
      distance: z.string().regex(/^\d/),
      url: z.url(),
      company: z.string().optional(),
      street: z.string().optional(),
    }),
  ),
});

const day = z.iso.date();
const jobsucheAnswer = z.strictObject({
  ergebnisliste: z.array(
    z.strictObject({
      stellenangebotsTitel: z.string(),
      hauptberuf: z.string().optional(),
      alleBerufe: z.array(z.string()).optional(),
      firma: z.string().optional(),
      referenznummer: z.string().regex(/^10000-\d{10}-S$/),
      stellenangebotsart: z.enum(['AUSBILDUNG', 'ARBEIT']),
      ausbildungsart: z.enum(['AUSBILDUNG', 'DUALES_STUDIUM']).optional(),
      studienform: z.string().optional(),
      studiengang: z.string().optional(),
      stellenlokationen: z.array(
        z.strictObject({
          adresse: z.strictObject({
            plz: z.string().length(5),
            ort: z.string(),
            region: z.string().regex(/^[A-Z_]+$/),
            land: z.literal('DEUTSCHLAND'),
            strasse: z.string().optional(),
            hausnummer: z.string().optional(),
          }),
          breite: z.number().optional(),
          laenge: z.number().optional(),
        }),
      ),
      datumErsteVeroeffentlichung: day,
      veroeffentlichungszeitraum: z.strictObject({ von: day }),
      eintrittszeitraum: z.strictObject({ von: day }).optional(),
      aenderungsdatum: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
      vertragsdauer: z.string(),
      quereinstiegGeeignet: z.boolean(),
      externeURL: z.url().optional(),
      entfernung: z.number().int().optional(),
    }),
  ),
  maxErgebnisse: z.number().int(),
  page: z.number().int(),
  size: z.number().int(),
  facetten: z.object({}),
});

describe('the demo vacancies', () => {
  it('are some hundred, in both feeds, with own numbers', () => {
    const vacancies = createDemoVacancies();

    expect(vacancies).toHaveLength(DEMO_MUNICIPALITIES.length * 14);
    expect(new Set(vacancies.map(({ number }) => number)).size).toBe(vacancies.length);
  });
});

describe('the demo Sprungbrett', () => {
  const { sprungbrett } = startDemo();

  it('answers what lies near a postcode, near first, with numbers as strings', async () => {
    const { total, results } = sprungbrettAnswer.parse(await sprungbrett('?location=86150&page=1'));
    const distances = results.map(({ distance }) => Number(distance));

    expect(total).toBe(String(results.length));
    expect(distances).toEqual([...distances].sort((one, two) => one - two));
    expect(Math.max(...distances)).toBeLessThanOrEqual(30);
    expect(results.map(({ apprenticeship }) => apprenticeship)).toEqual(expect.arrayContaining(['0', '1']));
  });

  it('finds the same by the name of the town, and nothing for places it does not know', async () => {
    const byName = sprungbrettAnswer.parse(await sprungbrett('?location=leipzig'));

    expect(byName).toEqual(sprungbrettAnswer.parse(await sprungbrett('?location=04109')));
    expect(sprungbrettAnswer.parse(await sprungbrett('?location=Atlantis'))).toEqual({
      total: '0',
      pager: { current: 1, max: 1 },
      results: [],
    });
  });

  it('answers an empty page behind the last one', async () => {
    expect(sprungbrettAnswer.parse(await sprungbrett('?location=86150&page=2'))).toMatchObject({
      pager: { current: 2, max: 1 },
      results: [],
    });
  });
});

describe('the demo Jobsuche', () => {
  const { jobsuche, upstreams } = startDemo();
  const search = async (query: string) => jobsucheAnswer.parse(await (await jobsuche(`/pc/v6/jobs?${query}`)).json());

  it('wants a key', async () => {
    expect((await fetch(`${upstreams().jobsucheUrl}/pc/v6/jobs?wo=86150`)).status).toBe(403);
  });

  it('pages what lies within the radius', async () => {
    const all = await search('angebotsart=4&wo=86150&umkreis=30&size=100');
    const first = await search('angebotsart=4&wo=86150&umkreis=30&size=5&page=1');
    const second = await search('angebotsart=4&wo=86150&umkreis=30&size=5&page=2');
    const near = await search('angebotsart=4&wo=86150&umkreis=2&size=100');

    expect(all.maxErgebnisse).toBe(all.ergebnisliste.length);
    expect([...first.ergebnisliste, ...second.ergebnisliste]).toEqual(all.ergebnisliste.slice(0, 10));
    expect(first.maxErgebnisse).toBe(all.maxErgebnisse);
    expect(near.maxErgebnisse).toBeLessThan(all.maxErgebnisse);
    expect(all.ergebnisliste.every(({ entfernung }) => entfernung !== undefined && entfernung <= 30)).toBe(true);
  });

  it('measures from the place asked to the nearest workplace', async () => {
    const { ergebnisliste } = await search('angebotsart=4&wo=86150&umkreis=100&size=100');
    const augsburg = { latitude: 48.3673, longitude: 10.8921 };

    for (const { entfernung, stellenlokationen } of ergebnisliste) {
      const distances = stellenlokationen.flatMap(({ breite, laenge }) =>
        breite === undefined || laenge === undefined
          ? []
          : [distanceKm(augsburg, { latitude: breite, longitude: laenge })],
      );
      expect(distances.length === 0 || entfernung === Math.round(Math.min(...distances))).toBe(true);
    }
  });

  it('leaves out what companies leave out, and has several workplaces for some', async () => {
    const { ergebnisliste: list } = await search('angebotsart=4&size=100');

    expect(list.some(({ firma }) => firma === undefined)).toBe(true);
    expect(list.some(({ hauptberuf }) => hauptberuf === undefined)).toBe(true);
    expect(list.some(({ eintrittszeitraum }) => eintrittszeitraum === undefined)).toBe(true);
    expect(list.some(({ stellenlokationen }) => stellenlokationen.length > 1)).toBe(true);
    expect(list.some(({ stellenlokationen: [place] }) => place?.adresse.strasse === 'KEINE_ANGABE')).toBe(true);
    expect(list.some(({ stellenlokationen: [place] }) => place?.breite === undefined)).toBe(true);
  });

  it('searches jobs unless training is asked for', async () => {
    const kinds = async (query: string) =>
      new Set((await search(query)).ergebnisliste.map(({ stellenangebotsart }) => stellenangebotsart));

    expect(await kinds('size=100')).toEqual(new Set(['ARBEIT']));
    expect(await kinds('angebotsart=4&size=100')).toEqual(new Set(['AUSBILDUNG']));
  });

  it.each(['wo=&angebotsart=4', 'size=101', 'page=0', 'umkreis=far'])('refuses %s', async (query) => {
    expect((await jobsuche(`/pc/v6/jobs?${query}`)).status).toBe(400);
  });

  it('describes an item in its details and no longer answers version 4', async () => {
    const { ergebnisliste } = await search('angebotsart=4&wo=Kiel');
    const reference = ergebnisliste[0]?.referenznummer ?? '';
    const encoded = encodeURIComponent(Buffer.from(reference).toString('base64'));
    const details: unknown = await (await jobsuche(`/pc/v4/jobdetails/${encoded}`)).json();

    expect(details).toMatchObject({
      referenznummer: reference,
      stellenangebotsBeschreibung: expect.stringContaining('Aufgaben'),
    });
    expect((await jobsuche('/pc/v4/jobdetails/bm90aGluZw%3D%3D')).status).toBe(404);
    expect((await jobsuche('/pc/v4/jobs?wo=Kiel')).status).toBe(404);
  });
});

describe('the municipalities of the demo', () => {
  it('have at least 14 vacancies each, within their own reach', () => {
    const vacancies = createDemoVacancies();
    for (const { slug } of DEMO_MUNICIPALITIES) {
      const own = vacancies.flatMap(({ workplaces }) =>
        workplaces.filter(({ municipality }) => municipality.slug === slug),
      );

      expect(own.length).toBeGreaterThanOrEqual(14);
      for (const { municipality, position } of own) {
        expect(distanceKm(municipality, position)).toBeLessThan(20);
      }
    }
  });
});
