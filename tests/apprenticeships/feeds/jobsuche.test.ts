import { describe, expect, it } from '@jest/globals';

import type { ApprenticeshipRecord } from '../../../subgraphs/apprenticeships/ApprenticeshipRecord.ts';
import { createJobsucheFeed } from '../../../subgraphs/apprenticeships/feeds/jobsuche/createJobsucheFeed.ts';
import { toCountryCode, toRegionName, toWords } from '../../../subgraphs/apprenticeships/feeds/jobsuche/toWords.ts';
import { jobsucheItem } from '../support/feedItems.ts';

const feed = createJobsucheFeed({
  url: 'https://jobsuche.example.org',
  apiKey: undefined,
  http: { get: () => Promise.reject(new Error('this suite asks nobody')) },
});

function read(changes: Readonly<Record<string, unknown>> = {}): {
  record: ApprenticeshipRecord;
  remarks: readonly string[];
} {
  const outcome = feed.readItem(jobsucheItem(7, changes));
  if (outcome.kind === 'rejected') {
    throw new Error(outcome.reason);
  }
  return outcome;
}

describe('an item of the Jobsuche', () => {
  it('becomes a record field by field', () => {
    const sent = {
      stellenangebotsBeschreibung: 'Du  lernst:\n<b>Rahmen</b> bauen',
      geforderterBildungsabschluss: 'MITTLERE_REIFE',
      externeURL: 'https://radwerk.example.org/lehre?id=7',
      veroeffentlichungszeitraum: { von: '2027-02-04', bis: '2027-08-31' },
    };

    expect(read(sent)).toEqual({
      kind: 'accepted',
      record: {
        source: 'bundesagentur',
        externalId: '19999-00000007-S',
        sourceUrl: 'https://www.arbeitsagentur.de/jobsuche/jobdetail/19999-00000007-S',
        kind: 'APPRENTICESHIP',
        title: 'Ausbildung Zweiradmechatroniker/in 7',
        occupation: { name: 'Zweiradmechatroniker/in', scheme: null, code: null },
        employer: 'Radwerk Lechtal GmbH',
        description: 'Du lernst:\nRahmen bauen',
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
        startsOn: '2027-09-01',
        publishedOn: '2027-02-03',
        expiresOn: '2027-08-31',
        positions: null,
        requirements: ['Mittlere Reife'],
        url: 'https://radwerk.example.org/lehre?id=7',
        modifiedAt: '2027-02-05T10:15:00.123',
      },
      remarks: [],
    });
  });

  it('takes KEINE_ANGABE, KEINE_ANGABEN and NICHT_RELEVANT for no answer', () => {
    const { record } = read({
      hauptberuf: 'KEINE_ANGABE',
      firma: 'KEINE_ANGABEN',
      geforderterBildungsabschluss: 'NICHT_RELEVANT',
      ausbildungsart: 'KEINE_ANGABE',
    });

    expect(record).toMatchObject({ occupation: null, employer: null, requirements: [], kind: 'APPRENTICESHIP' });
  });

  it.each([
    [{}, 'APPRENTICESHIP'],
    [{ ausbildungsart: 'AUSBILDUNG' }, 'APPRENTICESHIP'],
    [{ ausbildungsart: 'DUALES_STUDIUM' }, 'DUAL_STUDY'],
    [{ studiengang: 'Wasserwirtschaft' }, 'DUAL_STUDY'],
    [{ stellenangebotsTitel: 'Duales Studium Bauwesen (m/w/d)' }, 'DUAL_STUDY'],
    [{ stellenangebotsTitel: 'Dual Studierende Informatik' }, 'DUAL_STUDY'],
    [{ stellenangebotsTitel: 'Dualer Bachelorstudiengang Pflege' }, 'DUAL_STUDY'],
    [{ stellenangebotsTitel: 'Bachelor of Arts Soziale Arbeit' }, 'DUAL_STUDY'],
    [{ stellenangebotsTitel: 'Ausbildung statt Studium: Koch/Köchin' }, 'APPRENTICESHIP'],
    [{ stellenangebotsTitel: 'Individuelle Studienberatung, Ausbildung Büro' }, 'APPRENTICESHIP'],
  ])('with %j is of the kind %s', (changes, kind) => {
    expect(read(changes).record.kind).toBe(kind);
  });

  it('has each of its places once', () => {
    const at = (plz: unknown, ort: string) => ({ adresse: { plz, ort, region: 'SACHSEN' } });

    expect(
      read({ stellenlokationen: [at('01067', 'Dresden'), at(1067, 'Dresden'), at('04103', 'Leipzig')] }).record.places,
    ).toEqual([
      { name: null, street: null, postcode: '01067', town: 'Dresden', country: 'DE', location: null },
      { name: null, street: null, postcode: '04103', town: 'Leipzig', country: 'DE', location: null },
    ]);
  });

  it.each([[undefined], [null], [[]], [[{}]], [[{ adresse: null }]]])(
    'with the locations %j has no places',
    (stellenlokationen) => {
      expect(read({ stellenlokationen }).record.places).toEqual([]);
    },
  );

  it('says the region in words where it knows no town', () => {
    const stellenlokationen = [{ adresse: { region: 'BADEN_WUERTTEMBERG' }, breite: 0, laenge: 0 }];

    expect(read({ stellenlokationen }).record.places).toEqual([
      { name: 'Baden-Württemberg', street: null, postcode: null, town: null, country: 'DE', location: null },
    ]);
  });

  it('keeps street and house number, and postcodes of other countries', () => {
    const adresse = { plz: '6850', ort: 'Dornbirn', land: 'OESTERREICH', strasse: 'Marktstraße', hausnummer: 12 };

    expect(read({ stellenlokationen: [{ adresse }] }).record.places).toEqual([
      { name: null, street: 'Marktstraße 12', postcode: '6850', town: 'Dornbirn', country: 'AT', location: null },
    ]);
  });

  it('links to its public page where the company has no link of its own', () => {
    const { record, remarks } = read({ externeURL: 'javascript:alert(1)' });

    expect(record.url).toBe('https://www.arbeitsagentur.de/jobsuche/jobdetail/19999-00000007-S');
    expect(remarks).toEqual(['url left empty: "javascript:alert(1)" is not an http(s) address']);
  });

  it('D-11: keeps no day that the calendar does not have, and says so', () => {
    const { record, remarks } = read({
      eintrittszeitraum: { von: '31.02.2027' },
      datumErsteVeroeffentlichung: '2027-13-01',
      veroeffentlichungszeitraum: { bis: 46266 },
    });

    expect(record).toMatchObject({ startsOn: null, publishedOn: null, expiresOn: null });
    expect(remarks).toEqual([
      'startsOn left empty: "31.02.2027" is not a day of the calendar',
      'publishedOn left empty: "2027-13-01" is not a day of the calendar',
      'expiresOn left empty: "46266" is not a day of the calendar',
    ]);
  });

  it('falls back to the period of publication, and to the occupation for a title', () => {
    const { record } = read({ datumErsteVeroeffentlichung: undefined, stellenangebotsTitel: '' });

    expect(record).toMatchObject({ publishedOn: '2027-02-04', title: 'Zweiradmechatroniker/in' });
  });

  it('D-15: with a number for a key keeps its digits, and is rejected where they are lost', () => {
    expect(read({ referenznummer: 1234567890 }).record.externalId).toBe('1234567890');
    expect(
      feed.readItem(JSON.parse('{"referenznummer":9007199254740993,"stellenangebotsTitel":"Koch"}')),
    ).toMatchObject({
      kind: 'rejected',
      externalId: undefined,
      reason: expect.stringContaining('referenznummer'),
    });
  });

  it.each([
    [{ referenznummer: undefined }, undefined],
    [{ referenznummer: '  ' }, undefined],
    [{ stellenangebotsTitel: null, hauptberuf: '' }, '19999-00000007-S'],
    [{ stellenlokationen: 'Augsburg' }, '19999-00000007-S'],
    [{ eintrittszeitraum: '2027-09-01' }, '19999-00000007-S'],
    [{ stellenangebotsart: 'ARBEIT' }, '19999-00000007-S'],
  ])('D-10: with %j is rejected, by its key where it has one', (changes, externalId) => {
    expect(feed.readItem(jobsucheItem(7, changes))).toMatchObject({ kind: 'rejected', externalId });
  });
});

describe('the words of the Jobsuche', () => {
  it.each([
    ['NORDRHEIN_WESTFALEN', 'Nordrhein-Westfalen'],
    ['THUERINGEN', 'Thüringen'],
    ['Baden-Württemberg', 'Baden-Württemberg'],
    ['VORARLBERG', 'Vorarlberg'],
    [null, null],
  ])('name the region %j %j', (region, expected) => {
    expect(toRegionName(region)).toBe(expected);
  });

  it.each([
    ['DEUTSCHLAND', null, 'DE'],
    ['Deutschland', null, 'DE'],
    ['Österreich', null, 'AT'],
    ['FR', null, 'FR'],
    [null, 'SACHSEN_ANHALT', 'DE'],
    [null, 'VORARLBERG', null],
    ['ATLANTIS', 'BAYERN', null],
  ])('name the country %j with the region %j %j', (country, region, expected) => {
    expect(toCountryCode(country, { region })).toBe(expected);
  });

  it.each([
    ['MITTLERE_REIFE', 'Mittlere Reife'],
    ['Hauptschulabschluss', 'Hauptschulabschluss'],
  ])('turn %j into %j', (value, expected) => {
    expect(toWords(value)).toBe(expected);
  });
});
