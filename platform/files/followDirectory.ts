import { watch } from 'chokidar';

import type { Logger } from '../logger/Logger.ts';

export interface FollowOptions {
  readonly directory: string;
  /** Whether folders inside are followed as well. */
  readonly withFolders: boolean;
  /** Called when files have changed and come to rest, never while an earlier call runs. */
  readonly onRest: () => Promise<void>;
  readonly logger: Logger;
  /** How long the files must be at rest. Default 150 ms. */
  readonly settleMs?: number | undefined;
  /** Files that change without a pause count as at rest after this time. Default 1,000 ms. */
  readonly maxSettleMs?: number | undefined;
}

export interface FollowedDirectory {
  /** Calls `onRest` once more after a rest, as if a file had changed. */
  again(): void;
  /** Resolves when the last call of `onRest` has ended. */
  close(): Promise<void>;
}

/** Follows the files of a directory. Resolves when every later change is noticed. */
export async function followDirectory({
  directory,
  withFolders,
  onRest,
  logger,
  settleMs = 150,
  maxSettleMs = 1_000,
}: FollowOptions): Promise<FollowedDirectory> {
  let firstChangeAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  let isClosed = false;

  const watcher = watch(directory, { ignoreInitial: true, depth: withFolders ? 1 : 0 });
  watcher.on('all', again);
  watcher.on('error', (error) => logger.error({ err: error, directory }, 'cannot watch the directory'));
  await new Promise<void>((resolve) => watcher.once('ready', resolve));

  function again(): void {
    if (isClosed) {
      return;
    }
    const now = performance.now();
    firstChangeAt ??= now;
    clearTimeout(timer);
    timer = setTimeout(rest, Math.max(0, Math.min(settleMs, firstChangeAt + maxSettleMs - now)));
  }

  function rest(): void {
    firstChangeAt = undefined;
    work = work.then(async () => {
      if (!isClosed) {
        await onRest();
      }
    });
  }

  return {
    again,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await watcher.close();
      await work;
    },
  };
}
