import { readModules } from '../../schema/modules.ts';
import type { MunicipalityRegister, MunicipalitySnapshot } from '../../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';

/** Municipalities by slug, each with its modules as a file would say them, under the flags of a supergraph. */
export function snapshotOf(
  municipalities: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  supergraphSdl: string,
): MunicipalitySnapshot {
  const reading = readMunicipalityFiles(
    Object.entries(municipalities).map(([slug, modules]) => ({
      file: `${slug}.yaml`,
      text: JSON.stringify({ name: slug, modules }),
    })),
    { modules: readModules(supergraphSdl), loadedAt: new Date(0) },
  );
  if (reading.kind === 'refused') {
    throw new Error(JSON.stringify(reading.problems));
  }
  return reading.value;
}

/** A register without files, which tells of no change. */
export function registerOf(current: () => MunicipalitySnapshot): MunicipalityRegister {
  return {
    current,
    problems: () => [],
    refusals: () => ({ count: 0 }),
    onChange: () => () => {},
    close: async () => {},
  };
}
