import { createHash } from 'node:crypto';

import type { KnownModule } from '../modules.ts';
import type {
  FileProblem,
  Municipality,
  MunicipalityModule,
  MunicipalitySlug,
  MunicipalitySnapshot,
} from './Municipality.ts';
import {
  type DefaultsFile,
  defaultsFileSchema,
  type MunicipalityFile,
  municipalityFileSchema,
  SLUG,
} from './municipalityFile.ts';
import { readYaml } from './readYaml.ts';

/** The file whose values stand in for what a municipality's own file leaves out. */
export const DEFAULTS_FILE = '_defaults.yaml';

export interface SourceFile {
  /** As it is shown in messages. */
  readonly file: string;
  readonly text: string;
}

export type MunicipalityReading =
  | { readonly kind: 'read'; readonly value: MunicipalitySnapshot }
  | { readonly kind: 'refused'; readonly problems: readonly FileProblem[] };

/** Validates all files as one whole and makes the snapshot; one wrong file refuses all, with every problem named. */
export function readMunicipalityFiles(
  files: readonly SourceFile[],
  { modules, loadedAt }: { modules: readonly KnownModule[]; loadedAt: Date },
): MunicipalityReading {
  const problems: FileProblem[] = [];
  let defaults: DefaultsFile = {};
  const schema = municipalityFileSchema(modules);
  const bySlug = new Map<string, { municipality: Municipality; file: string }>();

  const defaultsFile = files.find(({ file }) => baseName(file) === DEFAULTS_FILE);
  if (defaultsFile !== undefined) {
    const reading = readYaml(defaultsFile.file, defaultsFile.text, defaultsFileSchema(modules));
    if (reading.kind === 'refused') {
      problems.push(...reading.problems);
    } else {
      defaults = reading.value;
    }
  }
  for (const { file, text } of files) {
    if (file === defaultsFile?.file) {
      continue;
    }
    const reading = readYaml(file, text, schema);
    if (reading.kind === 'refused') {
      problems.push(...reading.problems);
      continue;
    }
    const slug = slugOf(file, reading.value);
    const at = { file, ...reading.positionOf(reading.value.slug === undefined ? [] : ['slug']) };
    const earlier = bySlug.get(slug);
    if (!SLUG.test(slug)) {
      problems.push({
        ...at,
        message: `the file's name "${slug}" is no slug: use lower-case letters, digits and single hyphens`,
      });
    } else if (earlier !== undefined) {
      problems.push({
        ...at,
        message: `the slug "${slug}" is taken by ${earlier.file}; every municipality needs its own`,
      });
    } else {
      bySlug.set(slug, {
        file,
        municipality: toMunicipality(slug as MunicipalitySlug, reading.value, { defaults, modules }),
      });
    }
  }
  if (problems.length > 0) {
    return { kind: 'refused', problems };
  }
  const municipalities = new Map(
    [...bySlug].sort(([a], [b]) => (a < b ? -1 : 1)).map(([slug, { municipality }]) => [slug, municipality]),
  );
  return { kind: 'read', value: Object.freeze({ id: snapshotId(municipalities), loadedAt, municipalities }) };
}

function toMunicipality(
  slug: MunicipalitySlug,
  file: MunicipalityFile,
  { defaults, modules }: { defaults: DefaultsFile; modules: readonly KnownModule[] },
): Municipality {
  const codes = [
    { scheme: 'AGS', value: file.ags },
    { scheme: 'ARS', value: file.ars },
    { scheme: 'NUTS3', value: file.nuts3 },
    { scheme: 'LAU', value: file.lau },
  ] as const;
  return Object.freeze({
    slug,
    name: file.name,
    prefix: file.prefix,
    country: file.country ?? defaults.country ?? 'DE',
    timeZone: file.timeZone ?? defaults.timeZone ?? 'Europe/Berlin',
    adminCodes: codes.flatMap(({ scheme, value }) => (value === undefined ? [] : [{ scheme, value }])),
    postcode: file.postcode,
    location: file.location,
    hidden: file.hidden ?? false,
    cmsRegion: file.cms === false ? undefined : (file.cms ?? slug),
    modules: new Map(
      modules.map(
        ({ name }) => [name, toModule(name, { ...entryOf(defaults, name), ...entryOf(file, name) })] as const,
      ),
    ),
  });
}

/** The slug of a municipality's file: the one it states, else the file's name. */
export function slugOf(file: string, { slug }: MunicipalityFile): string {
  return (slug ?? baseName(file).replace(/\.ya?ml$/, '')).normalize('NFC');
}

/** What a file says of a module, as an object; nothing when it says nothing. */
export function entryOf(file: DefaultsFile, name: string): Record<string, unknown> {
  const entry: unknown = file.modules?.[name];
  return typeof entry === 'boolean' ? { enabled: entry } : ((entry ?? {}) as Record<string, unknown>);
}

function toModule(
  name: string,
  { enabled = false, flags = {}, ...options }: Record<string, unknown>,
): MunicipalityModule {
  return Object.freeze({
    name,
    enabled: enabled === true,
    flags: new Map(Object.entries(flags as Record<string, boolean>)),
    options: Object.freeze(options),
  });
}

/** Equal meaning gives an equal id, whatever the order or form of the files. */
function snapshotId(municipalities: ReadonlyMap<string, Municipality>): string {
  const meaning = [...municipalities.values()].map(({ modules, ...rest }) => [
    rest,
    [...modules.values()].map(({ flags, ...module }) => [module, [...flags].sort()]),
  ]);
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex').slice(0, 16);
}

export function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
