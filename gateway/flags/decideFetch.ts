import { isFlagEnabled, reasonOfFlag } from '../../schema/municipalities/Municipality.ts';
import { type FetchGate, STAMP } from '../model/FetchGate.ts';
import type { PositionsOf, RequestState } from '../model/RequestState.ts';
import { MUNICIPALITY_KEY } from './GateSchema.ts';
import { slugOf, textAt } from './slugOf.ts';
import { isWholeOn } from './wholeFetch.ts';

/** One request to make for a fetch. */
export interface DecidedCall {
  /** What the operation is sent with, generated variables and representations included. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Which of the fetch's representations it carries, in order; undefined: all of them, or it has none. */
  readonly positions: readonly number[] | undefined;
  /** Nothing of the fetch is left out. */
  readonly isWhole?: true;
}

/** A fetch about to run. */
export interface FetchAtHand {
  readonly variables: Variables;
  /** Where in the answer the objects of a representation are, or those that a root fetch completes. */
  readonly positionsOf: PositionsOf;
}

type Variables = Readonly<Record<string, unknown>>;
export type DecisionState = Pick<RequestState, 'snapshot' | 'disabled'>;
type Paths = readonly (readonly (string | number)[])[];

/**
 * The calls that a fetch may make for this request's snapshot: none when nothing is left, one for a root fetch, one for
 * each set of decisions among the representations. What is left out is noted in `state.disabled`.
 */
export function decideFetch(
  gate: FetchGate | undefined,
  { variables, positionsOf }: FetchAtHand,
  state: DecisionState,
): readonly DecidedCall[] {
  if (gate === undefined) {
    return [{ variables, positions: undefined }];
  }
  const sent = sentVariables(variables, gate);
  if (isWholeOn(gate, variables, state.snapshot)) {
    return [{ variables: wholeVariables(sent, gate), positions: undefined, isWhole: true }];
  }
  const { representations } = variables;
  noteUnbound(gate, { variables, positionsOf }, state);
  if (!Array.isArray(representations)) {
    const decided = decideVariables(gate, undefined, { variables, positionsOf }, undefined, state);
    return isNothingLeft(gate.nothingWhen, decided, variables)
      ? []
      : [{ variables: { ...sent, ...decided }, positions: undefined }];
  }
  return groupRepresentations(gate, representations, sent, { variables, positionsOf }, state);
}

function noteUnbound(
  { unbound }: FetchGate,
  { variables: { representations }, positionsOf }: FetchAtHand,
  state: DecisionState,
): void {
  if (state.snapshot === undefined || unbound.length === 0) {
    return;
  }
  const types = Array.isArray(representations) ? representations.map((each) => textOf(each, '__typename')) : undefined;
  for (const { flags, told } of unbound) {
    for (const [position, type = ''] of types?.entries() ?? [[undefined]]) {
      noteOff(flags, undefined, told.get(type) ?? [], () => positionsOf(position), state);
    }
  }
}

function groupRepresentations(
  gate: FetchGate,
  representations: readonly unknown[],
  sent: Variables,
  fetch: FetchAtHand,
  state: DecisionState,
): readonly DecidedCall[] {
  const groups = new Map<string, { decided: Record<string, boolean>; positions: number[]; entities: unknown[] }>();
  representations.forEach((representation, position) => {
    const entity = gate.entities.get(textOf(representation, '__typename') ?? '');
    if (entity !== undefined && entity.conditions.length > 0) {
      const slug = slugOf(entity.binding, representation, fetch.variables);
      const areAllOn = entity.conditions.every(({ flags, paths }) =>
        areOn(
          flags,
          slug,
          () => paths,
          () => fetch.positionsOf(position),
          state,
        ),
      );
      if (!areAllOn) {
        return;
      }
    }
    const decided = decideVariables(gate, representation, fetch, position, state);
    if (isNothingLeft(entity?.nothingWhen, decided, sent)) {
      return;
    }
    let key = '';
    for (const name in decided) {
      key += decided[name] === true ? '1' : '0';
    }
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { decided, positions: [position], entities: [withoutStamps(representation)] });
    } else {
      group.positions.push(position);
      group.entities.push(withoutStamps(representation));
    }
  });
  return [...groups.values()].map(({ decided, positions, entities }) => ({
    variables: { ...sent, ...decided, representations: entities },
    positions,
  }));
}

function isNothingLeft(
  nothingWhen: FetchGate['nothingWhen'],
  decided: Readonly<Record<string, boolean>>,
  variables: Variables,
): boolean {
  return (
    nothingWhen?.every((exclusions) =>
      exclusions.some(
        ({ variable, value }) => (variable in decided ? decided[variable] : variables[variable]) === value,
      ),
    ) ?? false
  );
}

function decideVariables(
  { variables: gated }: FetchGate,
  representation: unknown,
  { variables, positionsOf }: FetchAtHand,
  position: number | undefined,
  state: DecisionState,
): Record<string, boolean> {
  const decided: Record<string, boolean> = {};
  for (const { name, flags, binding, told } of gated) {
    const slug = slugOf(binding, representation, variables);
    const paths = (): Paths => told.get(textOf(representation, '__typename') ?? '') ?? [];
    decided[name] = areOn(flags, slug, paths, () => positionsOf(position), state);
  }
  return decided;
}

/** Whether all flags are on; notes those that are off at the paths. Without a register of municipalities every flag is on. */
export function areOn(
  flags: readonly string[],
  slug: string | undefined,
  paths: () => Paths,
  positions: () => ReturnType<PositionsOf>,
  state: DecisionState,
): boolean {
  const { snapshot } = state;
  if (snapshot === undefined) {
    return true;
  }
  if (slug !== undefined && flags.every((flag) => isFlagEnabled(snapshot, slug, flag))) {
    return true;
  }
  const off = slug === undefined ? flags : flags.filter((flag) => !isFlagEnabled(snapshot, slug, flag));
  noteOff(off, slug, paths(), positions, state);
  return false;
}

function noteOff(
  flags: readonly string[],
  slug: string | undefined,
  paths: Paths,
  positions: () => ReturnType<PositionsOf>,
  { disabled, snapshot }: DecisionState,
): void {
  for (const position of paths.length === 0 ? [] : positions()) {
    for (const below of paths) {
      for (const flag of flags) {
        const reason = snapshot === undefined || slug === undefined ? 'ERROR' : reasonOfFlag(snapshot, slug, flag);
        disabled.add(flag, slug ?? null, reason, position, below);
      }
    }
  }
}

function sentVariables(variables: Variables, { ownVariables }: FetchGate): Variables {
  return ownVariables.length === 0
    ? variables
    : Object.fromEntries(Object.entries(variables).filter(([name]) => !ownVariables.includes(name)));
}

function wholeVariables(sent: Variables, { variables, isStamped }: FetchGate): Variables {
  if (variables.length === 0 && !isStamped) {
    return sent;
  }
  const whole: Record<string, unknown> = Object.assign(Object.create(null), sent);
  for (const { name } of variables) {
    whole[name] = true;
  }
  if (isStamped && Array.isArray(sent.representations)) {
    whole.representations = sent.representations.map(withoutStamps);
  }
  return whole;
}

function withoutStamps(representation: unknown): unknown {
  if (typeof representation !== 'object' || representation === null) {
    return representation;
  }
  for (const name in representation) {
    if (name.startsWith(STAMP)) {
      return Object.fromEntries(Object.entries(representation).filter(([each]) => !each.startsWith(STAMP)));
    }
  }
  return representation;
}

function textOf(value: unknown, key: string): string | undefined {
  return textAt(value, [key]);
}

/** The place of the slug in the representation of a municipality. */
export const MUNICIPALITY_PLACES: readonly (readonly string[])[] = [[MUNICIPALITY_KEY]];
