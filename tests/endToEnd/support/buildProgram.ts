import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface BuiltProgram {
  /** The compiled main.ts. */
  readonly main: string;
  remove(): Promise<void>;
}

/**
 * Compiles the program as `npm run build` does, but into a folder of its own: a suite neither disturbs another one nor
 * a program that runs from dist/.
 */
export async function buildProgram(): Promise<BuiltProgram> {
  const cache = join(ROOT, 'node_modules', '.cache', 'civigraph');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'dist-'));
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', directory], {
      cwd: ROOT,
      timeout: 120_000,
    });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    throw new Error(`The program does not compile:\n${stdout ?? String(error)}`);
  }
  return { main: join(directory, 'main.js'), remove: () => rm(directory, { recursive: true, force: true }) };
}
