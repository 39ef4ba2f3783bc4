import type { FetchNode, PlanNode } from '@apollo/query-planner';

import type { PlanPath } from '../model/CompiledPlan.ts';
import type { ConditionValues } from '../model/conditions.ts';

/** A Fetch node with its place in the answer and in time. */
export interface PlacedFetch {
  readonly node: FetchNode;
  readonly path: PlanPath;
  /** Positions (in the list of placed fetches) of the fetches right before it. */
  readonly after: readonly number[];
  /** Length of the longest chain of fetches before it. */
  readonly level: number;
  /** The fetch that carries this one's fields (see `foldFetches`). */
  readonly foldedInto?: number;
  /** The fetch whose fields this one carries, for entities that this one cannot be sent for. */
  readonly leftover?: PlacedFetch;
}

/**
 * Lays the tree of Sequence, Parallel, Flatten and Condition nodes out as a graph of fetches: each one waits only for those
 * that its sequences put before it, so a slow branch holds up nobody but its own successors.
 */
export function placeFetches(root: PlanNode | undefined, conditions: ConditionValues): readonly PlacedFetch[] {
  const placed: PlacedFetch[] = [];

  /** Returns the fetches that end the node; `after` when there is none in it. */
  function place(node: PlanNode | undefined, path: PlanPath, after: readonly number[]): readonly number[] {
    switch (node?.kind) {
      case undefined:
        return after;
      case 'Sequence':
        return node.nodes.reduce((before, child) => place(child, path, before), after);
      case 'Parallel':
        return [...new Set(node.nodes.flatMap((child) => place(child, path, after)))];
      case 'Flatten':
        return place(node.node, [...path, ...node.path.map(String)], after);
      case 'Condition':
        return place(conditions.get(node.condition) === true ? node.ifClause : node.elseClause, path, after);
      case 'Fetch': {
        const level = after.reduce((highest, position) => Math.max(highest, (placed[position]?.level ?? 0) + 1), 0);
        placed.push({ node, path, after, level });
        return [placed.length - 1];
      }
      case 'Defer':
        throw new Error('@defer is not planned here.');
    }
  }
  place(root, [], []);
  return placed;
}
