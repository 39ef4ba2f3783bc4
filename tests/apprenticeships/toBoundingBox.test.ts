import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { EARTH_RADIUS_METRES, toBoundingBox } from '../../subgraphs/apprenticeships/read/toBoundingBox.ts';

describe('toBoundingBox', () => {
  it('holds every point of the circle, anywhere on the earth', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: 0, max: 200_000, noNaN: true }),
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        (latitude, longitude, radius, bearing) => {
          const box = toBoundingBox({ latitude, longitude }, radius);
          const point = destination({ latitude, longitude }, radius, bearing);

          expect(point.latitude).toBeGreaterThanOrEqual(box.minLatitude);
          expect(point.latitude).toBeLessThanOrEqual(box.maxLatitude);
          expect(point.longitude).toBeGreaterThanOrEqual(box.minLongitude);
          expect(point.longitude).toBeLessThanOrEqual(box.maxLongitude);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is not much larger than the circle', () => {
    const box = toBoundingBox({ latitude: 48.3673, longitude: 10.8921 }, 25_000);

    expect(box.maxLatitude - 48.3673).toBeCloseTo(0.225, 3);
    expect(box.maxLongitude - 10.8921).toBeCloseTo(0.3385, 3);
  });

  it.each([
    [{ latitude: 90, longitude: 0 }],
    [{ latitude: -17, longitude: 179.99 }],
    [{ latitude: -17, longitude: -179.99 }],
  ])('takes all longitudes at a pole and at the date line: %j', (centre) => {
    expect(toBoundingBox(centre, 25_000)).toMatchObject({ minLongitude: -180, maxLongitude: 180 });
  });
});

/** Where one arrives after `metres` on the great circle. */
function destination(from: { latitude: number; longitude: number }, metres: number, bearing: number) {
  const angle = metres / EARTH_RADIUS_METRES;
  const [phi, lambda] = [(from.latitude * Math.PI) / 180, (from.longitude * Math.PI) / 180];
  const sine = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing);
  const latitude = Math.asin(Math.max(-1, Math.min(1, sine)));
  const longitude =
    lambda +
    Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
      Math.cos(angle) - Math.sin(phi) * Math.sin(latitude),
    );
  const degrees = (longitude * 180) / Math.PI;
  return { latitude: (latitude * 180) / Math.PI, longitude: ((((degrees + 180) % 360) + 360) % 360) - 180 };
}
