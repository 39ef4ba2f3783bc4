import type { Logger } from '../../platform/logger/Logger.ts';
import type { Provided } from '../../schema/municipalities/buildSnapshot.ts';
import type { FileProblem } from '../../schema/municipalities/Municipality.ts';
import type { Layers } from '../../schema/municipalities/readLayers.ts';
import type { FlagProvider } from './openFlagProvider.ts';

/** A provider's last whole answer, renewed beside the snapshots: a provider that hangs delays no change of a file. */
export interface AskedProvider {
  current(): Provided;
  /** Why the provider's answer may be out of date; empty when it is not. */
  problems(): readonly FileProblem[];
  /** Asks once more, for these municipalities; the answer comes by `onAnswer`. */
  ask(layers: Layers): void;
  close(): Promise<void>;
}

const MAX_RETRY_MS = 60_000;

/**
 * Asks a provider for the first time, and again when it says that something has changed, when municipalities have, and,
 * after a failure, later and later. Throws when the first answer fails: a process does not start on half its flags.
 */
export async function askProvider(
  provider: FlagProvider,
  {
    layers: first,
    logger,
    retryMs = 1_000,
    onAnswer,
  }: { layers: Layers; logger: Logger; retryMs?: number | undefined; onAnswer: () => void },
): Promise<AskedProvider> {
  let layers = first;
  let provided: Provided = { states: await provider.evaluate(layers), isStale: false };
  let problem: FileProblem | undefined;
  let isOutdated = false;
  let isClosed = false;
  let work: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let wait = retryMs;
  const stopFollowing = provider.onChange(askAgain);

  function askAgain(): void {
    isOutdated = true;
    clearTimeout(retry);
    work ??= (async () => {
      while (isOutdated && !isClosed) {
        isOutdated = false;
        await evaluate();
      }
      work = undefined;
    })();
  }

  async function evaluate(): Promise<void> {
    const wasStale = provided.isStale;
    try {
      provided = { states: await provider.evaluate(layers), isStale: false };
      problem = undefined;
      wait = retryMs;
    } catch (error) {
      const message = `${error instanceof Error ? error.message : String(error)}; what it said last stays`;
      logger.error({ provider: provider.name }, message);
      problem = { file: 'FLAG_PROVIDER', line: 1, column: 1, message };
      provided = { ...provided, isStale: true };
      if (!isClosed) {
        retry = setTimeout(askAgain, wait);
        retry.unref();
        wait = Math.min(wait * 2, MAX_RETRY_MS);
      }
      if (wasStale) {
        return; // nothing is different from before
      }
    }
    if (!isClosed) {
      onAnswer();
    }
  }

  return {
    current: () => provided,
    problems: () => (problem === undefined ? [] : [problem]),
    ask: (next) => {
      layers = next;
      askAgain();
    },
    close: async () => {
      isClosed = true;
      clearTimeout(retry);
      stopFollowing();
      await provider.close();
      await work;
    },
  };
}
