import { createHash } from 'node:crypto';

import { toStateByte } from '../features/reasons.ts';
import {
  countryOf,
  decideFlag,
  type Instants,
  languagesOf,
  OFF_BY_DEFAULT,
  timeZoneOf,
  toByte,
  undatedByte,
} from './decideFlag.ts';
import type { Layer } from './Layer.ts';
import { type ModuleDetails, ModuleStates } from './ModuleStates.ts';
import type { Municipality, MunicipalitySlug, MunicipalitySnapshot } from './Municipality.ts';
import type { LayeredMunicipality, Layers } from './readLayers.ts';
import type { Slices } from './slices.ts';

/** What a provider says, by slug and flag number: NOT_PROVIDED leaves the flag to the files. */
export type ProvidedStates = ReadonlyMap<string, Uint8Array>;

/** What the provider has said, and whether it can be asked now. */
export interface Provided {
  readonly states: ProvidedStates;
  /** Its values are the last ones that are known. */
  readonly isStale: boolean;
}

/** A byte that is no state. */
export const NOT_PROVIDED = 255;

const NO_DETAILS: ReadonlyMap<string, ModuleDetails> = new Map();
/** Rows of states that are allocated together. */
const ROWS = 1_024;

/** Decides every flag of every municipality at one instant. Reading the result costs two look-ups a flag. */
export function* buildSnapshot(
  layers: Layers,
  { now, provided }: { now: number; provided?: Provided | undefined },
): Slices<MunicipalitySnapshot> {
  const { index } = layers;
  const width = index.flags.length;
  const rows = createRows(width);
  const details = createInterner<ReadonlyMap<string, ModuleDetails>>();
  const municipalities = new Map<string, Municipality>();
  const meaning = createHash('sha256').update(JSON.stringify(index.flags));
  const row = new Uint8Array(width);
  const everywhere = new Uint8Array(width).fill(1);
  const rejected = new Set<string>();
  const instants: Instants = new Map();
  /** Whoever came while the provider could not be asked: off, for it might have said so. */
  const neverAsked = new Uint8Array(width).fill(toStateByte(false, 'ERROR'));
  let nextSwitchAt: number | undefined;

  for (const [slug, { facts, chain }] of layers.municipalities) {
    const timeZone = timeZoneOf(chain);
    const own = provided === undefined ? undefined : (provided.states.get(slug) ?? neverAsked);
    const dates = new Map<string, { since: number | undefined; until: number | undefined }>();
    for (let number = 0; number < width; number += 1) {
      const state = decide(number, { chain, timeZone, own, dates });
      row[number] = state;
      everywhere[number] = (everywhere[number] ?? 0) & state;
    }
    const states = rows.keep(row);
    const found = detailsOf(index.modules, chain, dates);
    for (const [module, { options }] of found) {
      if (options.whenOff === 'reject') {
        rejected.add(module);
      }
    }
    const detailsText = found.size === 0 ? '' : JSON.stringify([...found]);
    const municipality: Municipality = Object.freeze({
      slug: slug as MunicipalitySlug,
      ...facts,
      country: countryOf(chain),
      timeZone,
      languages: languagesOf(chain),
      modules: new ModuleStates(index, states, found.size === 0 ? NO_DETAILS : details(detailsText, found)),
    });
    municipalities.set(slug, municipality);
    const { modules: _, ...rest } = municipality;
    meaning.update(`${JSON.stringify(rest)}${detailsText}`).update(states);
    yield;
  }
  const id = meaning.digest('hex').slice(0, 16);
  return Object.freeze({
    id,
    loadedAt: new Date(now),
    ...(nextSwitchAt === undefined ? {} : { nextSwitchAt: new Date(nextSwitchAt) }),
    municipalities,
    onEverywhere: new Set(index.flags.filter((_, number) => everywhere[number] === 1)),
    rejected,
  });

  function decide(
    number: number,
    {
      chain,
      timeZone,
      own,
      dates,
    }: {
      chain: LayeredMunicipality['chain'];
      timeZone: string;
      own: Uint8Array | undefined;
      dates: Map<string, { since: number | undefined; until: number | undefined }>;
    },
  ): number {
    const module = index.moduleOf[number] ?? number;
    const isPart = module !== number;
    const byFiles = undatedByte(chain, number) ?? decideDated(number);
    const said = own?.[number] ?? NOT_PROVIDED;
    const ofModule = isPart ? (row[module] ?? OFF_BY_DEFAULT) : OFF_BY_DEFAULT;
    if (isPart && (ofModule & 1) === 0) {
      return ofModule; // a part is never on without its module
    }
    if (said !== NOT_PROVIDED) {
      return provided?.isStale === true && own !== neverAsked ? toStateByte((said & 1) === 1, 'STALE') : said;
    }
    return isPart && byFiles === OFF_BY_DEFAULT ? ofModule : byFiles;

    function decideDated(flag: number): number {
      const decision = decideFlag(chain, flag, { now, timeZone, instants });
      const { since, until } = decision;
      if (until !== undefined && (nextSwitchAt === undefined || until < nextSwitchAt)) {
        nextSwitchAt = until;
      }
      if (!isPart) {
        dates.set(index.flags[flag] ?? '', { since, until });
      }
      return toByte(decision);
    }
  }
}

/** Options key by key from the nearest layer that has them, and the dates between which the module is as it is. */
function detailsOf(
  modules: Layers['index']['modules'],
  chain: readonly Layer[],
  dates: ReadonlyMap<string, { since: number | undefined; until: number | undefined }>,
): ReadonlyMap<string, ModuleDetails> {
  const found = new Map<string, ModuleDetails>();
  if (dates.size === 0 && chain.every(({ options }) => options.size === 0)) {
    return found;
  }
  for (const { name } of modules) {
    const options = Object.assign({}, ...chain.map((layer) => layer.options.get(name) ?? {}).reverse());
    const { since, until } = dates.get(name) ?? {};
    if (Object.keys(options).length > 0 || since !== undefined || until !== undefined) {
      found.set(name, Object.freeze({ options: Object.freeze(options), since: toDate(since), until: toDate(until) }));
    }
  }
  return found;
}

function toDate(instant: number | undefined): Date | undefined {
  return instant === undefined ? undefined : new Date(instant);
}

/** Keeps each different row of states once, many rows in one buffer. */
function createRows(width: number): { keep(row: Uint8Array): Uint8Array } {
  const known = new Map<string, Uint8Array>();
  let slab = new Uint8Array(0);
  let used = 0;
  return {
    keep: (row) => {
      const key = Buffer.from(row.buffer, row.byteOffset, width).toString('latin1');
      const earlier = known.get(key);
      if (earlier !== undefined) {
        return earlier;
      }
      if (used + width > slab.length) {
        slab = new Uint8Array(width * ROWS);
        used = 0;
      }
      const kept = slab.subarray(used, used + width);
      kept.set(row);
      used += width;
      known.set(key, kept);
      return kept;
    },
  };
}

function createInterner<T>(): (key: string, value: T) => T {
  const known = new Map<string, T>();
  return (key, value) => {
    const earlier = known.get(key);
    if (earlier === undefined) {
      known.set(key, value);
    }
    return earlier ?? value;
  };
}
