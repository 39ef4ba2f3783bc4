import { ERRORS } from '../../../schema/errorCodes.ts';
import type { NearInput } from '../../../schema/generated/content.ts';
import type { GeoPoint } from '../ContentRecord.ts';
import { distanceKm } from '../geo/distanceKm.ts';

const MAX_RADIUS_KM = 1_000;

/** A test for places within the circle; everything passes without one, a place without a position only then. */
export function readNear(near: NearInput | null | undefined): (location: GeoPoint | null | undefined) => boolean {
  if (near === null || near === undefined) {
    return () => true;
  }
  const { latitude, longitude, radiusKm } = near;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    throw ERRORS.BAD_USER_INPUT.create(
      `"near" must lie on the globe, got latitude ${latitude} and longitude ${longitude}.`,
    );
  }
  if (!(radiusKm > 0) || radiusKm > MAX_RADIUS_KM) {
    throw ERRORS.BAD_USER_INPUT.create(`"radiusKm" must be more than 0 and at most ${MAX_RADIUS_KM}, got ${radiusKm}.`);
  }
  return (location) => location !== null && location !== undefined && distanceKm(location, near) <= radiusKm;
}
