import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RefusedFilesError } from '../platform/files/openWatchedDirectory.ts';
import { createFlagIndex } from '../schema/municipalities/FlagIndex.ts';
import { readLayers } from '../schema/municipalities/readLayers.ts';
import { runAtOnce } from '../schema/municipalities/slices.ts';
import { directoryOf, type MunicipalityOptions, modulesOf, readMunicipalities } from './readMunicipalities.ts';
import type { Surroundings } from './Surroundings.ts';

export interface NewMunicipality {
  readonly name?: string;
  readonly prefix?: string;
  readonly ags?: string;
  readonly postcode?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly extends?: string;
  readonly enable?: readonly string[];
  readonly disable?: readonly string[];
}

export class MunicipalityExistsError extends Error {
  override readonly name = 'MunicipalityExistsError';
}

/** Questions that a person is asked for what the options leave out; an empty answer leaves it out. */
const QUESTIONS = [
  ['name', 'Full name, such as Stadt Musterstadt: '],
  ['prefix', 'Leading part of the name, such as Stadt (or nothing): '],
  ['ags', 'Amtlicher Gemeindeschlüssel, 8 digits (or nothing): '],
  ['postcode', 'One postcode (or nothing): '],
  ['extends', 'Profile that it shares (or nothing): '],
] as const;

/**
 * Writes `<slug>.yaml` once all files together with it are valid. Resolves with what was done.
 * Throws MunicipalityExistsError, or RefusedFilesError when the file would not be valid.
 */
export async function addMunicipality(
  surroundings: Surroundings,
  slug: string,
  options: NewMunicipality & MunicipalityOptions,
): Promise<string> {
  const file = join(directoryOf(surroundings, options), `${slug}.yaml`);
  const { snapshot, files } = await readMunicipalities(surroundings, options);
  if (snapshot.municipalities.has(slug) || files.some((each) => each.file === file)) {
    throw new MunicipalityExistsError(`the municipality "${slug}" exists already; its file was not touched`);
  }
  const modules = await modulesOf(surroundings, options);
  const text = toFile(
    await complete(options, surroundings.ask),
    modules.map(({ name }) => name),
  );
  const reading = runAtOnce(
    readLayers([...files, { file, name: `${slug}.yaml`, text }], { index: createFlagIndex(modules), cache: new Map() }),
  );
  if (reading.kind === 'refused') {
    throw new RefusedFilesError(reading.problems);
  }
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST') {
      throw new MunicipalityExistsError(`${file} exists already; it was not touched`);
    }
    throw error;
  }
  return `${file} was written`;
}

async function complete(options: NewMunicipality, ask: Surroundings['ask']): Promise<NewMunicipality> {
  const answers: Record<string, string> = {};
  for (const [key, question] of ask === undefined ? [] : QUESTIONS) {
    const answer = options[key] === undefined ? (await ask?.(question))?.trim() : undefined;
    if (answer !== undefined && answer !== '') {
      answers[key] = answer;
    }
  }
  return { ...answers, ...options };
}

/** JSON strings are YAML strings, whatever stands in them. */
function toFile(municipality: NewMunicipality, modules: readonly string[]): string {
  const { name: fullName, prefix, ags, postcode, latitude, longitude, enable = [], disable = [] } = municipality;
  const key = (module: string) => (/^[a-z][a-z0-9-]*$/.test(module) ? module : JSON.stringify(module));
  const switches = [
    ...enable.map((module) => `  ${key(module)}: true`),
    ...disable.map((module) => `  ${key(module)}: false`),
  ];
  const text = (name: string, value: string | undefined, example: string) =>
    value === undefined ? `# ${name}: ${example}` : `${name}: ${JSON.stringify(value)}`;
  return `${[
    '# yaml-language-server: $schema=./schema.json',
    '# Every key is explained in docs/configuration.md; a line that begins with # does not count.',
    ...(fullName === undefined ? [] : [text('name', fullName, '')]),
    text('prefix', prefix, 'Stadt'),
    '# Official keys and postcodes stand in quotation marks: they may begin with 0.',
    text('ags', ags, '"09761000"'),
    text('postcode', postcode, '"86150"'),
    latitude === undefined && longitude === undefined
      ? '# location: { latitude: 48.3688, longitude: 10.8959 }'
      : `location: ${JSON.stringify({ latitude, longitude })}`,
    '# What is not mentioned below is taken from the profile, then from _defaults.yaml.',
    text('extends', municipality.extends, 'bavaria'),
    '# true or false for each module; one that nobody mentions is off.',
    ...(switches.length === 0 ? ['modules: {}'] : ['modules:', ...switches]),
    ...modules
      .filter((module) => !enable.includes(module) && !disable.includes(module))
      .map((module) => `#  ${module}: true`),
  ].join('\n')}\n`;
}
