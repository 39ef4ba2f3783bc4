import { mkdir, open, rename, stat, truncate } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

import type { Logger } from '../../platform/logger/Logger.ts';
import type { SnapshotChange } from '../../schema/municipalities/compareSnapshots.ts';

/** What made a new snapshot. */
export type ChangeCause = 'start' | 'files' | 'date' | 'provider';

/** Who changed a file: what the file itself says (`changedBy`), and what the file system knows. */
export interface ChangedFile {
  readonly file: string;
  readonly changedBy: string | null;
  /** Null for a file that is gone. */
  readonly ownerId: number | null;
  readonly modifiedAt: string | null;
}

/** One line of the log: how one snapshot differs from the one before. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  /** Snapshot ids; `before` is null when the log begins. */
  readonly before: string | null;
  readonly after: string;
  readonly causes: readonly ChangeCause[];
  /** The files that are not as they were. */
  readonly files: readonly ChangedFile[];
  /** Whose process noted it. */
  readonly process: { readonly user: string; readonly pid: number };
  /** All changes; `changes` lists the first of them. */
  readonly count: number;
  readonly changes: readonly SnapshotChange[];
}

/** A file that changed, and its `changedBy`. */
export interface FileNote {
  readonly file: string;
  readonly changedBy: string | undefined;
}

export interface AuditLog {
  /** The snapshot that the last line names; undefined: there is none. */
  lastSnapshot(): string | undefined;
  /** Writes one line, down to the disk. A log that cannot be written is said in the process's log and stops nothing. */
  append(
    entry: Omit<AuditEntry, 'process' | 'count' | 'files'> & { readonly files: readonly FileNote[] },
  ): Promise<void>;
}

/** Changes that one line lists: a first start of 100,000 municipalities must not fill the disk. */
const MAX_CHANGES = 1_000;
/** Longer than any line of MAX_CHANGES. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** A log that has grown beyond this becomes `….1`, and that one is dropped: two files bound what it takes. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * The record of what was switched when, and by whom: JSON lines in one file. Each line is appended and synchronised before
 * the snapshot that it tells of is used, so it survives the end of the process; a last line that was cut short is removed.
 */
export async function openAuditLog({
  file,
  logger,
  maxBytes = MAX_BYTES,
}: {
  file: string;
  logger: Logger;
  maxBytes?: number;
}): Promise<AuditLog> {
  const writer = { user: nameOfUser(), pid: process.pid };
  let last: string | undefined;
  try {
    await mkdir(dirname(file), { recursive: true });
    last = await readLast(file);
  } catch (error) {
    logger.error({ err: error, file }, 'the audit log cannot be read');
  }

  return {
    lastSnapshot: () => last,
    append: async ({ changes, files, ...entry }) => {
      const line: AuditEntry = {
        ...entry,
        files: await Promise.all(files.map(describeFile)),
        process: writer,
        count: changes.length,
        changes: changes.slice(0, MAX_CHANGES),
      };
      try {
        await rotate();
        const handle = await open(file, 'a');
        try {
          await handle.appendFile(`${JSON.stringify(line)}\n`);
          await handle.sync();
        } finally {
          await handle.close();
        }
        last = entry.after;
      } catch (error) {
        logger.error({ err: error, file, snapshot: entry.after }, 'the audit log cannot be written');
      }
    },
  };

  async function rotate(): Promise<void> {
    if ((await sizeOf(file)) > maxBytes) {
      await rename(file, `${file}.1`);
    }
  }
}

async function describeFile({ file, changedBy: author }: FileNote): Promise<ChangedFile> {
  const changedBy = author ?? null;
  try {
    const { uid, mtime } = await stat(file);
    return { file, changedBy, ownerId: uid, modifiedAt: mtime.toISOString() };
  } catch {
    return { file, changedBy, ownerId: null, modifiedAt: null };
  }
}

/** 0 when there is none. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

/** Removes what a killed process left of a line, and reads the snapshot that the last whole line ends with. */
async function readLast(file: string): Promise<string | undefined> {
  const size = await sizeOf(file);
  if (size === 0) {
    return undefined;
  }
  const tail = Buffer.alloc(Math.min(size, MAX_LINE_BYTES));
  const handle = await open(file, 'r');
  try {
    await handle.read(tail, 0, tail.length, size - tail.length);
  } finally {
    await handle.close();
  }
  const end = tail.lastIndexOf('\n') + 1;
  if (end < tail.length) {
    await truncate(file, size - tail.length + end);
  }
  const begin = tail.lastIndexOf('\n', end - 2) + 1;
  const line = tail.subarray(begin, Math.max(begin, end - 1)).toString('utf8');
  try {
    return line === '' ? undefined : (JSON.parse(line) as AuditEntry).after;
  } catch {
    return undefined;
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a container's user need not have a name
  }
}
