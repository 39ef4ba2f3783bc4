import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';

import type { FetchFacts } from './model/FetchObserver.ts';
import type { FetchRun, PlanRecorder } from './model/PlanDescription.ts';

/** Notes what becomes of the requests of one execution, for `extensions.plan`. */
export function createPlanRecorder(): PlanRecorder {
  const startedAt = performance.now();
  const runs = new Map<FetchNode, FetchRun>();
  return {
    wantsFacts: true,
    begin({ nodes }) {
      const at = performance.now();
      return (facts, error) => {
        const [first] = nodes;
        if (first === undefined || facts === undefined) {
          return;
        }
        const code = error instanceof GraphQLError ? error.extensions.code : undefined;
        runs.set(first, {
          atMs: rounded(at - startedAt),
          ms: rounded(performance.now() - at),
          entities: facts.entities,
          from: error === undefined ? whereFrom(facts) : 'failed',
          bytes: facts.bytes,
          ...(typeof code === 'string' ? { code } : {}),
        });
      };
    },
    runOf: (node) => runs.get(node),
  };
}

function whereFrom({ kept, sent, shared }: FetchFacts): FetchRun['from'] {
  if (sent + shared === 0) {
    return kept > 0 ? 'store' : 'off';
  }
  return kept > 0 ? 'part' : sent === 0 ? 'in flight' : 'subgraph';
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
