import { isLanguageTag } from '../../kit/scalars.ts';
import type { GeoPoint, LanguageRecord, RegionRecord } from '../ContentRecord.ts';
import type { CmsLanguage, CmsRegion } from '../parse/cmsRegion.ts';
import { toGeoPoint } from './toGeoPoint.ts';

/** West, south, east, north of the box that regions without one of their own send. */
const WHOLE_COUNTRY = [5.98, 47.3, 15.01, 54.98] as const;

/** A region as the municipality shows it. `near` is the municipality's own position, when its file has one. */
export function normaliseRegion(
  region: CmsRegion,
  languages: readonly CmsLanguage[],
  near: GeoPoint | undefined,
): RegionRecord {
  const location = toGeoPoint(region.latitude, region.longitude, near);
  const external = region.external_news ?? region.tunews ?? true;
  return {
    name: region.name,
    prefix: region.prefix ?? null,
    nameWithoutPrefix: region.name_without_prefix ?? withoutPrefix(region.name, region.prefix),
    postcode: region.plz === undefined || /^0+$/.test(region.plz) ? null : region.plz.padStart(5, '0'),
    live: region.live,
    location,
    boundingBox: toBoundingBox(region.bounding_box, near ?? location),
    aliases: region.aliases.map(({ name, latitude, longitude }) => ({
      name,
      location: toGeoPoint(latitude, longitude, near ?? location),
    })),
    languages: normaliseLanguages(languages),
    shows: {
      events: region.events,
      locations: region.pois,
      offers: region.extras,
      localNews: region.push_notifications && region['push-notifications'],
      externalNews: external,
    },
  };
}

/** `Augsburg` out of `Stadt Augsburg` and `Stadt`. */
export function withoutPrefix(name: string, prefix: string | undefined): string {
  return prefix !== undefined && name.startsWith(`${prefix} `) ? name.slice(prefix.length).trim() : name;
}

function normaliseLanguages(languages: readonly CmsLanguage[]): readonly LanguageRecord[] {
  const byCode = new Map<string, LanguageRecord>();
  for (const { code, bcp47_tag, native_name, dir } of languages) {
    const tag = bcp47_tag !== undefined && isLanguageTag(bcp47_tag) ? bcp47_tag : code;
    if (isLanguageTag(tag) && !byCode.has(code)) {
      byCode.set(code, {
        tag,
        code,
        nativeName: native_name ?? code,
        direction: dir !== undefined && /^(?:right|rtl)/i.test(dir) ? 'RIGHT_TO_LEFT' : 'LEFT_TO_RIGHT',
      });
    }
  }
  return [...byCode.values()];
}

function toBoundingBox(
  corners: CmsRegion['bounding_box'],
  near: GeoPoint | null | undefined,
): RegionRecord['boundingBox'] {
  if (corners === undefined || corners.every((corner, n) => Math.abs(corner - (WHOLE_COUNTRY[n] ?? 0)) < 0.05)) {
    return null;
  }
  const a = toGeoPoint(corners[1], corners[0], near);
  const b = toGeoPoint(corners[3], corners[2], near);
  if (a === null || b === null || a.latitude === b.latitude || a.longitude === b.longitude) {
    return null;
  }
  return {
    south: Math.min(a.latitude, b.latitude),
    west: Math.min(a.longitude, b.longitude),
    north: Math.max(a.latitude, b.latitude),
    east: Math.max(a.longitude, b.longitude),
  };
}
