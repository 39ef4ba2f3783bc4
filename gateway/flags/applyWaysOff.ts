import { ERRORS } from '../../schema/errorCodes.ts';
import { type MunicipalitySnapshot, type WayOff, wayOffOf } from '../../schema/municipalities/Municipality.ts';
import type { DisabledFeature, DisabledFeatures } from '../model/DisabledFeatures.ts';

/** What becomes of an answer besides its nulls. */
export interface WaysOff {
  /** FEATURE_DISABLED, one for each listed path of a module whose municipality wants errors. */
  readonly errors: readonly ReturnType<typeof ERRORS.FEATURE_DISABLED.create>[];
  /** A municipality gives no data at all to a request that asks for a module it has off. */
  readonly isRejected: boolean;
}

const NOTHING: WaysOff = { errors: [], isRejected: false };

/** Tells clients about what is off in the way that each municipality chose (`whenOff` in its files). */
export function applyWaysOff(disabled: DisabledFeatures, snapshot: MunicipalitySnapshot | undefined): WaysOff {
  const listed = disabled.list();
  if (snapshot === undefined || listed.length === 0) {
    return NOTHING;
  }
  const ways = new Map(listed.map((feature) => [feature, wayOffOf(snapshot, feature.municipality, feature.flag)]));
  const wayOf = (feature: DisabledFeature): WayOff | undefined => ways.get(feature);
  disabled.tell((feature) => wayOf(feature) !== 'silent');
  const rejecting = listed.filter((feature) => wayOf(feature) === 'reject');
  const telling = rejecting.length > 0 ? rejecting : listed.filter((feature) => wayOf(feature) === 'errors');
  return { errors: telling.flatMap(toErrors), isRejected: rejecting.length > 0 };
}

function toErrors({ flag, municipality, paths }: DisabledFeature): WaysOff['errors'] {
  return paths.map((path) =>
    ERRORS.FEATURE_DISABLED.create(
      `"${flag}" is switched off in the municipality "${municipality}".`,
      { flag, municipality },
      { path },
    ),
  );
}
