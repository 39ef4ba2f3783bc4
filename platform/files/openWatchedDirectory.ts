import { readFile } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Clock } from '../clock/Clock.ts';
import type { Logger } from '../logger/Logger.ts';
import { followDirectory } from './followDirectory.ts';

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
  /** Changes that were refused since the first reading. */
  refusals(): Refusals;
  onChange(listener: (value: T) => void): () => void;
  close(): Promise<void>;
}

export interface Refusals {
  readonly count: number;
  /** Absent: none was. */
  readonly lastAt?: Date;
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

export interface WatchedFile {
  /** As it is shown in messages. */
  readonly file: string;
  /** Path below the directory. */
  readonly name: string;
  readonly text: string;
}

export interface WatchedDirectoryOptions<T> {
  readonly directory: string;
  /** Folders inside whose files count as well; they need not exist. Default: none. */
  readonly folders?: readonly string[];
  /** Which files count, by name without folder. */
  readonly isMember: (name: string) => boolean;
  readonly read: (files: readonly WatchedFile[]) => Promise<WatchedReading<T>>;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long the files must be at rest before they are read again. Default 150 ms. */
  readonly settleMs?: number;
  /** Files that change without a pause are read after this time all the same. Default 1,000 ms. */
  readonly maxSettleMs?: number;
  /** false: read once. Default true. */
  readonly watched?: boolean;
}

/** Files that are read at once. */
const MAX_PARALLEL_READS = 64;
/** Half the work of the one of `node:fs/promises`, for thousands of small files. */
const readBytes = promisify(readFile);
/** Between the two readings that must agree. */
const STABLE_MS = 50;

/**
 * Reads a directory and follows it. A change is read when the files have come to rest and two readings agree, validated
 * as a whole and swapped in whole; a refused change leaves the last good value in place and is reported until it is
 * mended. Changes that arrive while one is being read are read together afterwards.
 * Throws RefusedFilesError when the first reading is refused.
 */
export async function openWatchedDirectory<T>({
  directory,
  folders = [],
  isMember,
  read,
  logger,
  clock,
  settleMs,
  maxSettleMs,
  watched = true,
}: WatchedDirectoryOptions<T>): Promise<WatchedDirectory<T>> {
  const listeners = new Set<(value: T) => void>();
  let problems: readonly WatchedProblem[] = [];
  let refusals: Refusals = { count: 0 };
  let isClosed = false;

  // Followed before the first reading, so that no change falls between them; what is noticed meanwhile waits for it.
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const onRest = () => opened.then(readAgain);
  const followed = watched
    ? await followDirectory({ directory, withFolders: folders.length > 0, onRest, logger, settleMs, maxSettleMs })
    : undefined;

  let texts = await readTexts();
  const first = await readValue(texts);
  if (first.kind === 'refused') {
    isClosed = true;
    open();
    await followed?.close();
    throw new RefusedFilesError(first.problems);
  }
  let value = first.value;
  open();

  async function readAgain(): Promise<void> {
    if (isClosed) {
      return;
    }
    const next = await readTexts();
    if (isSame(next, texts)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, STABLE_MS));
    if (!isSame(next, await readTexts())) {
      followed?.again(); // somebody is still writing
      return;
    }
    const outcome = await readValue(next);
    if (isClosed) {
      return;
    }
    texts = next;
    if (outcome.kind === 'refused') {
      problems = outcome.problems;
      refusals = { count: refusals.count + 1, lastAt: new Date(clock.now()) };
      for (const { message, ...at } of outcome.problems) {
        logger.error(at, `${at.file}:${at.line}:${at.column} ${message}; the state before stays`);
      }
      return;
    }
    problems = [];
    value = outcome.value;
    for (const listener of listeners) {
      listener(value);
    }
  }

  async function readValue(files: readonly Reading[]): Promise<WatchedReading<T>> {
    const wrong = files.flatMap((file) => ('message' in file ? [file] : []));
    return wrong.length > 0
      ? { kind: 'refused', problems: wrong }
      : read(files.flatMap((file) => ('text' in file ? [file] : [])));
  }

  async function readTexts(): Promise<readonly Reading[]> {
    const names: string[] = [];
    for (const folder of ['', ...folders]) {
      try {
        const found = await readdir(join(directory, folder));
        names.push(...found.filter(isMember).map((name) => join(folder, name)));
      } catch (error) {
        if (folder === '' || reasonOf(error) !== 'ENOENT') {
          return [{ file: join(directory, folder), line: 1, column: 1, message: `cannot be read: ${reasonOf(error)}` }];
        }
      }
    }
    names.sort();
    const files: Reading[] = [];
    for (let at = 0; at < names.length; at += MAX_PARALLEL_READS) {
      const some = names.slice(at, at + MAX_PARALLEL_READS);
      files.push(...(await Promise.all(some.map((name) => readText(join(directory, name), name)))));
    }
    return files;
  }

  return {
    current: () => value,
    problems: () => problems,
    refusals: () => refusals,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      await followed?.close();
    },
  };
}

type Reading = WatchedFile | WatchedProblem;

function isSame(a: readonly Reading[], b: readonly Reading[]): boolean {
  return a.length === b.length && a.every((one, position) => isSameFile(one, b[position]));
}

function isSameFile(a: Reading, b: Reading | undefined): boolean {
  return (
    b !== undefined &&
    a.file === b.file &&
    ('text' in a ? 'text' in b && a.text === b.text : 'message' in b && a.message === b.message)
  );
}

async function readText(file: string, name: string): Promise<Reading> {
  try {
    return { file, name, text: new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(file)) };
  } catch (error) {
    const reason = reasonOf(error);
    const message = reason === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8 text' : `cannot be read: ${reason}`;
    return { file, line: 1, column: 1, message };
  }
}

function reasonOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
