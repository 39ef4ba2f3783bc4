export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

const EARTH_RADIUS_KM = 6371;
const KM_PER_DEGREE = 111.2;

/** Great-circle distance (haversine). */
export function distanceKm(from: Position, to: Position): number {
  const half = (degrees: number) => Math.sin((degrees * Math.PI) / 360) ** 2;
  const cosines = Math.cos((from.latitude * Math.PI) / 180) * Math.cos((to.latitude * Math.PI) / 180);
  const chord = half(to.latitude - from.latitude) + cosines * half(to.longitude - from.longitude);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}

/** The position this far to the north and to the east. */
export function shift({ latitude, longitude }: Position, northKm: number, eastKm: number): Position {
  const degreesEast = eastKm / (KM_PER_DEGREE * Math.cos((latitude * Math.PI) / 180));
  return { latitude: round(latitude + northKm / KM_PER_DEGREE), longitude: round(longitude + degreesEast) };
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
