import type { GeoPoint } from '../ContentRecord.ts';
import { distanceKm } from '../geo/distanceKm.ts';

/** Farther than this from where the municipality is, a place is taken for swapped when swapping brings it near. */
const NEAR_KM = 300;
/** Where the CMS is used: the Europe that a swapped pair falls out of. */
const EUROPE = { south: 34, north: 72, west: -25, east: 45 };

/**
 * A position out of what editors typed: undefined where there is none or it is on no globe, latitude and longitude
 * put right where they were swapped. `near` is where the municipality is, when that is known.
 */
export function toGeoPoint(
  latitude: number | undefined,
  longitude: number | undefined,
  near?: GeoPoint | null,
): GeoPoint | null {
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) {
    return null;
  }
  const given = onGlobe(latitude, longitude);
  const swapped = onGlobe(longitude, latitude);
  if (given === null || swapped === null) {
    return given ?? (swapped !== null && isPlausible(swapped, near) ? swapped : null);
  }
  return !isPlausible(given, near) && isPlausible(swapped, near) ? swapped : given;
}

function isPlausible(point: GeoPoint, near: GeoPoint | null | undefined): boolean {
  return near === null || near === undefined ? isInEurope(point) : distanceKm(point, near) <= NEAR_KM;
}

function isInEurope({ latitude, longitude }: GeoPoint): boolean {
  return latitude >= EUROPE.south && latitude <= EUROPE.north && longitude >= EUROPE.west && longitude <= EUROPE.east;
}

function onGlobe(latitude: number, longitude: number): GeoPoint | null {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
