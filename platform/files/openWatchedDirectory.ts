import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { watch } from 'chokidar';

import type { Logger } from '../logger/Logger.ts';

/** One thing that is wrong in a file. Line and column count from 1. */
export interface WatchedProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type WatchedReading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly problems: readonly WatchedProblem[] };

/** A value made of all files of a directory: always whole, always the last good one. */
export interface WatchedDirectory<T> {
  current(): T;
  /** What is wrong with the files as they are now; empty when `current` is what they say. */
  problems(): readonly WatchedProblem[];
  onChange(listener: (value: T) => void): () => void;
  close(): Promise<void>;
}

/** The files were wrong when nothing older could stand in for them. */
export class RefusedFilesError extends Error {
  override readonly name = 'RefusedFilesError';
  readonly problems: readonly WatchedProblem[];
  constructor(problems: readonly WatchedProblem[]) {
    super(problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n'));
    this.problems = problems;
  }
}

export interface WatchedDirectoryOptions<T> {
  readonly directory: string;
  /** Which files count, by name. */
  readonly isMember: (name: string) => boolean;
  readonly read: (files: readonly { readonly file: string; readonly text: string }[]) => WatchedReading<T>;
  readonly logger: Logger;
  /** How long the files must be at rest before they are read again. Default 150 ms. */
  readonly settleMs?: number;
  /** false: read once. Default true. */
  readonly watched?: boolean;
}

/**
 * Reads a directory and follows it. A change is read when the files have come to rest, validated as a whole and swapped
 * in whole; a refused change leaves the last good value in place and is reported until it is mended.
 * Throws RefusedFilesError when the first reading is refused.
 */
export async function openWatchedDirectory<T>({
  directory,
  isMember,
  read,
  logger,
  settleMs = 150,
  watched = true,
}: WatchedDirectoryOptions<T>): Promise<WatchedDirectory<T>> {
  const first = await readDirectory();
  if (first.kind === 'refused') {
    throw new RefusedFilesError(first.problems);
  }
  let value = first.value;
  let problems: readonly WatchedProblem[] = [];
  const listeners = new Set<(value: T) => void>();

  let timer: NodeJS.Timeout | undefined;
  let reading = Promise.resolve();
  const watcher = watched ? watch(directory, { ignoreInitial: true, depth: 0 }) : undefined;
  watcher?.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reading = reading.then(readAgain);
    }, settleMs);
  });
  watcher?.on('error', (error) => logger.error({ err: error, directory }, 'cannot watch the directory'));
  if (watcher !== undefined) {
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    await readAgain(); // what changed between the first reading and the watch
  }

  async function readAgain(): Promise<void> {
    const next = await readDirectory();
    if (next.kind === 'refused') {
      problems = next.problems;
      for (const { message, ...at } of next.problems) {
        logger.error(at, `${at.file}:${at.line}:${at.column} ${message}; the state before stays`);
      }
      return;
    }
    problems = [];
    value = next.value;
    for (const listener of listeners) {
      listener(value);
    }
  }

  async function readDirectory(): Promise<WatchedReading<T>> {
    let names: string[];
    try {
      names = (await readdir(directory)).filter(isMember).sort();
    } catch (error) {
      return refusal(directory, `cannot be read: ${reasonOf(error)}`);
    }
    const files = await Promise.all(names.map((name) => readText(join(directory, name))));
    const problems = files.flatMap((file) => ('message' in file ? [file] : []));
    if (problems.length > 0) {
      return { kind: 'refused', problems };
    }
    return read(files.flatMap((file) => ('text' in file ? [file] : [])));
  }

  return {
    current: () => value,
    problems: () => problems,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      clearTimeout(timer);
      await watcher?.close();
      await reading;
    },
  };
}

async function readText(file: string): Promise<{ file: string; text: string } | WatchedProblem> {
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)) };
  } catch (error) {
    const message = error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read: ${reasonOf(error)}`;
    return { file, line: 1, column: 1, message };
  }
}

function refusal(file: string, message: string): { kind: 'refused'; problems: readonly WatchedProblem[] } {
  return { kind: 'refused', problems: [{ file, line: 1, column: 1, message }] };
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
