import type { Municipality } from '../../schema/municipalities/Municipality.ts';

export const MODULE = 'apprenticeships';
export const DEFAULT_RADIUS_KM = 25;
export const MAX_RADIUS_KM = 200;

/** Where a municipality looks for apprenticeships, as its file says. */
export interface SearchArea {
  readonly slug: string;
  /** The name without its prefix. */
  readonly town: string;
  readonly postcode: string | undefined;
  readonly country: string;
  readonly timeZone: string;
  readonly location: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly radiusKm: number;
  /** Only these sources; undefined: all. */
  readonly sources: readonly string[] | undefined;
}

export function toSearchArea(municipality: Municipality): SearchArea {
  const { slug, country, timeZone, location } = municipality;
  const { radiusKm, sources } = municipality.modules.get(MODULE)?.options ?? {};
  return {
    slug,
    town: bareName(municipality),
    // The CMS asks for a postcode even where there is none, and editors answer with zeros.
    postcode:
      municipality.postcode === undefined || /^0*$/.test(municipality.postcode) ? undefined : municipality.postcode,
    country,
    timeZone,
    location,
    radiusKm: typeof radiusKm === 'number' && radiusKm > 0 ? Math.min(radiusKm, MAX_RADIUS_KM) : DEFAULT_RADIUS_KM,
    sources: Array.isArray(sources) ? sources.filter((source) => typeof source === 'string') : undefined,
  };
}

function bareName({ name, prefix }: Municipality): string {
  return prefix !== undefined && name.startsWith(`${prefix} `) ? name.slice(prefix.length + 1).trim() : name;
}
