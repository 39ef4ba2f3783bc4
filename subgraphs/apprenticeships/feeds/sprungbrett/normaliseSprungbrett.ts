import type { ApprenticeshipRecord, RecordPlace } from '../../ApprenticeshipRecord.ts';
import { createRemarks, type Remarks } from '../../normalise/Remarks.ts';
import { readLocation } from '../../normalise/readLocation.ts';
import { toGermanPostcode } from '../../normalise/toGermanPostcode.ts';
import { toHttpUrl } from '../../normalise/toHttpUrl.ts';
import { toPlainLine } from '../../normalise/toPlainText.ts';
import { keyOfSprungbrett, type SprungbrettItem } from './parseSprungbrett.ts';

/** The record of one item. The upstream knows no dates: it is new when first seen and gone when it is absent. */
export function normaliseSprungbrett(item: SprungbrettItem): {
  record: ApprenticeshipRecord;
  remarks: readonly string[];
} {
  const remarks = createRemarks();
  const url = remarks.optional('url', item.url, toHttpUrl, 'an http(s) address');
  const record: ApprenticeshipRecord = {
    source: 'sprungbrett',
    externalId: keyOfSprungbrett(item) ?? '',
    sourceUrl: url,
    // An employment that is no apprenticeship, and an item that is neither, is an internship.
    kind: item.apprenticeship ? 'APPRENTICESHIP' : 'INTERNSHIP',
    title: toPlainLine(item.title) ?? '',
    occupation: null,
    employer: toPlainLine(item.company),
    description: null,
    places: toPlaces(item, remarks),
    startsOn: null,
    publishedOn: null,
    expiresOn: null,
    positions: null,
    requirements: [],
    url,
    modifiedAt: null,
  };
  return { record, remarks: remarks.all };
}

function toPlaces({ zip, city, street, lat, lon }: SprungbrettItem, remarks: Remarks): readonly RecordPlace[] {
  const place: RecordPlace = {
    name: null,
    street: toPlainLine(street),
    postcode: remarks.optional('zip', zip, toGermanPostcode, 'a postcode'),
    town: toPlainLine(city),
    country: 'DE',
    location: readLocation(remarks, lat, lon),
  };
  const isKnown = [place.street, place.postcode, place.town, place.location].some((value) => value !== null);
  return isKnown ? [place] : [];
}
