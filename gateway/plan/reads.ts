import type { QueryPlanSelectionNode } from '@apollo/query-planner';

import type { PlanPath } from '../model/CompiledPlan.ts';
import type { PlacedFetch } from './fetchNodes.ts';

/** What an entity fetch brings to the objects at its path. */
export interface BroughtFields {
  readonly path: PlanPath;
  readonly responseNames: ReadonlySet<string>;
}

/** Whether a fetch may need what an entity fetch brings: objects below it, or fields that it requires. */
export function reads({ path, node }: PlacedFetch, { path: source, responseNames }: BroughtFields): boolean {
  const isBelow = path.length > source.length && source.every((step, i) => path[i] === step);
  if (isBelow) {
    return responseNames.has(path[source.length] ?? '');
  }
  const isAroundOrSame = path.every((step, i) => source[i] === step);
  return isAroundOrSame && requiredNames(node.requires ?? []).some((name) => responseNames.has(name));
}

function requiredNames(selections: readonly QueryPlanSelectionNode[]): readonly string[] {
  return selections.flatMap((selection) =>
    selection.kind === 'Field'
      ? [selection.alias ?? selection.name, ...requiredNames(selection.selections ?? [])]
      : requiredNames(selection.selections),
  );
}
