import type { QueryPlanSelectionNode } from '@apollo/query-planner';

import type { RequiredSelection } from '../model/CompiledPlan.ts';
import type { TypeSets } from './TypeSets.ts';

/** The `requires` of a Fetch node with its type conditions looked up. */
export function requiredSelections(
  nodes: readonly QueryPlanSelectionNode[],
  types: TypeSets,
): readonly RequiredSelection[] {
  return nodes.map((node): RequiredSelection => {
    if (node.kind === 'Field') {
      const { name, alias = name, selections } = node;
      return {
        kind: 'field',
        name: alias,
        selections: selections === undefined ? undefined : requiredSelections(selections, types),
      };
    }
    return {
      kind: 'fragment',
      onTypes: node.typeCondition === undefined ? undefined : types.possible(node.typeCondition),
      selections: requiredSelections(node.selections, types),
    };
  });
}

/** The types that a target can have to be sent at all; undefined when a required field stands outside of any condition. */
export function requiredTypes(required: readonly RequiredSelection[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const selection of required) {
    if (selection.kind === 'field' || selection.onTypes === undefined) {
      return undefined;
    }
    for (const name of selection.onTypes) {
      names.add(name);
    }
  }
  return names;
}
