import { createHash } from 'node:crypto';
import { closest } from 'fastest-levenshtein';

import type { FlagIndex } from './FlagIndex.ts';
import { type Layer, MENTIONED_OFF, MENTIONED_ON, type OwnFacts, type Switch } from './Layer.ts';
import type { FileProblem } from './Municipality.ts';
import {
  type DefaultsFile,
  defaultsFileSchema,
  type MunicipalityFile,
  municipalityFileSchema,
  type ProfileFile,
  profileFileSchema,
  SLUG,
} from './municipalityFile.ts';
import { type Position, type PositionOf, readYaml } from './readYaml.ts';
import type { Slices } from './slices.ts';

/** The file that holds for everybody. */
export const DEFAULTS_FILE = '_defaults.yaml';
/** The folder of what municipalities may extend. */
export const PROFILES_FOLDER = 'profiles';
/** Profiles between a municipality and `_defaults.yaml`. */
const MAX_DEPTH = 8;

const NO_DATES: Layer['dated'] = new Map();
const NO_OPTIONS: Layer['options'] = new Map();

export interface SourceFile {
  /** As it is shown in messages. */
  readonly file: string;
  /** Path below the municipalities' folder; default: `file`. */
  readonly name?: string;
  readonly text: string;
}

/** All files, read and checked, before dates and providers decide. */
export interface Layers {
  readonly index: FlagIndex;
  /** Every file, by its name. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** By slug, sorted. */
  readonly municipalities: ReadonlyMap<string, LayeredMunicipality>;
}

export interface LayeredMunicipality {
  readonly facts: OwnFacts;
  /** Its own layer, its profiles from the nearest on, the defaults: the first that says something decides. */
  readonly chain: readonly Layer[];
}

export type LayersReading =
  | { readonly kind: 'read'; readonly value: Layers }
  | { readonly kind: 'refused'; readonly problems: readonly FileProblem[] };

/** What a file said when it was read last, by the file's name: a file with the same text is not parsed again. */
export type LayerCache = Map<string, { readonly digest: string; readonly reading: FileReading }>;

type FileReading =
  | { readonly kind: 'read'; readonly layer: Layer; readonly own: Own | undefined }
  | { readonly kind: 'refused'; readonly problems: readonly FileProblem[] };

/** Found when it is asked for: it costs a parse. */
type PlaceOf = () => Position;

interface Own {
  readonly slug: string;
  readonly slugAt: PlaceOf;
  readonly ags: string | undefined;
  readonly agsAt: PlaceOf;
  readonly facts: OwnFacts;
}

/** Reads all files as one whole; one wrong file refuses all, with every problem named. */
export function* readLayers(
  files: readonly SourceFile[],
  { index, cache }: { index: FlagIndex; cache: LayerCache },
): Slices<LayersReading> {
  const schemas = {
    defaults: defaultsFileSchema(index.modules),
    profile: profileFileSchema(index.modules),
    municipality: municipalityFileSchema(index.modules),
  };
  yield;
  const problems: FileProblem[] = [];
  const profiles = new Map<string, Layer>();
  const owns: { readonly own: Own; readonly layer: Layer }[] = [];
  const layers = new Map<string, Layer>();
  let defaults: Layer | undefined;
  for (const source of files) {
    const reading = readOnce(source);
    yield;
    if (reading.kind === 'refused') {
      problems.push(...reading.problems);
      continue;
    }
    layers.set(source.file, reading.layer);
    if (reading.own !== undefined) {
      owns.push({ own: reading.own, layer: reading.layer });
    } else if (kindOf(source) === 'defaults') {
      defaults = reading.layer;
    } else {
      const name = profileNameOf(source.file);
      const earlier = profiles.get(name);
      if (earlier !== undefined) {
        const message = `the profile "${name}" is in ${earlier.file} already`;
        problems.push({ file: source.file, line: 1, column: 1, message });
      }
      profiles.set(name, reading.layer);
    }
  }
  const names = new Set(files.map(({ file }) => file));
  for (const name of cache.keys()) {
    if (!names.has(name)) {
      cache.delete(name);
    }
  }
  yield;

  const chains = new Map<string | undefined, readonly Layer[]>([[undefined, defaults === undefined ? [] : [defaults]]]);
  const unreadable = new Set(
    files.filter((source) => kindOf(source) === 'profile').map(({ file }) => profileNameOf(file)),
  );
  for (const [name, layer] of profiles) {
    chainOf(name, layer);
  }
  const bySlug = new Map<string, { file: string; facts: OwnFacts; chain: readonly Layer[] }>();
  const byAgs = new Map<string, string>();
  for (const { own, layer } of owns) {
    const { slug, slugAt, ags, agsAt, facts } = own;
    const earlier = bySlug.get(slug);
    const sameAgs = ags === undefined ? undefined : byAgs.get(ags);
    if (!SLUG.test(slug)) {
      const message = `the file's name "${slug}" is no slug: use lower-case letters, digits and single hyphens`;
      problems.push({ file: layer.file, ...slugAt(), message });
    } else if (earlier !== undefined) {
      const message = `the slug "${slug}" is taken by ${earlier.file}; every municipality needs its own`;
      problems.push({ file: layer.file, ...slugAt(), message });
    } else if (sameAgs !== undefined) {
      const message = `"ags": "${ags}" is that of ${sameAgs}; every municipality has its own`;
      problems.push({ file: layer.file, ...agsAt(), message });
    } else {
      if (ags !== undefined) {
        byAgs.set(ags, layer.file);
      }
      bySlug.set(slug, { file: layer.file, facts, chain: [layer, ...baseOf(layer)] });
    }
  }
  if (problems.length > 0) {
    return { kind: 'refused', problems };
  }
  const sorted = [...bySlug].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    kind: 'read',
    value: {
      index,
      layers,
      municipalities: new Map(sorted.map(([slug, { facts, chain }]) => [slug, { facts, chain }])),
    },
  };

  function readOnce(source: SourceFile): FileReading {
    const digest = createHash('sha1').update(source.text).digest('base64');
    const known = cache.get(source.file);
    if (known?.digest === digest) {
      return known.reading;
    }
    const reading = readFile(source);
    cache.set(source.file, { digest, reading });
    return reading;
  }

  function readFile(source: SourceFile): FileReading {
    const { file, text } = source;
    const kind = kindOf(source);
    const reading = readYaml(file, text, schemas[kind]);
    if (reading.kind === 'refused') {
      return reading;
    }
    const { value, positionOf } = reading;
    const layer = toLayer(file, value as MunicipalityFile & ProfileFile, { index, positionOf });
    if (kind !== 'municipality') {
      return { kind: 'read', layer, own: undefined };
    }
    const own = value as MunicipalityFile;
    const slug = slugOf(file, own);
    const slugAt = () => positionOf(own.slug === undefined ? [] : ['slug']);
    const agsAt = () => positionOf(['ags']);
    return { kind: 'read', layer, own: { slug, slugAt, ags: own.ags, agsAt, facts: toFacts(slug, own) } };
  }

  /** The layers below one: its profiles, then the defaults. Notes what is wrong with them. */
  function baseOf(layer: Layer): readonly Layer[] {
    const { extended, file } = layer;
    if (extended === undefined) {
      return chains.get(undefined) ?? [];
    }
    const profile = profiles.get(extended.name);
    if (profile === undefined) {
      if (!unreadable.has(extended.name)) {
        problems.push({ file, ...extended.at(), message: unknownProfile(extended.name, [...profiles.keys()]) });
      }
      return [];
    }
    return chainOf(extended.name, profile);
  }

  function chainOf(name: string, layer: Layer, above: readonly string[] = []): readonly Layer[] {
    const known = chains.get(name);
    if (known !== undefined) {
      return known;
    }
    const next = layer.extended;
    const path = [...above, name];
    const profile = next === undefined ? undefined : profiles.get(next.name);
    let chain: readonly Layer[];
    if (next !== undefined && path.includes(next.name)) {
      const circle = [...path.slice(path.indexOf(next.name)), next.name].join(' -> ');
      problems.push({ file: layer.file, ...next.at(), message: `profiles extend each other in a circle: ${circle}` });
      chain = [layer];
    } else {
      chain = [
        layer,
        ...(next === undefined || profile === undefined ? baseOf(layer) : chainOf(next.name, profile, path)),
      ];
    }
    // One report, at the profile that first lies too deep.
    if (next !== undefined && chain.filter(({ file }) => file !== defaults?.file).length === MAX_DEPTH + 1) {
      const message = `more than ${MAX_DEPTH} profiles extend one another`;
      problems.push({ file: layer.file, ...next.at(), message });
    }
    chains.set(name, chain);
    return chain;
  }
}

/** What a file is by its place: the defaults, a profile, or a municipality. */
export function kindOf({ file, name = file }: SourceFile): 'defaults' | 'profile' | 'municipality' {
  const steps = name.split(/[/\\]/);
  return steps.at(-2) === PROFILES_FOLDER ? 'profile' : steps.at(-1) === DEFAULTS_FILE ? 'defaults' : 'municipality';
}

/** The slug of a municipality's file: the one it states, else the file's name. */
export function slugOf(file: string, { slug }: { slug?: string | undefined }): string {
  return (slug ?? profileNameOf(file)).normalize('NFC');
}

/** The name of a file without its folder and ending. */
export function profileNameOf(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).replace(/\.ya?ml$/, '');
}

function unknownProfile(name: string, known: readonly string[]): string {
  const hint =
    known.length === 0 ? `; ${PROFILES_FOLDER}/ holds none` : `; did you mean "${closest(name, [...known])}"?`;
  return `no profile is called "${name}"${hint}`;
}

function toFacts(slug: string, file: MunicipalityFile): OwnFacts {
  const codes = [
    { scheme: 'AGS', value: file.ags },
    { scheme: 'ARS', value: file.ars },
    { scheme: 'NUTS3', value: file.nuts3 },
    { scheme: 'LAU', value: file.lau },
  ] as const;
  return {
    name: file.name,
    prefix: file.prefix,
    adminCodes: codes.flatMap(({ scheme, value }) => (value === undefined ? [] : [{ scheme, value }])),
    postcode: file.postcode,
    location: file.location,
    hidden: file.hidden ?? false,
    cmsRegion: file.cms === false ? undefined : (file.cms ?? slug),
  };
}

/** A file's content by flag number, small enough to be kept for every municipality. */
function toLayer(
  file: string,
  content: DefaultsFile & { readonly extends?: string | undefined },
  { index, positionOf }: { index: FlagIndex; positionOf: PositionOf },
): Layer {
  const mentioned = new Uint8Array(index.flags.length);
  const dated = new Map<number, Switch>();
  const options = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [module, entry] of Object.entries(content.modules ?? {})) {
    const { enabled, from, until, flags, ...own } = toEntry(entry);
    note(module, { enabled, from, until });
    for (const [part, value] of Object.entries((flags ?? {}) as Record<string, unknown>)) {
      note(`${module}.${part}`, toEntry(value));
    }
    if (Object.keys(own).length > 0) {
      options.set(module, Object.freeze(own));
    }
  }
  return {
    file,
    extended: content.extends === undefined ? undefined : { name: content.extends, at: () => positionOf(['extends']) },
    changedBy: content.changedBy,
    country: content.country,
    timeZone: content.timeZone,
    languages: content.languages,
    mentioned,
    dated: dated.size === 0 ? NO_DATES : dated,
    options: options.size === 0 ? NO_OPTIONS : options,
  };

  function note(flag: string, { enabled, from, until }: Record<string, unknown>): void {
    const number = index.numbers.get(flag);
    if (number === undefined || typeof enabled !== 'boolean') {
      return;
    }
    mentioned[number] = enabled ? MENTIONED_ON : MENTIONED_OFF;
    if (typeof from === 'string' || typeof until === 'string') {
      dated.set(number, { enabled, from: toText(from), until: toText(until) });
    }
  }
}

function toEntry(entry: unknown): Record<string, unknown> {
  return typeof entry === 'boolean' ? { enabled: entry } : ((entry ?? {}) as Record<string, unknown>);
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
