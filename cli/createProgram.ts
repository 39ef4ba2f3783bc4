import { Command } from 'commander';

import { composeCommand } from './composeCommand.ts';
import { flagsCommand } from './flagsCommand.ts';
import { gatewayCommand } from './gatewayCommand.ts';
import { ingestCommand } from './ingestCommand.ts';
import { municipalitiesCommand } from './municipalitiesCommand.ts';
import { planCommand } from './planCommand.ts';
import type { Surroundings } from './Surroundings.ts';

/** The `civigraph` command. Exit codes: 0 done, 1 refused or failed (the reason is on standard error), 2 wrong usage. */
export function createProgram(surroundings: Surroundings): Command {
  const program = new Command('civigraph')
    .description(
      'One GraphQL graph over the systems of municipalities: compose it, check its files, fill it, serve it.',
    )
    .showHelpAfterError('(--help shows how it is used)')
    .configureOutput({ writeOut: surroundings.write, writeErr: surroundings.writeError })
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : Object.assign(error, { exitCode: 2 });
    });
  for (const command of [
    composeCommand,
    municipalitiesCommand,
    flagsCommand,
    planCommand,
    ingestCommand,
    gatewayCommand,
  ]) {
    program.addCommand(inherit(command(surroundings), program));
  }
  return program;
}

/** Help, output and exit codes hold for a command and all below it. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) {
    inherit(inner, command);
  }
  return command;
}
