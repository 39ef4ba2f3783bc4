import { type FlagOrigin, type FlagSources, locateFlag } from '../schema/municipalities/locateFlag.ts';
import { isFlagOn } from '../schema/municipalities/Municipality.ts';
import { DEFAULTS_FILE } from '../schema/municipalities/readLayers.ts';
import { toTable } from './toTable.ts';
import { UnknownNameError } from './UnknownNameError.ts';

/** The value of one municipality's flags, why, and where it comes from: a table, or JSON. Throws UnknownNameError. */
export function explainFlags(
  sources: FlagSources,
  { slug: asked, flag: only, json }: { slug: string; flag: string | undefined; json: boolean },
): string {
  const { snapshot, layers } = sources;
  const slug = asked.normalize('NFC');
  const municipality = snapshot.municipalities.get(slug);
  if (municipality === undefined) {
    throw new UnknownNameError('no municipality has the slug', slug, [...snapshot.municipalities.keys()]);
  }
  const all = layers.index.flags;
  if (only !== undefined && !all.includes(only)) {
    throw new UnknownNameError('no module or part of one has the flag', only, all);
  }
  const found = (only === undefined ? all : [only]).map((flag) => ({
    flag,
    enabled: isFlagOn(municipality, flag),
    ...locateFlag(sources, { slug, flag }),
  }));
  if (json) {
    return `${JSON.stringify({ municipality: slug, snapshot: snapshot.id, flags: found })}\n`;
  }
  return toTable(
    found.map((origin) => [
      origin.flag,
      origin.enabled ? 'on' : 'off',
      origin.reason,
      'file' in origin ? `${origin.file}:${origin.line}:${origin.column}` : '-',
      because(origin.flag, origin, municipality.timeZone),
    ]),
  );
}

function because(flag: string, origin: FlagOrigin, timeZone: string): string {
  const follows = flag === origin.decidedBy ? '' : `follows ${origin.decidedBy}: `;
  switch (origin.source) {
    case 'own':
      return `${follows}the municipality’s own file says so${dates(origin, timeZone)}`;
    case 'profile':
      return `${follows}a profile says so, the own file does not mention it${dates(origin, timeZone)}`;
    case 'defaults':
      return `${follows}${DEFAULTS_FILE} says so, the own file does not mention it${dates(origin, timeZone)}`;
    case 'provider':
      return `${follows}the provider of flags says so`;
    case 'none':
      return `${follows}no file mentions it, so it is off`;
  }
}

/** Since when and until when, by the municipality's clock. */
function dates({ since, until }: { since?: Date; until?: Date }, timeZone: string): string {
  return [
    ...(since === undefined ? [] : [`, since ${wallClock(since, timeZone)}`]),
    ...(until === undefined ? [] : [`, until ${wallClock(until, timeZone)}`]),
  ].join('');
}

function wallClock(instant: Date, timeZone: string): string {
  return instant.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
}
