import { Command } from 'commander';

import { RefusedFilesError } from '../platform/files/openWatchedDirectory.ts';
import type { FlagSources } from '../schema/municipalities/locateFlag.ts';
import { formatProblem } from '../schema/municipalities/Municipality.ts';
import { checkFlags } from './checkFlags.ts';
import { explainFlags } from './explainFlags.ts';
import { listFlags } from './listFlags.ts';
import { readMunicipalities, readSupergraph } from './readMunicipalities.ts';
import type { Surroundings } from './Surroundings.ts';
import { UnknownNameError } from './UnknownNameError.ts';

interface Options {
  readonly directory?: string;
  readonly supergraph?: string;
  readonly json?: boolean;
}

interface CheckOptions extends Options {
  readonly disable: readonly string[];
  readonly municipality: string;
  readonly operations: string;
}

export function flagsCommand(surroundings: Surroundings): Command {
  const { write, writeError, setExitCode } = surroundings;
  const command = new Command('flags').description('Which municipality has which flag on, and which line says so.');

  withOptions(command.command('list'))
    .description('A table of all municipalities and flags, with counts.')
    .action((options: Options) => run(options, (atHand) => listFlags(atHand, options.json === true)));

  withOptions(command.command('explain'))
    .description('The value of a municipality’s flags, why, and the file:line:column that it comes from.')
    .argument('<municipality>', 'its slug')
    .argument('[flag]', 'such as housing or housing.contact; default: all flags')
    .action((slug: string, flag: string | undefined, options: Options) =>
      run(options, (atHand) => explainFlags(atHand, { slug, flag, json: options.json === true })),
    );

  withOptions(command.command('check'))
    .description(
      'Which stored operations lose which fields when flags are switched off. Exit code 1 when one loses something.',
    )
    .requiredOption('--disable <flag...>', 'the flags to be switched off, such as housing or housing.contact')
    .requiredOption('--municipality <slug>', 'for which municipality')
    .requiredOption('--operations <folder>', 'where the operations lie: *.graphql, folders inside included')
    .action((options: CheckOptions) =>
      run(options, async (atHand) => {
        const { text, hasFindings } = await checkFlags(atHand, {
          slug: options.municipality,
          disable: options.disable,
          directory: options.operations,
          supergraphSdl: await readSupergraph(surroundings, options),
          json: options.json === true,
        });
        if (hasFindings) {
          setExitCode(1);
        }
        return text;
      }),
    );
  return command;

  async function run(options: Options, answer: (atHand: FlagSources) => string | Promise<string>): Promise<void> {
    try {
      write(await answer(await readMunicipalities(surroundings, options)));
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
