import { isFlagEnabled, type MunicipalitySnapshot } from '../../schema/municipalities/Municipality.ts';
import type { Binding, FetchGate } from '../model/FetchGate.ts';
import { MUNICIPALITY_KEY } from './GateSchema.ts';
import { slugOf } from './slugOf.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Flags that one municipality decides over. */
interface Decision {
  readonly binding: Binding | undefined;
  readonly flags: readonly string[];
}

/** What must be on for nothing of a fetch to be left out. */
interface Whole {
  /** Decided once for the fetch. */
  readonly once: readonly Decision[];
  /** Decided for each representation: by type, and for types that have no gate of their own. */
  readonly byType: ReadonlyMap<string, readonly Decision[]>;
  readonly others: readonly Decision[];
  /** Representations whose text begins so decide by the slug that follows, over these flags. */
  readonly texts: readonly { readonly start: string; readonly flags: readonly string[] }[];
}

const known = new WeakMap<FetchGate, Whole>();

/** Whether all of a fetch may be asked for. It notes nothing: where it may not, each decision is taken by itself. */
export function isWholeOn(gate: FetchGate, variables: Variables, snapshot: MunicipalitySnapshot | undefined): boolean {
  if (snapshot === undefined) {
    return true;
  }
  const { once, byType, others } = wholeOf(gate);
  if (gate.unbound.length > 0 || !areOn(once, undefined, variables, snapshot)) {
    return false;
  }
  const { representations } = variables;
  return (
    !Array.isArray(representations) ||
    representations.every((representation: { readonly __typename?: unknown }) => {
      const decisions = byType.get(String(representation.__typename)) ?? others;
      return areOn(decisions, representation, variables, snapshot);
    })
  );
}

/**
 * The same for each of the representations as JSON text (UTF-8 in Latin-1 strings), none of which is parsed: the positions of
 * those for which it cannot be said so. Undefined: something of the fetch is left out whatever its representations are.
 */
export function doubtfulTexts(
  gate: FetchGate,
  texts: readonly string[],
  variables: Variables,
  snapshot: MunicipalitySnapshot | undefined,
): readonly number[] | undefined {
  if (snapshot === undefined) {
    return [];
  }
  const whole = wholeOf(gate);
  if (gate.unbound.length > 0 || !areOn(whole.once, undefined, variables, snapshot)) {
    return undefined;
  }
  const doubtful: number[] = [];
  for (let position = 0; position < texts.length; position++) {
    if (!isTextOn(texts[position] ?? '', whole, snapshot)) {
      doubtful.push(position);
    }
  }
  return doubtful;
}

function isTextOn(text: string, { texts, byType, others }: Whole, snapshot: MunicipalitySnapshot): boolean {
  for (const { start, flags } of texts) {
    if (text.startsWith(start)) {
      const slug = text.slice(start.length, text.indexOf('"', start.length));
      // A slug that is written with escapes or is not ASCII is found nowhere, and so left to who parses it.
      const modules = snapshot.municipalities.get(slug)?.modules;
      return modules !== undefined && flags.every((flag) => modules.isOn(flag));
    }
  }
  return byType.size === 0 && others.length === 0;
}

function areOn(
  decisions: readonly Decision[],
  representation: unknown,
  variables: Variables,
  snapshot: MunicipalitySnapshot,
): boolean {
  for (const { binding, flags } of decisions) {
    const slug = slugOf(binding, representation, variables);
    if (slug === undefined || !flags.every((flag) => isFlagEnabled(snapshot, slug, flag))) {
      return false;
    }
  }
  return true;
}

function wholeOf(gate: FetchGate): Whole {
  const earlier = known.get(gate);
  if (earlier !== undefined) {
    return earlier;
  }
  const isOnce = ({ binding }: Decision): boolean => binding?.kind === 'argument';
  const each = (decisions: readonly Decision[]): readonly Decision[] =>
    grouped(decisions.filter((decision) => !isOnce(decision)));
  const conditionsOf = [...gate.entities].map(([type, { binding, conditions }]) => {
    return [type, conditions.map(({ flags }): Decision => ({ binding, flags }))] as const;
  });
  const byType = new Map(
    conditionsOf.map(([type, decisions]) => [type, each([...gate.variables, ...decisions])] as const),
  );
  const whole: Whole = {
    once: grouped([...gate.variables, ...conditionsOf.flatMap(([, decisions]) => decisions)].filter(isOnce)),
    byType,
    others: each(gate.variables),
    texts: [...byType].flatMap(([type, decisions]) => {
      const [only, ...more] = decisions;
      const start = `{"__typename":${JSON.stringify(type)},${JSON.stringify(MUNICIPALITY_KEY)}:"`;
      return only !== undefined && more.length === 0 && isOwnSlug(only.binding) ? [{ start, flags: only.flags }] : [];
    }),
  };
  known.set(gate, whole);
  return whole;
}

/** One decision for each binding. */
function grouped(decisions: readonly Decision[]): readonly Decision[] {
  const groups = new Map<string, { binding: Binding | undefined; flags: Set<string> }>();
  for (const { binding, flags } of decisions) {
    const key = JSON.stringify(binding);
    const group = groups.get(key) ?? { binding, flags: new Set() };
    groups.set(key, group);
    for (const flag of flags) {
      group.flags.add(flag);
    }
  }
  return [...groups.values()].map(({ binding, flags }) => ({ binding, flags: [...flags] }));
}

function isOwnSlug(binding: Binding | undefined): boolean {
  const [first, ...others] = binding?.kind === 'representation' ? binding.places : [];
  return others.length === 0 && first?.length === 1 && first[0] === MUNICIPALITY_KEY;
}
