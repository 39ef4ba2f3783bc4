import type { Reason } from '../features/reasons.ts';

/** The slug of a municipality that the register holds. */
export type MunicipalitySlug = string & { readonly __id: 'Municipality' };

/** One municipality as its YAML file, the defaults and the known modules say. Frozen. */
export interface Municipality {
  readonly slug: MunicipalitySlug;
  /** Prefix and name; the CMS's name takes its place where the CMS knows the municipality. */
  readonly name: string;
  readonly prefix: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA zone. */
  readonly timeZone: string;
  /** BCP 47, as the files list them; what is translated is the CMS's to say. */
  readonly languages: readonly string[];
  readonly adminCodes: readonly { readonly scheme: 'AGS' | 'ARS' | 'NUTS3' | 'LAU'; readonly value: string }[];
  readonly postcode: string | undefined;
  readonly location: { readonly latitude: number; readonly longitude: number } | undefined;
  /** Not listed unless asked for; still readable by slug. */
  readonly hidden: boolean;
  /** The region's slug in the CMS; undefined when the municipality is not in the CMS. */
  readonly cmsRegion: string | undefined;
  /** Every known module by name, in the order of the module register. */
  readonly modules: Modules;
}

/** Every known module, and the flags of all of them. */
export interface Modules extends ReadonlyMap<string, MunicipalityModule> {
  isOn(flag: string): boolean;
  reasonOf(flag: string): Reason;
}

/** What an answer says where a module is off: nothing, a note in its extensions, an error as well, or no data at all. */
export const WAYS_OFF = ['silent', 'extensions', 'errors', 'reject'] as const;
export type WayOff = (typeof WAYS_OFF)[number];

export interface MunicipalityModule {
  readonly name: string;
  readonly enabled: boolean;
  readonly reason: Reason;
  /** Since when and until when `enabled` is as it is, where the files give dates. */
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  /** What the files say besides, validated by the module's own schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** All municipalities at one moment. Immutable; a change of the files, of a provider, or a date makes a new one. */
export interface MunicipalitySnapshot {
  /** A hash of all that the files and providers say now; equal on every instance where they say the same. */
  readonly id: string;
  /** The instant that it was built for. */
  readonly loadedAt: Date;
  /** When a date will switch something; absent: none will. */
  readonly nextSwitchAt?: Date;
  readonly municipalities: ReadonlyMap<string, Municipality>;
  /** Flags that every one of the municipalities has on; absent: not known. */
  readonly onEverywhere?: ReadonlySet<string>;
  /** Modules for which one of them at least says `whenOff: reject`; absent: not known. */
  readonly rejected?: ReadonlySet<string>;
}

/** The current snapshot, and where a reader learns that it may be outdated. */
export interface MunicipalityRegister {
  current(): MunicipalitySnapshot;
  /** What is wrong with the files as they are now; empty when `current` is what they say. */
  problems(): readonly FileProblem[];
  /** Changes of the files that were refused while this process runs, and when the last one was. */
  refusals(): { readonly count: number; readonly lastAt?: Date };
  /** Called after a new snapshot is in place; returns how to stop. */
  onChange(listener: (snapshot: MunicipalitySnapshot) => void): () => void;
  close(): Promise<void>;
}

/** One thing to mend in a file. Line and column count from 1. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `file:line:column message`, the form editors and terminals make clickable. */
export function formatProblem({ file, line, column, message }: FileProblem): string {
  return `${file}:${line}:${column} ${message}`;
}

/** How clients learn that a flag is off in a municipality; `extensions` unless its files say otherwise. */
export function wayOffOf(snapshot: MunicipalitySnapshot, slug: string | null, flag: string): WayOff {
  const [module = flag] = flag.split('.');
  const way = slug === null ? undefined : snapshot.municipalities.get(slug)?.modules.get(module)?.options.whenOff;
  return WAYS_OFF.find((known) => known === way) ?? 'extensions';
}

/** Whether a dotted flag is on for a slug; off for a municipality that the snapshot does not hold. */
export function isFlagEnabled(snapshot: MunicipalitySnapshot, slug: string, flag: string): boolean {
  return snapshot.municipalities.get(slug)?.modules.isOn(flag) ?? false;
}

/** Why a flag is on or off for a slug; DEFAULT for a municipality that the snapshot does not hold. */
export function reasonOfFlag(snapshot: MunicipalitySnapshot, slug: string, flag: string): Reason {
  return snapshot.municipalities.get(slug)?.modules.reasonOf(flag) ?? 'DEFAULT';
}

/** Whether a dotted flag is on. A part is on with its module unless something switches it off, and never without. */
export function isFlagOn(municipality: Municipality, flag: string): boolean {
  return municipality.modules.isOn(flag);
}
