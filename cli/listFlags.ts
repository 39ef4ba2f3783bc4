import type { FlagSources } from '../schema/municipalities/locateFlag.ts';
import { isFlagOn } from '../schema/municipalities/Municipality.ts';
import { toTable } from './toTable.ts';

/** All municipalities and flags, and in how many each flag is on: a table, or JSON. */
export function listFlags({ snapshot, layers }: FlagSources, json: boolean): string {
  const { flags } = layers.index;
  const municipalities = [...snapshot.municipalities.values()];
  const count = (flag: string) => municipalities.filter((municipality) => isFlagOn(municipality, flag)).length;
  if (json) {
    return `${JSON.stringify({
      snapshot: snapshot.id,
      flags: flags.map((flag) => ({ flag, on: count(flag), of: municipalities.length })),
      municipalities: municipalities.map((municipality) => ({
        slug: municipality.slug,
        flags: Object.fromEntries(flags.map((flag) => [flag, isFlagOn(municipality, flag)])),
      })),
    })}\n`;
  }
  return toTable([
    ['municipality', ...flags],
    ...municipalities.map((municipality) => [
      municipality.slug,
      ...flags.map((flag) => (isFlagOn(municipality, flag) ? 'on' : 'off')),
    ]),
    [`on in, of ${municipalities.length}`, ...flags.map((flag) => String(count(flag)))],
  ]);
}
