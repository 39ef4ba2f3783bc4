import { knownModules } from '../../../schema/modules.ts';
import type { Municipality, MunicipalityRegister } from '../../../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../../../schema/municipalities/readMunicipalityFiles.ts';

/** A register of YAML texts by slug, read like the files of an installation; `replace` is their next version. */
export function createTestRegister(
  files: Readonly<Record<string, string>>,
): MunicipalityRegister & { replace(files: Readonly<Record<string, string>>): void } {
  let snapshot = read(files);
  return {
    current: () => snapshot,
    problems: () => [],
    refusals: () => ({ count: 0 }),
    onChange: () => () => {},
    close: async () => {},
    replace: (next) => {
      snapshot = read(next);
    },
  };
}

function read(files: Readonly<Record<string, string>>) {
  const reading = readMunicipalityFiles(
    Object.entries(files).map(([slug, text]) => ({ file: `${slug}.yaml`, text })),
    { modules: knownModules(['apprenticeships']), loadedAt: new Date('2027-03-01T00:00:00Z') },
  );
  if (reading.kind === 'refused') {
    throw new Error(reading.problems.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  }
  return reading.value;
}

/** The text of a municipality's file. */
export function toFile({
  name,
  postcode,
  location,
  module = '{ enabled: true }',
  country = 'DE',
}: {
  name: string;
  postcode?: string;
  location?: Municipality['location'];
  module?: string;
  country?: string;
}): string {
  return [
    `name: Stadt ${name}`,
    'prefix: Stadt',
    `country: ${country}`,
    ...(postcode === undefined ? [] : [`postcode: "${postcode}"`]),
    ...(location === undefined ? [] : [`location: ${JSON.stringify(location)}`]),
    `modules: { apprenticeships: ${module} }`,
  ].join('\n');
}
