/** A point out of numbers or their texts; undefined when they are none, out of range, or 0/0 ("not located"). */
export function toGeoPoint(
  latitude: string | number | null | undefined,
  longitude: string | number | null | undefined,
): { latitude: number; longitude: number } | undefined {
  const point = { latitude: toNumber(latitude), longitude: toNumber(longitude) };
  const isOnEarth = Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180;
  return isOnEarth && (point.latitude !== 0 || point.longitude !== 0) ? point : undefined;
}

function toNumber(value: string | number | null | undefined): number {
  if (typeof value !== 'string') {
    return value ?? Number.NaN;
  }
  return /^\s*-?\d{1,3}(?:[.,]\d+)?\s*$/.test(value) ? Number(value.replace(',', '.')) : Number.NaN;
}
