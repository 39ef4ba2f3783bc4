import type { ApprenticeshipRecord, RecordPlace } from '../../ApprenticeshipRecord.ts';
import { createRemarks, type Remarks } from '../../normalise/Remarks.ts';
import { readLocation } from '../../normalise/readLocation.ts';
import { toCalendarDay } from '../../normalise/toCalendarDay.ts';
import { toGermanPostcode } from '../../normalise/toGermanPostcode.ts';
import { toHttpUrl } from '../../normalise/toHttpUrl.ts';
import { toPlainLine, toPlainText } from '../../normalise/toPlainText.ts';
import type { JobsucheItem, JobsuchePlace } from './parseJobsuche.ts';
import { toCountryCode, toRegionName, toWords } from './toWords.ts';

/** Times of the upstream carry no zone and mean this one. */
const TIME_ZONE = 'Europe/Berlin';
const MAX_DESCRIPTION_LENGTH = 20_000;
/** Where the Bundesagentur shows an item to everybody. */
const PUBLIC_PAGE = 'https://www.arbeitsagentur.de/jobsuche/jobdetail/';

const DUAL_STUDY_TITLE = /\bdual\w*\s+(?:\w+\s)?\w*studi|\b(?:bachelor|master) of\b/i;

/** The record of one item of the list. */
export function normaliseJobsuche(item: JobsucheItem): { record: ApprenticeshipRecord; remarks: readonly string[] } {
  const remarks = createRemarks();
  const day = (field: string, sent: string | number | null | undefined) =>
    remarks.optional(field, sent, (text) => toCalendarDay(text, { timeZone: TIME_ZONE }), 'a day of the calendar');
  const occupation = toPlainLine(item.hauptberuf);
  const title = toPlainLine(item.stellenangebotsTitel) ?? occupation ?? '';
  const sourceUrl = PUBLIC_PAGE + encodeURIComponent(item.referenznummer);
  const record: ApprenticeshipRecord = {
    source: 'bundesagentur',
    externalId: item.referenznummer,
    sourceUrl,
    kind: isDualStudy(item) ? 'DUAL_STUDY' : 'APPRENTICESHIP',
    title,
    occupation: occupation === null ? null : { name: occupation, scheme: null, code: null },
    employer: toPlainLine(item.firma),
    description: toPlainText(item.stellenangebotsBeschreibung, { maxLength: MAX_DESCRIPTION_LENGTH }),
    places: toPlaces(item.stellenlokationen ?? [], remarks),
    startsOn: day('startsOn', item.eintrittszeitraum?.von),
    publishedOn: day('publishedOn', item.datumErsteVeroeffentlichung ?? item.veroeffentlichungszeitraum?.von),
    expiresOn: day('expiresOn', item.veroeffentlichungszeitraum?.bis),
    positions: null,
    requirements: item.geforderterBildungsabschluss === null ? [] : [toWords(item.geforderterBildungsabschluss)],
    url: remarks.optional('url', item.externeURL, toHttpUrl, 'an http(s) address') ?? sourceUrl,
    modifiedAt: item.aenderungsdatum ?? null,
  };
  return { record, remarks: remarks.all };
}

function isDualStudy({ ausbildungsart, studiengang, stellenangebotsTitel }: JobsucheItem): boolean {
  return (
    /DUAL|STUDIUM/i.test(ausbildungsart ?? '') ||
    (studiengang ?? '').trim() !== '' ||
    DUAL_STUDY_TITLE.test(stellenangebotsTitel ?? '')
  );
}

function toPlaces(sent: readonly JobsuchePlace[], remarks: Remarks): readonly RecordPlace[] {
  const places = sent.map((place) => toPlace(place, remarks)).filter((place) => place !== undefined);
  // A company with two openings at one address sends the address twice.
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

function toPlace({ adresse, breite, laenge }: JobsuchePlace, remarks: Remarks): RecordPlace | undefined {
  const country = toCountryCode(adresse?.land ?? null, { region: adresse?.region ?? null });
  const town = toPlainLine(adresse?.ort);
  const street = [adresse?.strasse, adresse?.hausnummer]
    .filter((part) => part !== null && part !== undefined)
    .join(' ');
  const isGerman = country === null || country === 'DE';
  const postcode = remarks.optional(
    'postcode',
    adresse?.plz,
    (text) => (isGerman ? toGermanPostcode(text) : (toPlainLine(text, { maxLength: 12 }) ?? undefined)),
    'a postcode',
  );
  const place: RecordPlace = {
    name: town === null && postcode === null ? toRegionName(adresse?.region ?? null) : null,
    street: toPlainLine(street),
    postcode,
    town,
    country: country ?? (postcode === null ? null : 'DE'),
    location: readLocation(remarks, breite, laenge),
  };
  const isKnown = [place.name, place.street, place.postcode, place.town, place.location].some(
    (value) => value !== null,
  );
  return isKnown ? place : undefined;
}
