import type { CmsRegion } from './CmsRegion.ts';
import { CMS_LANGUAGES } from './languages.ts';

/** A region as `regions/` lists it. */
export function toWireRegion(region: CmsRegion) {
  const spread = region.isDistrict ? 0.3 : 0.1;
  return {
    id: region.id,
    name: region.fullName,
    path: region.slug,
    live: region.live,
    prefix: region.prefix,
    name_without_prefix: region.name,
    plz: region.postcode,
    extras: region.offers.length > 0,
    events: region.switches.events,
    pois: region.switches.pois,
    push_notifications: region.switches.push,
    longitude: region.longitude,
    latitude: region.latitude,
    bounding_box: [
      [round(region.longitude - spread), round(region.latitude - spread * 0.7)],
      [round(region.longitude + spread), round(region.latitude + spread * 0.7)],
    ],
    aliases: region.aliases,
    tunews: region.switches.external,
    external_news: region.switches.external,
    languages: toWireLanguages(region),
    is_chat_enabled: false,
    zammad_privacy_policy: null,
  };
}

export function toWireLanguages(region: CmsRegion) {
  return region.languages.map((code) => CMS_LANGUAGES[code].wire);
}

function round(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
