import { Command, InvalidArgumentError } from 'commander';

import { followDirectory } from '../platform/files/followDirectory.ts';
import { RefusedFilesError } from '../platform/files/openWatchedDirectory.ts';
import { silentLogger } from '../platform/logger/Logger.ts';
import { formatProblem } from '../schema/municipalities/Municipality.ts';
import { SLUG, SLUG_HELP } from '../schema/municipalities/municipalityFile.ts';
import { addMunicipality, MunicipalityExistsError, type NewMunicipality } from './addMunicipality.ts';
import { directoryOf, readMunicipalities } from './readMunicipalities.ts';
import type { Surroundings } from './Surroundings.ts';

interface ValidateOptions {
  readonly supergraph?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

export function municipalitiesCommand(surroundings: Surroundings): Command {
  const { write, writeError, setExitCode, onStopSignal } = surroundings;
  const command = new Command('municipalities').description(
    'The files that say which municipality shows which module.',
  );
  command
    .command('validate')
    .description(
      'Check all files as one whole; print every problem as file:line:column. Exit code 1 when there is one.',
    )
    .argument('[directory]', 'default: MUNICIPALITIES_DIR, else municipalities/ of the installation')
    .option('--supergraph <file>', 'the supergraph whose modules are known; default: the installation’s')
    .option('--json', 'print a JSON object')
    .option('--watch', 'check again whenever a file changes, until interrupted')
    .action(async (directory: string | undefined, options: ValidateOptions) => {
      const validate = async () => setExitCode((await validateOnce(directory, options)) ? 0 : 1);
      await validate();
      if (options.watch !== true) {
        return;
      }
      const followed = await followDirectory({
        directory: directoryOf(surroundings, { directory }),
        withFolders: true,
        onRest: validate,
        logger: silentLogger,
      });
      await new Promise<void>((resolve) => onStopSignal(resolve));
      await followed.close();
    });

  command
    .command('add')
    .description('Write the file of a new municipality, with comments. An existing one is never touched.')
    .argument('<slug>', 'its name in URLs and queries, and of its file, such as neuburg-schrobenhausen', readSlug)
    .option('--name <text>', 'full name, such as "Stadt Augsburg"; asked for when there is a terminal')
    .option('--prefix <text>', 'leading part of the name, such as "Stadt"')
    .option('--ags <digits>', 'Amtlicher Gemeindeschlüssel')
    .option('--postcode <text>', 'one postcode')
    .option('--latitude <degrees>', 'of its centre', readDegrees)
    .option('--longitude <degrees>', 'of its centre', readDegrees)
    .option('--extends <profile>', 'the profile that it shares')
    .option('--enable <module...>', 'modules that are on')
    .option('--disable <module...>', 'modules that are off')
    .option('--directory <folder>', 'default: MUNICIPALITIES_DIR, else municipalities/ of the installation')
    .option('--supergraph <file>', 'the supergraph whose modules are known; default: the installation’s')
    .action(async (slug: string, options: NewMunicipality & { directory?: string; supergraph?: string }) => {
      try {
        write(`${await addMunicipality(surroundings, slug, options)}\n`);
      } catch (error) {
        if (error instanceof RefusedFilesError) {
          writeError(`Nothing was written:\n${error.problems.map(formatProblem).join('\n')}\n`);
        } else if (error instanceof MunicipalityExistsError) {
          writeError(`${error.message}\n`);
        } else {
          throw error;
        }
        setExitCode(1);
      }
    });
  return command;

  async function validateOnce(directory: string | undefined, { supergraph, json }: ValidateOptions): Promise<boolean> {
    try {
      const { snapshot } = await readMunicipalities(surroundings, { directory, supergraph });
      const { id, municipalities } = snapshot;
      write(
        json === true
          ? `${JSON.stringify({ valid: true, snapshot: id, municipalities: municipalities.size })}\n`
          : `${municipalities.size} municipalities are valid (snapshot ${id})\n`,
      );
      return true;
    } catch (error) {
      if (!(error instanceof RefusedFilesError)) {
        throw error;
      }
      if (json === true) {
        write(`${JSON.stringify({ valid: false, problems: error.problems })}\n`);
      } else {
        writeError(`${error.problems.map(formatProblem).join('\n')}\n`);
      }
      return false;
    }
  }
}

function readSlug(text: string): string {
  const slug = text.normalize('NFC');
  if (!SLUG.test(slug)) {
    throw new InvalidArgumentError(`It takes a slug: ${SLUG_HELP}.`);
  }
  return slug;
}

function readDegrees(text: string): number {
  const degrees = Number(text);
  if (text.trim() === '' || !Number.isFinite(degrees)) {
    throw new InvalidArgumentError('It takes a number of degrees, such as 48.3688.');
  }
  return degrees;
}
