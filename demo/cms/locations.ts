import { DAY_MS, toBerlinIso } from '../berlinTime.ts';
import { seededRandom } from '../seededRandom.ts';
import type { CmsRegion } from './CmsRegion.ts';
import { toCategory } from './categories.ts';
import { CMS_LANGUAGES, DEFAULT_LANGUAGE, type LanguageCode } from './languages.ts';
import { type HoursKind, toOpeningHours } from './openingHours.ts';
import { toOrganization } from './organizations.ts';
import { CMS_HOST, toAddress, writerOf } from './RegionText.ts';
import { slugify, toExcerpt } from './renderHtml.ts';

/** A place of a region, whatever its languages. */
export interface Location {
  readonly id: number;
  readonly key: string;
  readonly category: string;
  readonly updatedAt: number;
  readonly details: ReturnType<typeof toDetails>;
  readonly address: ReturnType<typeof toWireAddress>;
  /** Languages in which it is written; the others fall back to German. */
  readonly translations: ReadonlySet<LanguageCode>;
}

const KINDS: readonly (readonly [key: string, category: string, hours: HoursKind])[] = [
  ['integration-office', 'advice', 'office'],
  ['citizen-service', 'office', 'office'],
  ['immigration-office', 'office', 'office'],
  ['job-centre', 'office', 'office'],
  ['adult-school', 'education', 'office'],
  ['library', 'education', 'afternoon'],
  ['family-centre', 'meeting', 'afternoon'],
  ['youth-centre', 'meeting', 'afternoon'],
  ['meeting-place', 'meeting', 'unknown'],
  ['clinic', 'health', 'always'],
  ['health-office', 'health', 'office'],
  ['pharmacy', 'health', 'shop'],
  ['food-bank', 'shopping', 'unknown'],
  ['social-shop', 'shopping', 'shop'],
  ['bike-workshop', 'leisure', 'afternoon'],
  ['sports-club', 'leisure', 'unknown'],
  ['swimming', 'leisure', 'pool'],
  ['tenants-association', 'advice', 'office'],
  ['legal-advice', 'advice', 'afternoon'],
  ['community-garden', 'other', 'always'],
];
/** Events take place in them. */
const ALWAYS: ReadonlySet<string> = new Set([
  'integration-office',
  'library',
  'family-centre',
  'youth-centre',
  'meeting-place',
  'adult-school',
]);
const STREETS = [
  'Gartenstraße',
  'Schillerstraße',
  'Mühlweg',
  'Lindenallee',
  'Kirchplatz',
  'Ringstraße',
  'Am Kanal',
  'Rosenweg',
  'Bahnhofstraße',
] as const;

export function createLocations(region: CmsRegion, yearStart: number): readonly Location[] {
  const random = seededRandom(`locations ${region.slug}`);
  const kept = KINDS.filter(([key]) => ALWAYS.has(key) || random.chance(0.8));
  const closable = kept.filter(([key]) => !ALWAYS.has(key));
  const closed = closable[random.integer(closable.length)];
  return kept.map((kind, index) => {
    const [key, category, hours] = kind;
    const id = region.id * 100 + index + 1;
    const translations = region.languages.filter(
      (code) =>
        CMS_LANGUAGES[code].texts.locations[key] !== undefined &&
        (code === DEFAULT_LANGUAGE || ALWAYS.has(key) || !random.chance(0.15)),
    );
    return {
      id,
      key,
      category,
      updatedAt: yearStart - random.integer(500) * DAY_MS + random.integer(DAY_MS),
      details: toDetails({ key, hours, region, isClosed: kind === closed }),
      address: toWireAddress({ id, key, region }),
      translations: new Set(translations),
    };
  });
}

/** A place as the CMS sends it; undefined when it is not public in the language. */
export function toWireLocation(location: Location, region: CmsRegion, code: LanguageCode) {
  const isFallback = !location.translations.has(code);
  const path = locationPath(location, region, code);
  const written = isFallback ? DEFAULT_LANGUAGE : code;
  const text = CMS_LANGUAGES[written].texts.locations[location.key];
  if (path === undefined || text === undefined) {
    return undefined;
  }
  const writer = writerOf(region, written);
  const title = writer.title(text);
  const html = writer.html(text);
  const others = region.languages.flatMap((other) => {
    const otherPath = other === code ? undefined : locationPath(location, region, other);
    const id = location.translations.has(other) ? translationId(location, other) : null;
    return otherPath === undefined ? [] : [[other, { id, ...toAddress(otherPath) }] as const];
  });
  return {
    id: isFallback ? null : translationId(location, code),
    ...toAddress(path),
    title,
    modified_gmt: new Date(location.updatedAt).toISOString(),
    last_updated: toBerlinIso(location.updatedAt, { milliseconds: true }),
    published_at: toBerlinIso(location.updatedAt - 30 * DAY_MS, { milliseconds: true }),
    meta_description: '',
    excerpt: toExcerpt(html),
    content: html,
    available_languages: Object.fromEntries(others),
    icon: null,
    thumbnail: location.details.hasImage
      ? `${CMS_HOST}/media/regions/${region.id}/locations/${location.key}.jpg`
      : null,
    category: toCategory(location.category, written),
    temporarily_closed: location.details.isClosed,
    opening_hours: location.details.openingHours,
    appointment_url: location.details.appointmentUrl,
    contacts: location.details.contacts,
    location: location.address,
    hash: null,
    organization: location.details.isOfOrganization ? toOrganization(region) : null,
    barrier_free: location.details.isBarrierFree,
  };
}

/** Undefined when the place is neither translated nor delivered in German instead. */
export function locationPath(location: Location, region: CmsRegion, code: LanguageCode): string | undefined {
  const isTranslated = location.translations.has(code);
  const text = CMS_LANGUAGES[isTranslated ? code : DEFAULT_LANGUAGE].texts.locations[location.key];
  return text !== undefined && (isTranslated || region.hasFallback)
    ? `/${region.slug}/${code}/locations/${slugify(text[0])}/`
    : undefined;
}

function toDetails({
  key,
  hours,
  region,
  isClosed,
}: {
  key: string;
  hours: HoursKind;
  region: CmsRegion;
  isClosed: boolean;
}) {
  const random = seededRandom(`location ${region.slug} ${key}`);
  const barrierFree = random.integer(4);
  const website = `https://${key}.${region.slug}.example.org/`;
  return {
    isClosed,
    openingHours: toOpeningHours(hours, random),
    appointmentUrl:
      hours === 'office' && random.chance(0.5) ? `https://termine.${region.slug}.example.org/${key}` : null,
    isBarrierFree: barrierFree === 0 ? null : barrierFree > 1,
    isOfOrganization: key === 'meeting-place' || key === 'bike-workshop',
    hasImage: random.chance(0.4),
    contacts: random.chance(0.8) ? toContacts({ key, region, website, random }) : [],
  };
}

function toContacts({
  key,
  region,
  website,
  random,
}: {
  key: string;
  region: CmsRegion;
  website: string;
  random: ReturnType<typeof seededRandom>;
}) {
  const first = random.pick(['Amira', 'Olena', 'Jonas', 'Mehmet', 'Sabine', 'Tomasz', 'Lejla', 'Paul']);
  const last = random.pick(['Lindner', 'Kaya', 'Bondar', 'Haddad', 'Weiler', 'Nowicki', 'Brand', 'Rossi']);
  return [
    {
      area_of_responsibility: random.chance(0.5) ? 'Anmeldung und Auskunft' : null,
      name: `${first} ${last}`,
      email: `${key}@${region.slug}.example.org`,
      phone_number: `+49 30 23125 ${100 + random.integer(900)}`,
      mobile_number: random.chance(0.3) ? `+49 176 040690${10 + random.integer(90)}` : '',
      website,
      opening_hours: null,
      appointment_url: null,
    },
  ];
}

function toWireAddress({ id, key, region }: { id: number; key: string; region: CmsRegion }) {
  const random = seededRandom(`address ${region.slug} ${key}`);
  const isOffice = key === 'integration-office';
  return {
    id,
    name: CMS_LANGUAGES[DEFAULT_LANGUAGE].texts.locations[key]?.[0] ?? key,
    address: isOffice ? region.street : `${random.pick(STREETS)} ${1 + random.integer(90)}`,
    town: region.town,
    state: null,
    postcode: region.postcode,
    region: null,
    country: 'Deutschland',
    latitude: round(region.latitude + (random.next() - 0.5) * 0.05),
    longitude: round(region.longitude + (random.next() - 0.5) * 0.07),
  };
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

function translationId(location: Location, code: LanguageCode): number {
  return location.id * 10 + CMS_LANGUAGES[code].wire.id;
}
