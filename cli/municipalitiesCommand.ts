import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { Command } from 'commander';

import { openWatchedDirectory, RefusedFilesError } from '../platform/files/openWatchedDirectory.ts';
import { silentLogger } from '../platform/logger/Logger.ts';
import { readFeatures } from '../schema/features/readFeatures.ts';
import { knownModules } from '../schema/modules.ts';
import { formatProblem } from '../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../schema/municipalities/readMunicipalityFiles.ts';
import type { Surroundings } from './Surroundings.ts';

export function municipalitiesCommand({ root, environment, write, writeError, setExitCode }: Surroundings): Command {
  const command = new Command('municipalities').description(
    'The files that say which municipality shows which module.',
  );
  command
    .command('validate')
    .description('Check all files as one whole; print every problem as file:line:column.')
    .argument('[directory]', 'default: MUNICIPALITIES_DIR, else municipalities/ of the installation')
    .option('--supergraph <file>', 'the supergraph whose modules are known; default: the installation’s')
    .option('--json', 'print a JSON object')
    .action(async (directory: string | undefined, { supergraph, json }: { supergraph?: string; json?: boolean }) => {
      const folder = directory ?? environment.MUNICIPALITIES_DIR ?? relative('', join(root, 'municipalities'));
      const sdl = await readFile(supergraph ?? join(root, 'schema', 'supergraph.graphql'), 'utf8');
      const modules = knownModules(readFeatures(sdl).flags);
      try {
        const register = await openWatchedDirectory({
          directory: folder,
          isMember: (name) => /\.ya?ml$/.test(name) && !name.startsWith('.'),
          read: (files) => readMunicipalityFiles(files, { modules, loadedAt: new Date(0) }),
          logger: silentLogger,
          watched: false,
        });
        const { id, municipalities } = register.current();
        await register.close();
        write(
          json === true
            ? `${JSON.stringify({ valid: true, snapshot: id, municipalities: municipalities.size })}\n`
            : `${municipalities.size} municipalities are valid (snapshot ${id})\n`,
        );
      } catch (error) {
        if (!(error instanceof RefusedFilesError)) {
          throw error;
        }
        setExitCode(1);
        if (json === true) {
          write(`${JSON.stringify({ valid: false, problems: error.problems })}\n`);
        } else {
          writeError(`${error.problems.map(formatProblem).join('\n')}\n`);
        }
      }
    });
  return command;
}
