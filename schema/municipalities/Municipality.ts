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
  readonly adminCodes: readonly { readonly scheme: 'AGS' | 'ARS' | 'NUTS3' | 'LAU'; readonly value: string }[];
  readonly postcode: string | undefined;
  readonly location: { readonly latitude: number; readonly longitude: number } | undefined;
  /** Not listed unless asked for; still readable by slug. */
  readonly hidden: boolean;
  /** The region's slug in the CMS; undefined when the municipality is not in the CMS. */
  readonly cmsRegion: string | undefined;
  /** Every known module by name, in the order of the module register. */
  readonly modules: ReadonlyMap<string, MunicipalityModule>;
}

export interface MunicipalityModule {
  readonly name: string;
  readonly enabled: boolean;
  /** Flags below the module, such as `contact` of `housing`, that the file switches; absent ones follow the module. */
  readonly flags: ReadonlyMap<string, boolean>;
  /** What the file says besides, validated by the module's own schema. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** All municipalities at one moment. Immutable; a change of the files makes a new one. */
export interface MunicipalitySnapshot {
  /** A hash of the meaning of all files; equal on every instance that reads equal files. */
  readonly id: string;
  readonly loadedAt: Date;
  readonly municipalities: ReadonlyMap<string, Municipality>;
}

/** The current snapshot, and where a reader learns that it may be outdated. */
export interface MunicipalityRegister {
  current(): MunicipalitySnapshot;
  /** What is wrong with the files as they are now; empty when `current` is what they say. */
  problems(): readonly FileProblem[];
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

/** Whether a dotted flag is on for a slug; off for a municipality that the snapshot does not hold. */
export function isFlagEnabled(snapshot: MunicipalitySnapshot, slug: string, flag: string): boolean {
  const municipality = snapshot.municipalities.get(slug);
  return municipality !== undefined && isFlagOn(municipality, flag);
}

/**
 * Whether a dotted flag is on. Unknown module or flag: off.
 * A flag below a module is on when the module is on and the file does not switch it off.
 */
export function isFlagOn(municipality: Municipality, flag: string): boolean {
  const dot = flag.indexOf('.');
  const module = municipality.modules.get(dot === -1 ? flag : flag.slice(0, dot));
  if (module === undefined || !module.enabled) {
    return false;
  }
  return dot === -1 || (module.flags.get(flag.slice(dot + 1)) ?? true);
}
