import { type Reason, toStateByte } from '../features/reasons.ts';
import { type Layer, MENTIONED_ON, type Switch } from './Layer.ts';
import { toInstant } from './wallTime.ts';

/** Dates that were turned into instants already. */
export type Instants = Map<string, number>;

/** Used where no file names a country or a time zone. */
const FALLBACK = { country: 'DE', timeZone: 'Europe/Berlin' } as const;

/** What the files say of one flag at one instant. Milliseconds since the epoch. */
export interface FileDecision {
  readonly enabled: boolean;
  readonly reason: Extract<Reason, 'STATIC' | 'TARGETING_MATCH' | 'DEFAULT'>;
  /** The layer that decides; undefined: none mentions the flag. */
  readonly layer: Layer | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** The first layer that mentions a flag decides it. What a flag's module says is not looked at here. */
export function decideFlag(
  chain: readonly Layer[],
  number: number,
  { timeZone, ...at }: { now: number; timeZone: string; instants?: Instants },
): FileDecision {
  const layer = chain.find(({ mentioned }) => mentioned[number] !== 0);
  if (layer === undefined) {
    return { enabled: false, reason: 'DEFAULT', layer, since: undefined, until: undefined };
  }
  const dated = layer.dated.get(number);
  if (dated === undefined) {
    const enabled = layer.mentioned[number] === MENTIONED_ON;
    return { enabled, reason: 'STATIC', layer, since: undefined, until: undefined };
  }
  return { reason: 'TARGETING_MATCH', layer, ...valueAt(dated, { timeZone, ...at }) };
}

/** ISO 3166-1 alpha-2. */
export function countryOf(chain: readonly Layer[]): string {
  return chain.find(({ country }) => country !== undefined)?.country ?? FALLBACK.country;
}

/** BCP 47; empty when no layer names any. */
export function languagesOf(chain: readonly Layer[]): readonly string[] {
  return chain.find(({ languages }) => languages !== undefined)?.languages ?? NO_LANGUAGES;
}

const NO_LANGUAGES: readonly string[] = Object.freeze([]);

/** The state of a flag that has no dates; undefined: it has, and an instant has to be known. */
export function undatedByte(chain: readonly Layer[], number: number): number | undefined {
  for (const { mentioned, dated } of chain) {
    const mention = mentioned[number];
    if (mention !== 0) {
      return dated.has(number) ? undefined : mention === MENTIONED_ON ? STATIC_ON : STATIC_OFF;
    }
  }
  return OFF_BY_DEFAULT;
}

const STATIC_ON = toStateByte(true, 'STATIC');
const STATIC_OFF = toStateByte(false, 'STATIC');
export const OFF_BY_DEFAULT = toStateByte(false, 'DEFAULT');

/** The time zone that a chain of layers is in. */
export function timeZoneOf(chain: readonly Layer[]): string {
  return chain.find(({ timeZone }) => timeZone !== undefined)?.timeZone ?? FALLBACK.timeZone;
}

export function toByte({ enabled, reason }: FileDecision): number {
  return toStateByte(enabled, reason);
}

function valueAt(
  { enabled, from, until }: Switch,
  { now, timeZone, instants = new Map() }: { now: number; timeZone: string; instants?: Instants },
): Pick<FileDecision, 'enabled' | 'since' | 'until'> {
  const begins = from === undefined ? undefined : instantOf(from, 'from');
  const ends = until === undefined ? undefined : instantOf(until, 'until');
  if (begins !== undefined && now < begins) {
    return { enabled: !enabled, since: undefined, until: begins };
  }
  if (ends !== undefined && now >= ends) {
    return { enabled: !enabled, since: ends, until: undefined };
  }
  return { enabled, since: begins, until: ends };

  function instantOf(text: string, edge: 'from' | 'until'): number {
    const key = `${timeZone} ${edge} ${text}`;
    const instant = instants.get(key) ?? toInstant(text, edge, timeZone);
    instants.set(key, instant);
    return instant;
  }
}
