import type { FetchNode, PlanNode } from '@apollo/query-planner';

import type { CompiledPlan, PlannedFetch } from '../model/CompiledPlan.ts';
import type { FetchRun, GatedFields, PlanDescription, PlanTree } from '../model/PlanDescription.ts';

export interface DescribedPlan {
  readonly root: PlanNode | undefined;
  readonly plan: CompiledPlan;
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly gatedBy: (node: FetchNode) => readonly GatedFields[];
  /** What became of the request whose first node this is. */
  readonly runOf: (node: FetchNode) => FetchRun | undefined;
}

/** Tells what a plan does. Requests are counted from 1. */
export function describePlan({ root, plan, conditions, gatedBy, runOf }: DescribedPlan): PlanDescription {
  const fetches = new Map<FetchNode, PlannedFetch>(plan.fetches.map((fetch) => [fetch.node, fetch]));

  function describe(node: PlanNode, path: readonly string[]): PlanTree {
    switch (node.kind) {
      case 'Sequence':
      case 'Parallel':
        return { kind: node.kind, nodes: node.nodes.map((child) => describe(child, path)) };
      case 'Flatten':
        return describe(node.node, [...path, ...node.path.map(String)]);
      case 'Condition':
        return {
          kind: 'Condition',
          variable: node.condition,
          whenTrue: node.ifClause && describe(node.ifClause, path),
          whenFalse: node.elseClause && describe(node.elseClause, path),
        };
      case 'Fetch': {
        const fetch = fetches.get(node);
        const isFolded = fetch?.isFolded === true;
        const run = isFolded ? runOf(node) : undefined;
        return {
          kind: 'Fetch',
          subgraph: node.serviceName,
          path: path.join('.'),
          request: fetch && fetch.request + 1,
          isFolded,
          gated: gatedBy(node),
          ...(run === undefined ? {} : { run }),
        };
      }
      case 'Defer':
        throw new Error('@defer is not planned here.');
    }
  }

  return {
    conditions,
    tree: root && describe(root, []),
    requests: plan.requests.map(({ subgraph, kind, operation, nodes }, position) => {
      const run = nodes[0] && runOf(nodes[0]);
      return {
        number: position + 1,
        subgraph,
        kind,
        operation,
        after: plan.requests.flatMap(({ next }, other) => (next.includes(position) ? [other + 1] : [])),
        fetches: plan.fetches.filter(({ request }) => request === position).length,
        ...(run === undefined ? {} : { run }),
      };
    }),
  };
}
