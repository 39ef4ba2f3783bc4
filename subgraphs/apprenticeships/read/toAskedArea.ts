import { ERRORS } from '../../../schema/errorCodes.ts';
import type { ApprenticeshipFilter } from '../../../schema/generated/apprenticeships.ts';
import { foldText } from '../foldText.ts';
import { dayIn } from '../normalise/toCalendarDay.ts';
import { MAX_RADIUS_KM, type SearchArea } from '../SearchArea.ts';
import { toBoundingBox } from './toBoundingBox.ts';

/** One municipality's side of a list: a row of the statement's input, named as its columns. */
export interface AskedArea {
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly radius_metres: number;
  readonly min_latitude: number | null;
  readonly max_latitude: number | null;
  readonly min_longitude: number | null;
  readonly max_longitude: number | null;
  readonly postcode: string | null;
  readonly town_key: string;
  /** The day that it is there; what expired before is not listed. */
  readonly today: string;
  readonly sources: readonly string[] | null;
}

/** A wider radius than the municipality's own is the reader's choice; other sources than its own are not. */
export function toAskedArea(
  area: SearchArea,
  { filter, now }: { filter: ApprenticeshipFilter | null | undefined; now: Date },
): AskedArea {
  const radiusKm = filter?.radiusKm ?? area.radiusKm;
  if (radiusKm < 0 || radiusKm > MAX_RADIUS_KM) {
    throw ERRORS.BAD_USER_INPUT.create(`"radiusKm" must lie between 0 and ${MAX_RADIUS_KM}, got ${radiusKm}.`);
  }
  const radiusMetres = radiusKm * 1000;
  const box = area.location === undefined ? undefined : toBoundingBox(area.location, radiusMetres);
  return {
    latitude: area.location?.latitude ?? null,
    longitude: area.location?.longitude ?? null,
    radius_metres: radiusMetres,
    min_latitude: box?.minLatitude ?? null,
    max_latitude: box?.maxLatitude ?? null,
    min_longitude: box?.minLongitude ?? null,
    max_longitude: box?.maxLongitude ?? null,
    postcode: area.postcode ?? null,
    town_key: foldText(area.town),
    today: dayIn(area.timeZone, now),
    sources: intersect(area.sources, filter?.sources ?? undefined),
  };
}

function intersect(own: readonly string[] | undefined, asked: readonly string[] | undefined): readonly string[] | null {
  // What is no name of a source names none, and may hold characters that the database refuses.
  const named = asked?.filter((source) => /^[a-z0-9-]+$/.test(source));
  if (own === undefined || named === undefined) {
    return own ?? named ?? null;
  }
  return own.filter((source) => named.includes(source));
}
