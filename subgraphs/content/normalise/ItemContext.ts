import type {
  ContentKind,
  GeoPoint,
  LanguageRecord,
  OfferRecord,
  OrganizationRecord,
  PlaceRecord,
  TranslationRecord,
} from '../ContentRecord.ts';
import type { CmsPlace } from '../parse/cmsLocation.ts';
import type { CmsOffer } from '../parse/cmsOffer.ts';
import type { AvailableLanguage } from '../parse/cmsValues.ts';
import { toExcerpt } from './plainText.ts';
import { sanitiseHtml } from './sanitiseHtml.ts';
import { toGeoPoint } from './toGeoPoint.ts';
import { toUrl } from './toUrl.ts';

/** Where an item comes from: what normalising needs besides the item. */
export interface ItemContext {
  readonly municipality: string;
  readonly language: LanguageRecord;
  /** All languages of the region, the default language first. */
  readonly languages: readonly LanguageRecord[];
  /** IANA zone of the municipality. */
  readonly timeZone: string;
  readonly near: GeoPoint | null;
  readonly cmsUrl: string;
}

interface CmsItem {
  readonly url: string | undefined;
  readonly path: string;
  readonly title: string;
  readonly excerpt: string;
  readonly content: string;
  readonly thumbnail: string | undefined;
  readonly updatedAt: Date;
  readonly available_languages: readonly AvailableLanguage[];
}

/** The fields that pages, events and locations share. */
export function normaliseItem(item: CmsItem, context: ItemContext) {
  const url = toUrl(item.url, context.cmsUrl);
  return {
    path: item.path,
    url,
    language: context.language.tag,
    title: item.title,
    excerpt: toExcerpt(item.excerpt),
    html: sanitiseHtml(item.content, url ?? context.cmsUrl),
    updatedAt: item.updatedAt.toISOString(),
    thumbnail: toUrl(item.thumbnail, context.cmsUrl),
    translations: normaliseTranslations(item.available_languages, context),
  };
}

/** The other languages; one that the region does not show is left out, so that every link leads somewhere. */
export function normaliseTranslations(
  available: readonly AvailableLanguage[],
  { language, languages, cmsUrl }: ItemContext,
): readonly TranslationRecord[] {
  return available.flatMap(({ code, path, url }) => {
    const known = languages.find((candidate) => candidate.code.toLowerCase() === code.toLowerCase());
    return known === undefined || known.code === language.code
      ? []
      : [{ language: known.tag, path: path ?? null, url: toUrl(url, cmsUrl) }];
  });
}

export function normaliseOrganization(
  organization:
    | { slug?: string | undefined; name?: string | undefined; website?: string | undefined; logo?: string | undefined }
    | undefined,
  { cmsUrl }: Pick<ItemContext, 'cmsUrl'>,
): OrganizationRecord | null {
  const { slug, name, website, logo } = organization ?? {};
  return slug === undefined ? null : { slug, name: name ?? slug, website: toUrl(website), logo: toUrl(logo, cmsUrl) };
}

export function normaliseOffer(
  { alias, name, url, thumbnail, post }: CmsOffer,
  { cmsUrl }: Pick<ItemContext, 'cmsUrl'>,
): OfferRecord {
  return {
    alias,
    name,
    url: toUrl(url),
    thumbnail: toUrl(thumbnail, cmsUrl),
    post: post.length === 0 ? null : post.map(([key, value]) => ({ key, value })),
  };
}

/** Null when every field of the place is: the CMS has an object of nulls where an event has no place. */
export function normalisePlace(
  place: CmsPlace | null | undefined,
  { near }: Pick<ItemContext, 'near'>,
): PlaceRecord | null {
  const record: PlaceRecord = {
    name: place?.name ?? null,
    street: place?.address ?? null,
    postcode: place?.postcode ?? null,
    town: place?.town ?? null,
    country: place?.country ?? null,
    location: toGeoPoint(place?.latitude, place?.longitude, near),
  };
  return Object.values(record).every((value) => value === null) ? null : record;
}

/**
 * Whether the text is the default language's: the CMS gives such an item no id, and the default language's slug.
 * Single occurrences have no id either in some versions; there the slug alone decides.
 */
export function isFallback(
  item: {
    readonly id: string | undefined;
    readonly path: string;
    readonly available_languages: readonly AvailableLanguage[];
  },
  { language, languages }: ItemContext,
  { isOccurrence = false } = {},
): boolean {
  const original = languages[0];
  if (item.id !== undefined || original === undefined || original.code === language.code) {
    return false;
  }
  const path = item.available_languages.find(({ code }) => code === original.code)?.path;
  return !isOccurrence || (path !== undefined && slugOf(path) === slugOf(item.path));
}

/** The id of the item and of its siblings, from what names them in the CMS. */
export type IdOf = (kind: ContentKind, key: string) => string;

function slugOf(path: string): string {
  return path.split('/').at(-2) ?? path;
}
