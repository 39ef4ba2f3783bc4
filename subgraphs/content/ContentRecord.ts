import type { CmsNewsSource } from './parse/cmsNews.ts';
import type { Schedule } from './schedule/Schedule.ts';

/** A kind of content, also the name of its part: what one answer of the CMS holds of one language. */
export type ContentKind = 'page' | 'imprint' | 'event' | 'location' | 'news' | 'offer';

/** The language of content that has none. */
export const NO_LANGUAGE = '';

export interface GeoPoint {
  readonly latitude: number;
  readonly longitude: number;
}

/** A region of the CMS as we keep it for its municipality. */
export interface RegionRecord {
  readonly name: string;
  readonly prefix: string | null;
  readonly nameWithoutPrefix: string;
  readonly postcode: string | null;
  /** False: a preview that the CMS lists, but no app. */
  readonly live: boolean;
  readonly location: GeoPoint | null;
  readonly boundingBox: {
    readonly south: number;
    readonly west: number;
    readonly north: number;
    readonly east: number;
  } | null;
  readonly aliases: readonly { readonly name: string; readonly location: GeoPoint | null }[];
  /** The default language first. */
  readonly languages: readonly LanguageRecord[];
  /** What the editors switched on in the CMS; its lists do not heed this, whoever shows them has to. */
  readonly shows: {
    readonly events: boolean;
    readonly locations: boolean;
    readonly offers: boolean;
    readonly localNews: boolean;
    readonly externalNews: boolean;
  };
}

export interface LanguageRecord {
  readonly tag: string;
  /** The CMS's own code, as it stands in paths. */
  readonly code: string;
  readonly nativeName: string;
  readonly direction: 'LEFT_TO_RIGHT' | 'RIGHT_TO_LEFT';
}

export interface TranslationRecord {
  readonly language: string;
  readonly path: string | null;
  readonly url: string | null;
}

export interface OrganizationRecord {
  readonly slug: string;
  readonly name: string;
  readonly website: string | null;
  readonly logo: string | null;
}

export interface OfferRecord {
  readonly alias: string;
  readonly name: string;
  readonly url: string | null;
  readonly thumbnail: string | null;
  readonly post: readonly { readonly key: string; readonly value: string }[] | null;
}

export interface PlaceRecord {
  readonly name: string | null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly town: string | null;
  readonly country: string | null;
  readonly location: GeoPoint | null;
}

interface ItemData {
  readonly path: string;
  readonly url: string | null;
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  readonly excerpt: string;
  readonly html: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  readonly thumbnail: string | null;
  readonly translations: readonly TranslationRecord[];
}

export interface PageData extends ItemData {
  readonly order: number;
  /** Ids from the root down to the parent. */
  readonly ancestorIds: readonly string[];
  readonly organization: OrganizationRecord | null;
  readonly embeddedOffers: readonly OfferRecord[];
}

export interface EventData extends ItemData {
  readonly isFallback: boolean;
  readonly schedule: Schedule;
  readonly place: PlaceRecord | null;
  readonly meetingUrl: string | null;
}

export interface OpeningDayRecord {
  readonly allDay: boolean;
  readonly closed: boolean;
  readonly appointmentOnly: boolean;
  readonly slots: readonly { readonly start: string; readonly end: string; readonly timeZone: string | null }[];
}

export interface LocationData extends ItemData {
  readonly isFallback: boolean;
  readonly place: PlaceRecord;
  readonly category: {
    readonly id: string;
    readonly name: string;
    readonly color: string | null;
    readonly icon: string | null;
  } | null;
  readonly barrierFree: boolean | null;
  readonly temporarilyClosed: boolean;
  readonly openingHours: readonly OpeningDayRecord[] | null;
  readonly appointmentUrl: string | null;
  readonly contacts: readonly {
    readonly name: string | null;
    readonly role: string | null;
    readonly email: string | null;
    readonly phone: string | null;
    readonly mobile: string | null;
    readonly website: string | null;
  }[];
  readonly organization: OrganizationRecord | null;
}

export interface NewsData {
  readonly language: string;
  readonly title: string;
  readonly html: string;
  readonly publishedAt: string;
  readonly source: CmsNewsSource;
  readonly url: string | null;
  readonly translations: readonly TranslationRecord[];
}

/** What lists are filtered and sorted by, without the texts. */
export type ContentIndex =
  | { readonly kind: 'page'; readonly order: number; readonly path: string }
  | { readonly kind: 'imprint' }
  | {
      readonly kind: 'event';
      readonly path: string;
      readonly schedule: Schedule;
      readonly location: GeoPoint | null;
    }
  | {
      readonly kind: 'location';
      readonly sortKey: string;
      readonly category: string | null;
      readonly location: GeoPoint | null;
      readonly temporarilyClosed: boolean;
      readonly openingHours: readonly OpeningDayRecord[] | null;
    }
  | { readonly kind: 'news'; readonly publishedAt: string; readonly source: CmsNewsSource }
  | { readonly kind: 'offer'; readonly order: number };

/** One normalised item, ready to be compared and stored. */
export interface ContentRecord<Data = PageData | EventData | LocationData | NewsData | OfferRecord> {
  readonly id: string;
  readonly kind: ContentKind;
  readonly path: string | null;
  readonly parentId: string | null;
  readonly index: ContentIndex;
  readonly data: Data;
}
