/** Mean radius of the earth (IUGG), as the distance in readPages.ts has it. */
export const EARTH_RADIUS_METRES = 6_371_008.8;

/** A hair more than needed, so that rounding loses no place on the circle itself. */
const MARGIN_METRES = 10;

export interface BoundingBox {
  readonly minLatitude: number;
  readonly maxLatitude: number;
  readonly minLongitude: number;
  readonly maxLongitude: number;
}

/**
 * The smallest box of whole parallels and meridians around a circle on the sphere. Where the circle holds a pole or
 * crosses the meridian of 180 degrees the box takes all longitudes; the distance decides there.
 */
export function toBoundingBox(
  { latitude, longitude }: { latitude: number; longitude: number },
  radiusMetres: number,
): BoundingBox {
  const angle = (radiusMetres + MARGIN_METRES) / EARTH_RADIUS_METRES;
  const minLatitude = latitude - toDegrees(angle);
  const maxLatitude = latitude + toDegrees(angle);
  const half = toDegrees(Math.asin(Math.min(1, Math.sin(angle) / Math.cos(toRadians(latitude)))));
  const isWhole =
    minLatitude <= -90 || maxLatitude >= 90 || longitude - half < -180 || longitude + half > 180 || Number.isNaN(half);
  return {
    minLatitude,
    maxLatitude,
    minLongitude: isWhole ? -180 : longitude - half,
    maxLongitude: isWhole ? 180 : longitude + half,
  };
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
