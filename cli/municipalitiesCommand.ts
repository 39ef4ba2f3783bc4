import { Command } from 'commander';

import { RefusedFilesError } from '../platform/files/openWatchedDirectory.ts';
import { formatProblem } from '../schema/municipalities/Municipality.ts';
import { readMunicipalities } from './readMunicipalities.ts';
import type { Surroundings } from './Surroundings.ts';

export function municipalitiesCommand(surroundings: Surroundings): Command {
  const { write, writeError, setExitCode } = surroundings;
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
      try {
        const { snapshot } = await readMunicipalities(surroundings, { directory, supergraph });
        const { id, municipalities } = snapshot;
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
