import type { Clock } from '../../platform/clock/Clock.ts';
import { type Alarm, createAlarm } from '../../platform/clock/createAlarm.ts';
import { runInSlices } from '../../platform/eventLoop/runInSlices.ts';
import { openWatchedDirectory } from '../../platform/files/openWatchedDirectory.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import type { KnownModule } from '../../schema/modules.ts';
import { buildSnapshot } from '../../schema/municipalities/buildSnapshot.ts';
import { compareSnapshots } from '../../schema/municipalities/compareSnapshots.ts';
import { createFlagIndex } from '../../schema/municipalities/FlagIndex.ts';
import type { MunicipalityRegister, MunicipalitySnapshot } from '../../schema/municipalities/Municipality.ts';
import {
  type LayerCache,
  type Layers,
  PROFILES_FOLDER,
  readLayers,
  type SourceFile,
} from '../../schema/municipalities/readLayers.ts';
import { type AskedProvider, askProvider } from './askProvider.ts';
import type { AuditLog, ChangeCause, FileNote } from './openAuditLog.ts';
import type { FlagProvider } from './openFlagProvider.ts';

export interface MunicipalityRegisterOptions {
  readonly directory: string;
  readonly modules: readonly KnownModule[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: one by `clock`. */
  readonly alarm?: Alarm;
  /** Where changes are recorded. Default: nowhere. */
  readonly audit?: AuditLog | undefined;
  /** What comes before the files where it has an answer. Default: nothing. */
  readonly provider?: FlagProvider | undefined;
  /** How long after a failure the provider is asked again, doubled each time up to a minute. Default 1,000. */
  readonly retryMs?: number;
}

/** The layers of a directory, and the texts that they were read from. */
export interface LayersAtHand {
  readonly layers: Layers;
  readonly files: readonly SourceFile[];
}

/** Reads the files of a directory, in slices; follows them when `watched`. Throws RefusedFilesError when they are wrong now. */
export function openLayers({
  directory,
  modules,
  clock,
  logger,
  watched,
}: Pick<MunicipalityRegisterOptions, 'directory' | 'modules' | 'clock' | 'logger'> & { watched: boolean }) {
  const index = createFlagIndex(modules);
  const cache: LayerCache = new Map();
  return openWatchedDirectory<LayersAtHand>({
    directory,
    folders: [PROFILES_FOLDER],
    isMember: (name) => /\.ya?ml$/.test(name) && !name.startsWith('.'),
    read: async (files) => {
      const reading = await runInSlices(readLayers(files, { index, cache }));
      return reading.kind === 'refused' ? reading : { kind: 'read', value: { layers: reading.value, files } };
    },
    clock,
    logger,
    watched,
  });
}

/**
 * The municipalities' files, followed while the process runs. A new snapshot is built, in slices, when files have
 * changed and when a date has come; it takes the old one's place in one assignment. Requests keep the one they began with.
 */
export async function openMunicipalityRegister({
  directory,
  modules,
  clock,
  logger,
  alarm = createAlarm(clock),
  audit,
  provider,
  retryMs,
}: MunicipalityRegisterOptions): Promise<MunicipalityRegister> {
  const source = await openLayers({ directory, modules, clock, logger, watched: true });
  const listeners = new Set<(snapshot: MunicipalitySnapshot) => void>();
  let isClosed = false;
  let callOff = () => {};
  const causes = new Set<ChangeCause>();
  let work: Promise<void> | undefined;
  let isOpen = false;
  let layers = source.current().layers;
  const asked = await ask();
  let snapshot = await build();
  setAlarm();
  if (audit !== undefined && audit.lastSnapshot() !== snapshot.id) {
    const before = audit.lastSnapshot() ?? null;
    await audit.append({ at: timestamp(), before, after: snapshot.id, causes: ['start'], files: [], changes: [] });
  }

  const stopFollowing = source.onChange(() => rebuild('files'));
  isOpen = true;
  if (causes.size > 0) {
    work = renew();
  }

  /** What changes while one snapshot is being built is in the next one. */
  function rebuild(cause: ChangeCause): void {
    causes.add(cause);
    if (isOpen) {
      work ??= renew();
    }
  }

  async function ask(): Promise<AskedProvider | undefined> {
    try {
      return (
        provider && (await askProvider(provider, { layers, logger, retryMs, onAnswer: () => rebuild('provider') }))
      );
    } catch (error) {
      await provider?.close();
      await source.close();
      throw error;
    }
  }

  async function renew(): Promise<void> {
    while (causes.size > 0 && !isClosed) {
      const now = [...causes];
      causes.clear();
      try {
        const before = layers;
        layers = source.current().layers;
        if (layers !== before) {
          asked?.ask(layers);
        }
        const next = await build();
        await record(next, { causes: now, files: changedFiles(before, layers) });
        swap(next);
      } catch (error) {
        logger.error({ err: error }, 'no snapshot of the municipalities could be built; the one before stays');
      }
    }
    work = undefined;
  }

  function build(): Promise<MunicipalitySnapshot> {
    return runInSlices(buildSnapshot(layers, { now: clock.now(), provided: asked?.current() }));
  }

  async function record(
    next: MunicipalitySnapshot,
    what: { causes: readonly ChangeCause[]; files: readonly FileNote[] },
  ): Promise<void> {
    if (audit !== undefined && next.id !== snapshot.id) {
      const changes = await runInSlices(compareSnapshots(snapshot, next, layers.index.flags));
      await audit.append({ at: timestamp(), before: snapshot.id, after: next.id, changes, ...what });
    }
  }

  function timestamp(): string {
    return new Date(clock.now()).toISOString();
  }

  function swap(next: MunicipalitySnapshot): void {
    if (isClosed) {
      return;
    }
    const before = snapshot.id;
    snapshot = next;
    setAlarm();
    if (next.id !== before) {
      const count = next.municipalities.size;
      logger.info({ snapshot: next.id, before, count }, 'municipalities read anew');
    }
    for (const listener of listeners) {
      listener(next);
    }
  }

  function setAlarm(): void {
    callOff();
    const { nextSwitchAt } = snapshot;
    callOff = nextSwitchAt === undefined ? () => {} : alarm(nextSwitchAt.getTime(), () => rebuild('date'));
  }

  return {
    current: () => snapshot,
    problems: () => [...source.problems(), ...(asked?.problems() ?? [])],
    refusals: () => source.refusals(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      isClosed = true;
      callOff();
      stopFollowing();
      await asked?.close();
      await source.close();
      await work;
    },
  };
}

/** Files that are not the same any more: a file that has not changed keeps its layer. */
function changedFiles(before: Layers, after: Layers): readonly FileNote[] {
  const names = new Set([...before.layers.keys(), ...after.layers.keys()]);
  return [...names]
    .filter((file) => before.layers.get(file) !== after.layers.get(file))
    .map((file) => ({ file, changedBy: after.layers.get(file)?.changedBy }));
}
