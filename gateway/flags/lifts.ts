import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { SelectionNode } from 'graphql';

import { STAMP } from '../model/FetchGate.ts';

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

/** The same as a selection of a Fetch node's `requires`. */
export function toRequired([name = '', ...rest]: readonly string[]): QueryPlanSelectionNode {
  return { kind: 'Field', name, ...(rest.length === 0 ? {} : { selections: [toRequired(rest)] }) };
}
