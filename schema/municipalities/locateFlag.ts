import type { KnownModule } from '../modules.ts';
import { defaultsFileSchema, municipalityFileSchema } from './municipalityFile.ts';
import { baseName, DEFAULTS_FILE, entryOf, type SourceFile, slugOf } from './readMunicipalityFiles.ts';
import { type Position, readYaml } from './readYaml.ts';

/** Where the entry stands that decides a flag, and of which flag it is: a part of a module may just follow its module. */
export type FlagOrigin = { readonly decidedBy: string } & (
  | ({ readonly source: 'own' | 'defaults'; readonly file: string } & Position)
  /** No file mentions the module: off. */
  | { readonly source: 'none' }
);

interface Entry extends Position {
  readonly source: 'own' | 'defaults';
  readonly file: string;
  readonly value: unknown;
}

/** Finds what decides a flag, in files that have been read without a problem. */
export function locateFlag(
  files: readonly SourceFile[],
  { slug, flag, modules }: { slug: string; flag: string; modules: readonly KnownModule[] },
): FlagOrigin {
  const [module = flag, ...below] = flag.split('.');
  const part = below.join('.');
  const enabled = entry('enabled');
  const parts = part === '' || enabled?.value !== true ? undefined : entry('flags');
  const isNamed = typeof parts?.value === 'object' && parts.value !== null && Object.hasOwn(parts.value, part);
  const deciding = isNamed ? entry('flags', part) : enabled;
  const decidedBy = isNamed ? flag : module;
  if (deciding === undefined) {
    return { decidedBy, source: 'none' };
  }
  const { source, file, line, column } = deciding;
  return { decidedBy, source, file, line, column };

  /** A key of the module's entry as the snapshot takes it: whole from the own file when it has it, else from the defaults. */
  function entry(key: string, ...inside: readonly string[]): Entry | undefined {
    for (const source of ['own', 'defaults'] as const) {
      const reading = source === 'own' ? own(files, slug, modules) : defaults(files, modules);
      const found = reading === undefined ? {} : entryOf(reading.value, module);
      if (reading !== undefined && Object.hasOwn(found, key)) {
        const position = reading.positionOf(['modules', module, key, ...inside]);
        return { source, file: reading.file, value: found[key], ...position };
      }
    }
    return undefined;
  }
}

function own(files: readonly SourceFile[], slug: string, modules: readonly KnownModule[]) {
  const schema = municipalityFileSchema(modules);
  // Most files are named after their slug, so those are looked at first.
  const likely = files.filter(({ file }) => baseName(file).normalize('NFC').startsWith(`${slug}.`));
  for (const { file, text } of [...likely, ...files]) {
    const reading = baseName(file) === DEFAULTS_FILE ? undefined : readYaml(file, text, schema);
    if (reading?.kind === 'read' && slugOf(file, reading.value) === slug) {
      return { file, ...reading };
    }
  }
  return undefined;
}

function defaults(files: readonly SourceFile[], modules: readonly KnownModule[]) {
  const found = files.find(({ file }) => baseName(file) === DEFAULTS_FILE);
  const reading = found && readYaml(found.file, found.text, defaultsFileSchema(modules));
  return found !== undefined && reading?.kind === 'read' ? { file: found.file, ...reading } : undefined;
}
