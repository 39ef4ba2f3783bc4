import { DEMO_MUNICIPALITIES } from '../demoMunicipalities.ts';
import type { Position } from '../distance.ts';

/** The place that a search names: by postcode, by town, or by a municipality's name with or without prefix. */
export function findPlace(text: string): Position | undefined {
  const wanted = text.trim().toLowerCase();
  return DEMO_MUNICIPALITIES.find(({ postcode, town, name, prefix }) =>
    [postcode, town, name, `${prefix} ${name}`].some((known) => known.toLowerCase() === wanted),
  );
}
