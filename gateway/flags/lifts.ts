import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { DocumentNode, OperationDefinitionNode, SelectionNode } from 'graphql';

import { STAMP } from '../model/FetchGate.ts';
import { MUNICIPALITY_PLACES } from './decideFetch.ts';
import { entityQuery } from './documentParts.ts';
import { type Enclosing, type FetchBase, placesOf } from './enclosing.ts';

/** A selection taken out of its fetch, to be asked for in one of its own. */
export interface Lift {
  readonly flags: readonly string[];
  readonly selection: SelectionNode;
  /** The path from the object to the slug; undefined: the object is the municipality. */
  readonly place: readonly string[] | undefined;
}

export interface LiftGroup {
  readonly flags: readonly string[];
  readonly place: readonly string[] | undefined;
  readonly selections: SelectionNode[];
}

/** Selections that only their own fetch can bind, to be asked for in an entity fetch behind it. */
export interface LiftedSelections {
  /** From the fetch's position to the entities; `@` for each list. */
  readonly path: readonly string[];
  readonly document: DocumentNode;
  readonly type: string;
  readonly requires: readonly QueryPlanSelectionNode[];
  /** Key fields by the alias under which the fetch yields them. */
  readonly renames: readonly { readonly alias: string; readonly to: string }[];
  readonly base: FetchBase;
}

/** One group, and later one fetch, for each set of flags and way to the slug. */
export function groupLifts(lifts: readonly Lift[]): readonly LiftGroup[] {
  const groups = new Map<string, LiftGroup>();
  for (const { flags, selection, place } of lifts) {
    const key = JSON.stringify([flags, place]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { flags, place, selections: [selection] });
    } else {
      group.selections.push(selection);
    }
  }
  return [...groups.values()];
}

/** The name under which an object holds what leads to its slug. */
export function stampOf(place: readonly string[]): string {
  return `${STAMP}_${place.join('_')}`;
}

/** The way to the slug from the object that holds it under that name. */
export function stampedPlace(place: readonly string[]): readonly string[] {
  return [stampOf(place), ...place.slice(1)];
}

/** What is asked for behind the fetch that yields an object: a group of its selections, by a key of its type. */
export function toLifted(
  { flags, selections, place }: LiftGroup,
  {
    type,
    path,
    key,
    aliasOf,
    enclosing,
    operation,
  }: {
    readonly type: string;
    readonly path: readonly string[];
    readonly key: readonly string[];
    readonly aliasOf: (name: string) => string;
    readonly enclosing: Enclosing;
    readonly operation: OperationDefinitionNode;
  },
): LiftedSelections {
  const outer = enclosing.kind === 'known' ? placesOf(enclosing.binding) : [];
  return {
    path,
    type,
    document: entityQuery(type, selections, operation),
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: type,
        selections: [
          { kind: 'Field', name: '__typename' },
          ...key.map((name) => ({ kind: 'Field' as const, name: aliasOf(name) })),
          ...(place === undefined ? [] : [toRequired(stampedPlace(place))]),
        ],
      },
    ],
    renames: key.map((to) => ({ alias: aliasOf(to), to })).filter(({ alias, to }) => alias !== to),
    base: {
      // Where a municipality may enclose the object, it comes before the path that the directive names.
      binding: {
        kind: 'representation',
        places: place === undefined ? MUNICIPALITY_PLACES : [...outer, stampedPlace(place)],
      },
      isCertain: true,
      flags: place === undefined ? [] : flags,
      ...(place === undefined ? {} : { below: enclosing.kind === 'known' ? enclosing.binding : 'nothing' }),
    },
  };
}

/** The same as a selection of a Fetch node's `requires`. */
function toRequired([name = '', ...rest]: readonly string[]): QueryPlanSelectionNode {
  return { kind: 'Field', name, ...(rest.length === 0 ? {} : { selections: [toRequired(rest)] }) };
}
