import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { systemClock } from '../../../platform/clock/Clock.ts';
import { type Logger, silentLogger } from '../../../platform/logger/Logger.ts';
import {
  type MunicipalityRegisterOptions,
  openMunicipalityRegister,
} from '../../../roles/municipalities/openMunicipalityRegister.ts';
import { knownModules } from '../../../schema/modules.ts';
import type { MunicipalityRegister } from '../../../schema/municipalities/Municipality.ts';

/** A folder of municipality files on the real file system. */
export interface Folder {
  readonly directory: string;
  write(texts: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  /** As careful programs write: beside, then renamed over. */
  replace(name: string, text: string): Promise<void>;
  open(options?: Partial<MunicipalityRegisterOptions>): Promise<MunicipalityRegister>;
  /** Closes what was opened and removes the files. */
  close(): Promise<void>;
}

export async function createFolder(texts: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const directory = await mkdtemp(join(tmpdir(), 'civigraph-municipalities-'));
  const opened: MunicipalityRegister[] = [];
  const folder: Folder = {
    directory,
    write: async (some) => {
      for (const folderName of new Set(Object.keys(some).map((name) => dirname(join(directory, name))))) {
        await mkdir(folderName, { recursive: true });
      }
      const files = Object.entries(some);
      while (files.length > 0) {
        await Promise.all(files.splice(-20).map(([name, text]) => writeFile(join(directory, name), text)));
      }
    },
    replace: async (name, text) => {
      await writeFile(join(directory, `.${name}.new`), text);
      await rename(join(directory, `.${name}.new`), join(directory, name));
    },
    open: async (options) => {
      const register = await openMunicipalityRegister({
        directory,
        modules: knownModules(['housing', 'housing.contact']),
        clock: systemClock,
        logger: silentLogger,
        ...options,
      });
      opened.push(register);
      return register;
    },
    close: async () => {
      await Promise.all(opened.map((register) => register.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
  await folder.write(texts);
  return folder;
}

/** Waits until something is so. */
export async function until(isSo: () => boolean, limitMs = 15_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > deadline) {
      throw new Error(`It has not come about within ${limitMs} ms: ${isSo}`);
    }
    await delay(10);
  }
}

/** A logger that keeps what was said in errors. */
export function recordErrors(): { logger: Logger; errors: string[] } {
  const errors: string[] = [];
  const logger: Logger = { ...silentLogger, error: (_, message) => errors.push(message), child: () => logger };
  return { logger, errors };
}
