import type { Reason } from '../features/reasons.ts';
import type { Municipality, MunicipalitySnapshot } from './Municipality.ts';

/** One difference between two snapshots. */
export type SnapshotChange =
  | { readonly municipality: string; readonly what: 'added' | 'removed' }
  | {
      readonly municipality: string;
      readonly what: 'flag';
      readonly flag: string;
      readonly from: FlagState;
      readonly to: FlagState;
    }
  /** Options, or another entry of the municipality. */
  | { readonly municipality: string; readonly what: string; readonly from: unknown; readonly to: unknown };

interface FlagState {
  readonly enabled: boolean;
  readonly reason: Reason;
}

/** How a snapshot differs from the one before, by slug. Both are of the same flags. */
export function* compareSnapshots(
  before: MunicipalitySnapshot,
  after: MunicipalitySnapshot,
  flags: readonly string[],
): Generator<void, readonly SnapshotChange[], void> {
  const changes: SnapshotChange[] = [];
  for (const municipality of before.municipalities.keys()) {
    if (!after.municipalities.has(municipality)) {
      changes.push({ municipality, what: 'removed' });
    }
  }
  for (const [slug, now] of after.municipalities) {
    const old = before.municipalities.get(slug);
    if (old === undefined) {
      changes.push({ municipality: slug, what: 'added' });
    } else {
      changes.push(...flagChanges(old, now, flags), ...otherChanges(old, now));
    }
    yield;
  }
  return changes;
}

function flagChanges(old: Municipality, now: Municipality, flags: readonly string[]): readonly SnapshotChange[] {
  return flags.flatMap((flag) => {
    const [from, to] = [stateOf(old, flag), stateOf(now, flag)];
    return from.enabled === to.enabled ? [] : [{ municipality: now.slug, what: 'flag' as const, flag, from, to }];
  });
}

function stateOf({ modules }: Municipality, flag: string): FlagState {
  return { enabled: modules.isOn(flag), reason: modules.reasonOf(flag) };
}

function otherChanges(old: Municipality, now: Municipality): readonly SnapshotChange[] {
  const municipality = now.slug;
  const { modules: oldModules, ...oldRest } = old;
  const { modules, ...rest } = now;
  const changes: SnapshotChange[] = [];
  for (const key of Object.keys(rest) as (keyof typeof rest)[]) {
    if (!isEqual(oldRest[key], rest[key])) {
      changes.push({ municipality, what: key, from: oldRest[key] ?? null, to: rest[key] ?? null });
    }
  }
  for (const [name, { options }] of modules) {
    const before = oldModules.get(name)?.options ?? {};
    if (!isEqual(before, options)) {
      changes.push({ municipality, what: `modules.${name}`, from: before, to: options });
    }
  }
  return changes;
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
