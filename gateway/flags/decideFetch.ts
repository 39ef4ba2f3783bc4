import { Kind, type ValueNode } from 'graphql';

import { isFlagEnabled } from '../../schema/municipalities/Municipality.ts';
import type { Binding, FetchGate } from '../model/FetchGate.ts';
import type { RequestState } from '../model/RequestState.ts';
import { MUNICIPALITY_KEY } from './gateOperation.ts';

/** One request to make for a fetch. */
export interface DecidedCall {
  /** What the operation is sent with, generated variables and representations included. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Which of the fetch's representations it carries, in order; undefined: it is the whole fetch. */
  readonly positions: readonly number[] | undefined;
}

type Variables = Readonly<Record<string, unknown>>;
type State = Pick<RequestState, 'snapshot' | 'disabled'>;

/**
 * The calls that a fetch may make for this request's snapshot: none when nothing is left, one for a root fetch, one for
 * each set of decisions among the representations. What is left out is noted in `state.disabled`.
 */
export function decideFetch(
  gate: FetchGate | undefined,
  { variables, path }: { variables: Variables; path: readonly (string | number)[] },
  state: State,
): readonly DecidedCall[] {
  const representations = Array.isArray(variables.representations)
    ? (variables.representations as readonly unknown[])
    : undefined;
  if (gate === undefined || state.snapshot === undefined) {
    return [{ variables: gate === undefined ? variables : { ...variables, ...allOn(gate) }, positions: undefined }];
  }
  for (const { flags, path: below } of gate.unbound) {
    for (const flag of flags) {
      state.disabled.add(flag, null, [...path, ...below], 'ERROR');
    }
  }
  if (representations === undefined) {
    const decided = decideVariables(gate, undefined, { variables, path }, state);
    const isEmpty =
      gate.skippedWithout?.every((name) => (name in decided ? decided[name] : variables[name]) === false) ?? false;
    return isEmpty ? [] : [{ variables: { ...variables, ...decided }, positions: undefined }];
  }
  return groupRepresentations(gate, representations, { variables, path }, state);
}

function groupRepresentations(
  gate: FetchGate,
  representations: readonly unknown[],
  { variables, path }: { variables: Variables; path: readonly (string | number)[] },
  state: State,
): readonly DecidedCall[] {
  const groups = new Map<string, { decided: Record<string, boolean>; positions: number[] }>();
  representations.forEach((representation, position) => {
    const slug = keyOf(representation);
    const entity = gate.entities.get(textOf(representation, '__typename') ?? '');
    if (entity !== undefined && !areOn(entity.flags, slug, entity.paths, path, state)) {
      return;
    }
    const decided = decideVariables(gate, slug, { variables, path }, state);
    const key = JSON.stringify(decided);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { decided, positions: [position] });
    } else {
      group.positions.push(position);
    }
  });
  return [...groups.values()].map(({ decided, positions }) => ({
    variables: { ...variables, ...decided, representations: positions.map((position) => representations[position]) },
    positions,
  }));
}

function decideVariables(
  gate: FetchGate,
  slug: string | undefined,
  { variables, path }: { variables: Variables; path: readonly (string | number)[] },
  state: State,
): Record<string, boolean> {
  const decided: Record<string, boolean> = {};
  for (const { name, flags, binding, paths } of gate.variables) {
    decided[name] = areOn(flags, slugOf(binding, slug, variables), paths, path, state);
  }
  return decided;
}

function areOn(
  flags: readonly string[],
  slug: string | undefined,
  paths: readonly (readonly string[])[],
  position: readonly (string | number)[],
  { snapshot, disabled }: State,
): boolean {
  const off = flags.filter(
    (flag) => snapshot === undefined || slug === undefined || !isFlagEnabled(snapshot, slug, flag),
  );
  for (const flag of off) {
    for (const below of paths) {
      disabled.add(flag, slug ?? null, [...position, ...below], slug === undefined ? 'ERROR' : 'STATIC');
    }
  }
  return off.length === 0;
}

/** Without a register of municipalities every flag is on. */
function allOn(gate: FetchGate): Record<string, boolean> {
  return Object.fromEntries(gate.variables.map(({ name }) => [name, true]));
}

function slugOf(binding: Binding, slug: string | undefined, variables: Variables): string | undefined {
  return binding.kind === 'representation' ? slug : readSlug(binding.value, variables);
}

/** The slug that an argument holds: a literal, or what the client sent for its variable. */
export function readSlug(value: ValueNode, variables: Variables): string | undefined {
  if (value.kind === Kind.STRING || value.kind === Kind.INT) {
    return value.value;
  }
  const sent = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof sent === 'string' ? sent : typeof sent === 'number' ? String(sent) : undefined;
}

function keyOf(representation: unknown): string | undefined {
  return textOf(representation, MUNICIPALITY_KEY);
}

function textOf(value: unknown, key: string): string | undefined {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof text === 'string' ? text : undefined;
}
