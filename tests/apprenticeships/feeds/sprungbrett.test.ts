import { describe, expect, it } from '@jest/globals';

import type { ApprenticeshipRecord } from '../../../subgraphs/apprenticeships/ApprenticeshipRecord.ts';
import { createSprungbrettFeed } from '../../../subgraphs/apprenticeships/feeds/sprungbrett/createSprungbrettFeed.ts';
import { sprungbrettItem } from '../support/feedItems.ts';

const feed = createSprungbrettFeed({
  url: 'https://sprungbrett.example.org/suche',
  http: { get: () => Promise.reject(new Error('this suite asks nobody')) },
});

function read(changes: Readonly<Record<string, unknown>> = {}): {
  record: ApprenticeshipRecord;
  remarks: readonly string[];
} {
  const outcome = feed.readItem(sprungbrettItem(7, changes));
  if (outcome.kind === 'rejected') {
    throw new Error(outcome.reason);
  }
  return outcome;
}

describe('an item of Sprungbrett', () => {
  it('becomes a record field by field', () => {
    expect(read({ company: 'Gärtnerei  Morgenthau', street: 'Am Anger 3' })).toEqual({
      kind: 'accepted',
      record: {
        source: 'sprungbrett',
        externalId: '8813d19d3923f2dae448e17f',
        sourceUrl: 'https://sprungbrett.example.org/stelle/7',
        kind: 'APPRENTICESHIP',
        title: 'Ausbildung Gärtnerei 7',
        occupation: null,
        employer: 'Gärtnerei Morgenthau',
        description: null,
        places: [
          {
            name: null,
            street: 'Am Anger 3',
            postcode: '86150',
            town: 'Augsburg',
            country: 'DE',
            location: { latitude: 48.3715, longitude: 10.8985 },
          },
        ],
        startsOn: null,
        publishedOn: null,
        expiresOn: null,
        positions: null,
        requirements: [],
        url: 'https://sprungbrett.example.org/stelle/7',
        modifiedAt: null,
      },
      remarks: [],
    });
  });

  it.each([
    ['1', '0', 'APPRENTICESHIP'],
    ['1', '1', 'APPRENTICESHIP'],
    ['0', '1', 'INTERNSHIP'],
    ['0', '0', 'INTERNSHIP'],
    [1, 0, 'APPRENTICESHIP'],
    [true, false, 'APPRENTICESHIP'],
    ['true', 'false', 'APPRENTICESHIP'],
    [null, undefined, 'INTERNSHIP'],
  ])('with apprenticeship %j and employment %j is of the kind %s', (apprenticeship, employment, kind) => {
    expect(read({ apprenticeship, employment }).record.kind).toBe(kind);
  });

  it('keeps its key when everything but its url changes', () => {
    const other = read({
      title: 'Neuer Titel',
      distance: '12.5',
      zip: '86199',
      url: 'https://sprungbrett.example.org/stelle/7#oben',
    });

    expect(other.record.externalId).toBe(read().record.externalId);
    expect(read({ url: 'https://sprungbrett.example.org/stelle/8' }).record.externalId).not.toBe(
      read().record.externalId,
    );
  });

  it('says nothing of the distance, which belongs to the question', () => {
    expect(read({ distance: '99' }).record).toEqual(read().record);
  });

  it.each([
    [1067, '01067', []],
    ['1067', '01067', []],
    ['', null, []],
    ['x', null, ['zip left empty: "x" is not a postcode']],
  ])('with the zip %j lies in the postcode %j', (zip, postcode, remarks) => {
    expect(read({ zip }).record.places[0]?.postcode).toBe(postcode);
    expect(read({ zip }).remarks).toEqual(remarks);
  });

  it('without any place has no places', () => {
    expect(read({ zip: '', city: '', lat: '', lon: '' }).record.places).toEqual([]);
  });

  it('D-12: keeps no link but http and https, and no markup', () => {
    const { record, remarks } = read({
      title: 'Koch<script>alert(1)</script>',
      url: 'javascript:alert(1)',
      company: '<img src=x onerror=alert(1)>Gasthof Anker',
    });

    expect(record).toMatchObject({ title: 'Koch', employer: 'Gasthof Anker', url: null, sourceUrl: null });
    expect(remarks).toEqual(['url left empty: "javascript:alert(1)" is not an http(s) address']);
  });

  it.each([
    [{ title: undefined }, 'title: Invalid input: expected string, received undefined'],
    [{ title: '  ' }, 'title: the title is missing'],
    [{ url: '' }, 'url: the url is missing, so that the item has no key'],
    [{ apprenticeship: 'ja' }, 'apprenticeship: Invalid input'],
    [{ city: { name: 'Augsburg' } }, 'city: Invalid input: expected string, received object'],
  ])('D-10: with %j is rejected', (changes, reason) => {
    expect(feed.readItem(sprungbrettItem(7, changes))).toMatchObject({ kind: 'rejected', reason });
  });

  it.each([null, 'text', 7, [], undefined])('D-10: that is %j is rejected', (item) => {
    expect(feed.readItem(item)).toMatchObject({ kind: 'rejected', externalId: undefined });
  });

  it('D-15: with __proto__ and constructor among its fields is read like any other', () => {
    const item: unknown = JSON.parse(
      JSON.stringify(sprungbrettItem(7)).replace('{', '{"__proto__":{"title":"x","polluted":true},"constructor":1,'),
    );

    expect(feed.readItem(item)).toMatchObject({ kind: 'accepted', record: { title: 'Ausbildung Gärtnerei 7' } });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
