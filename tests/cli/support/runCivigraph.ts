import { join } from 'node:path';

import { CommanderError } from 'commander';

import { createProgram } from '../../../cli/createProgram.ts';
import type { Surroundings } from '../../../cli/Surroundings.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface Printed {
  out: string;
  error: string;
  exitCode: number;
}

/** Runs the command as the program does, in a folder of municipalities; file names are printed without that folder. */
export async function runCivigraph(
  directory: string,
  args: readonly string[],
  surroundings: Partial<Surroundings> = {},
  printed: Printed = { out: '', error: '', exitCode: 0 },
): Promise<Printed> {
  const shorten = (text: string) => text.replaceAll(join(directory, '/'), '');
  const program = createProgram({
    root: ROOT,
    environment: { MUNICIPALITIES_DIR: directory },
    write: (text) => {
      printed.out += shorten(text);
    },
    writeError: (text) => {
      printed.error += shorten(text);
    },
    isTerminal: false,
    ask: undefined,
    setExitCode: (code) => {
      printed.exitCode = code;
    },
    onStopSignal: () => {},
    ...surroundings,
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    printed.exitCode = error.exitCode;
  }
  return printed;
}
