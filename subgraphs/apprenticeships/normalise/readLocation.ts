import type { Remarks } from './Remarks.ts';
import { toGeoPoint } from './toGeoPoint.ts';

type Coordinate = string | number | null | undefined;

/** The point that a feed sent; null when it sent none or 0/0, which it means to be none; a remark when it is no point. */
export function readLocation(
  remarks: Remarks,
  latitude: Coordinate,
  longitude: Coordinate,
): { latitude: number; longitude: number } | null {
  const sent = [latitude, longitude].map((value) => String(value ?? '').trim());
  if (sent.every((value) => value === '' || Number(value) === 0)) {
    return null;
  }
  return remarks.optional('location', sent.join(', '), () => toGeoPoint(latitude, longitude), 'a point on the earth');
}
