import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { systemClock } from '../platform/clock/Clock.ts';
import { silentLogger } from '../platform/logger/Logger.ts';
import { openLayers } from '../roles/municipalities/openMunicipalityRegister.ts';
import { type KnownModule, readModules } from '../schema/modules.ts';
import { buildSnapshot, type Provided } from '../schema/municipalities/buildSnapshot.ts';
import type { FlagSources } from '../schema/municipalities/locateFlag.ts';
import type { Layers } from '../schema/municipalities/readLayers.ts';
import { runAtOnce } from '../schema/municipalities/slices.ts';
import type { Surroundings } from './Surroundings.ts';

export interface MunicipalityOptions {
  /** Default MUNICIPALITIES_DIR, else the installation's. */
  readonly directory?: string | undefined;
  /** The file that says which modules exist; default: the installation's. */
  readonly supergraph?: string | undefined;
}

/** Reads all municipality files once, as they are at this moment. Throws RefusedFilesError when one of them is wrong. */
export async function readMunicipalities(
  surroundings: Surroundings,
  options: MunicipalityOptions,
): Promise<FlagSources> {
  const source = await openLayers({
    directory: directoryOf(surroundings, options),
    modules: await modulesOf(surroundings, options),
    clock: systemClock,
    logger: silentLogger,
    watched: false,
  });
  const { layers, files } = source.current();
  await source.close();
  const provided = await askOnce(surroundings, layers);
  const snapshot = runAtOnce(buildSnapshot(layers, { now: systemClock.now(), provided }));
  return { layers, provided, snapshot, files };
}

/** What the installation's provider says now, if it has one. */
async function askOnce({ environment }: Surroundings, layers: Layers): Promise<Provided | undefined> {
  const path = environment.FLAG_PROVIDER ?? '';
  if (path === '') {
    return undefined;
  }
  const { loadProvider, openFlagProvider } = await import('../roles/municipalities/openFlagProvider.ts');
  const provider = await openFlagProvider(await loadProvider(path));
  try {
    return { states: await provider.evaluate(layers), isStale: false };
  } finally {
    await provider.close();
  }
}

/** Relative where it can be: it stands in messages that people and editors follow. */
export function directoryOf({ root, environment }: Surroundings, { directory }: MunicipalityOptions): string {
  return directory ?? environment.MUNICIPALITIES_DIR ?? relative('', join(root, 'municipalities'));
}

export async function modulesOf(
  surroundings: Surroundings,
  options: MunicipalityOptions,
): Promise<readonly KnownModule[]> {
  return readModules(await readSupergraph(surroundings, options));
}

export function readSupergraph({ root }: Surroundings, { supergraph }: MunicipalityOptions): Promise<string> {
  return readFile(supergraph ?? join(root, 'schema', 'supergraph.graphql'), 'utf8');
}
