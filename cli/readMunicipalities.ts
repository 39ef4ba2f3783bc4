import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { openWatchedDirectory } from '../platform/files/openWatchedDirectory.ts';
import { silentLogger } from '../platform/logger/Logger.ts';
import { readFeatures } from '../schema/features/readFeatures.ts';
import { type KnownModule, knownModules } from '../schema/modules.ts';
import type { MunicipalitySnapshot } from '../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles, type SourceFile } from '../schema/municipalities/readMunicipalityFiles.ts';
import type { Surroundings } from './Surroundings.ts';

export interface MunicipalitiesAtHand {
  readonly snapshot: MunicipalitySnapshot;
  /** The texts that the snapshot was made of. */
  readonly files: readonly SourceFile[];
  readonly modules: readonly KnownModule[];
}

/**
 * Reads all municipality files once. Throws RefusedFilesError when one of them is wrong.
 * `directory`: default MUNICIPALITIES_DIR, else the installation's; `supergraph`: the file that says which modules exist.
 */
export async function readMunicipalities(
  { root, environment }: Surroundings,
  { directory, supergraph }: { directory?: string | undefined; supergraph?: string | undefined },
): Promise<MunicipalitiesAtHand> {
  const sdl = await readFile(supergraph ?? join(root, 'schema', 'supergraph.graphql'), 'utf8');
  const modules = knownModules(readFeatures(sdl).flags);
  const register = await openWatchedDirectory({
    directory: directory ?? environment.MUNICIPALITIES_DIR ?? relative('', join(root, 'municipalities')),
    isMember: (name) => /\.ya?ml$/.test(name) && !name.startsWith('.'),
    read: (files) => {
      const reading = readMunicipalityFiles(files, { modules, loadedAt: new Date(0) });
      return reading.kind === 'refused'
        ? reading
        : { kind: 'read', value: { snapshot: reading.value, files, modules } };
    },
    logger: silentLogger,
    watched: false,
  });
  const atHand = register.current();
  await register.close();
  return atHand;
}
