import type { KnownModule } from '../modules.ts';
import { buildSnapshot } from './buildSnapshot.ts';
import { createFlagIndex } from './FlagIndex.ts';
import type { FileProblem, MunicipalitySnapshot } from './Municipality.ts';
import { readLayers, type SourceFile } from './readLayers.ts';
import { runAtOnce } from './slices.ts';

export type MunicipalityReading =
  | { readonly kind: 'read'; readonly value: MunicipalitySnapshot }
  | { readonly kind: 'refused'; readonly problems: readonly FileProblem[] };

/** Reads all files at once and makes the snapshot of the instant `loadedAt`. */
export function readMunicipalityFiles(
  files: readonly SourceFile[],
  { modules, loadedAt }: { modules: readonly KnownModule[]; loadedAt: Date },
): MunicipalityReading {
  const reading = runAtOnce(readLayers(files, { index: createFlagIndex(modules), cache: new Map() }));
  return reading.kind === 'refused'
    ? reading
    : { kind: 'read', value: runAtOnce(buildSnapshot(reading.value, { now: loadedAt.getTime() })) };
}
