import { Command } from 'commander';
import { closest } from 'fastest-levenshtein';

import { RefusedFilesError } from '../platform/files/openWatchedDirectory.ts';
import type { KnownModule } from '../schema/modules.ts';
import { type FlagOrigin, locateFlag } from '../schema/municipalities/locateFlag.ts';
import { formatProblem, isFlagOn, type Municipality } from '../schema/municipalities/Municipality.ts';
import { DEFAULTS_FILE } from '../schema/municipalities/readMunicipalityFiles.ts';
import { type MunicipalitiesAtHand, readMunicipalities } from './readMunicipalities.ts';
import type { Surroundings } from './Surroundings.ts';

interface Options {
  readonly directory?: string;
  readonly supergraph?: string;
  readonly json?: boolean;
}

export function flagsCommand(surroundings: Surroundings): Command {
  const { write, writeError, setExitCode } = surroundings;
  const command = new Command('flags').description('Which municipality has which flag on, and which line says so.');

  withOptions(command.command('list'))
    .description('A table of all municipalities and flags, with counts.')
    .action((options: Options) => run(options, (atHand) => list(atHand, options.json === true)));

  withOptions(command.command('explain'))
    .description('The value of a municipality’s flags, why, and the file:line:column that it comes from.')
    .argument('<municipality>', 'its slug')
    .argument('[flag]', 'such as housing or housing.contact; default: all flags')
    .action((slug: string, flag: string | undefined, options: Options) =>
      run(options, (atHand) => explain(atHand, { slug, flag, json: options.json === true })),
    );
  return command;

  async function run(options: Options, answer: (atHand: MunicipalitiesAtHand) => string): Promise<void> {
    try {
      write(answer(await readMunicipalities(surroundings, options)));
    } catch (error) {
      if (error instanceof RefusedFilesError) {
        writeError(`${error.problems.map(formatProblem).join('\n')}\n`);
      } else if (error instanceof UnknownNameError) {
        writeError(`${error.message}\n`);
      } else {
        throw error;
      }
      setExitCode(1);
    }
  }
}

function withOptions(command: Command): Command {
  return command
    .option('--directory <folder>', 'default: MUNICIPALITIES_DIR, else municipalities/ of the installation')
    .option('--supergraph <file>', 'the supergraph whose modules are known; default: the installation’s')
    .option('--json', 'print a JSON object');
}

/** A name that nothing has, with the nearest one that something has. */
class UnknownNameError extends Error {
  override readonly name = 'UnknownNameError';
  constructor(what: string, wrong: string, valid: readonly string[]) {
    const hint = valid.length === 0 ? '' : `; did you mean ${JSON.stringify(closest(wrong, [...valid]))}?`;
    super(`${what} ${JSON.stringify(wrong)}${hint}`);
  }
}

function list({ snapshot, modules }: MunicipalitiesAtHand, json: boolean): string {
  const flags = flagsOf(modules);
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
    ...municipalities.map((municipality) => [municipality.slug, ...flags.map((flag) => onOrOff(municipality, flag))]),
    [`on in, of ${municipalities.length}`, ...flags.map((flag) => String(count(flag)))],
  ]);
}

function explain(
  { snapshot, files, modules }: MunicipalitiesAtHand,
  { slug: asked, flag: only, json }: { slug: string; flag: string | undefined; json: boolean },
): string {
  const slug = asked.normalize('NFC');
  const municipality = snapshot.municipalities.get(slug);
  if (municipality === undefined) {
    throw new UnknownNameError('no municipality has the slug', slug, [...snapshot.municipalities.keys()]);
  }
  const all = flagsOf(modules);
  if (only !== undefined && !all.includes(only)) {
    throw new UnknownNameError('no module or part of one has the flag', only, all);
  }
  const found = (only === undefined ? all : [only]).map((flag) => {
    const origin = locateFlag(files, { slug, flag, modules });
    return { flag, origin, reason: origin.source === 'none' ? 'DEFAULT' : 'STATIC' };
  });
  if (json) {
    const flags = found.map(({ flag, reason, origin }) => ({
      flag,
      enabled: isFlagOn(municipality, flag),
      reason,
      ...origin,
    }));
    return `${JSON.stringify({ municipality: slug, snapshot: snapshot.id, flags })}\n`;
  }
  return toTable(
    found.map(({ flag, reason, origin }) => [
      flag,
      onOrOff(municipality, flag),
      reason,
      origin.source === 'none' ? '-' : `${origin.file}:${origin.line}:${origin.column}`,
      because(flag, origin),
    ]),
  );
}

/** Every module and its parts, in the order of the register of modules. */
function flagsOf(modules: readonly KnownModule[]): readonly string[] {
  return modules.flatMap(({ name, flags }) => [name, ...flags.map((flag) => `${name}.${flag}`)]);
}

function because(flag: string, { source, decidedBy }: FlagOrigin): string {
  const follows = flag === decidedBy ? '' : `follows ${decidedBy}: `;
  switch (source) {
    case 'own':
      return `${follows}the municipality’s own file says so`;
    case 'defaults':
      return `${follows}${DEFAULTS_FILE} says so, the own file does not mention it`;
    case 'none':
      return `${follows}no file mentions it, so it is off`;
  }
}

function onOrOff(municipality: Municipality, flag: string): 'on' | 'off' {
  return isFlagOn(municipality, flag) ? 'on' : 'off';
}

/** Columns as wide as their widest cell, two spaces apart. */
function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}
