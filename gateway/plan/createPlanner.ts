import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { type PlanNode, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';

import { plannerFields } from './plannerFields.ts';
import type { PlannerFields } from './prepareDocument.ts';

/** Bounds on the work of planning one operation, so that a hostile one cannot hold the process. */
export interface PlannerLimits {
  /** Complete plans compared before the best so far is taken. Default 1,000. */
  readonly maxEvaluatedPlans?: number;
  /** Ways to reach one field that are kept in mind. Default 200. */
  readonly maxPaths?: number;
}

/** @apollo/query-planner over one supergraph, and what else is read from the supergraph once. */
export interface Planner {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** With inaccessible types and fields: subgraphs may answer with those. */
  readonly supergraphSchema: GraphQLSchema;
  readonly fields: PlannerFields;
  /** Labels of progressive `@override`s (`percent(20)` or a name that a function decides). */
  readonly overrideLabels: readonly string[];
  /** The root of the plan; undefined when no subgraph is needed. */
  plan(
    document: DocumentNode,
    operationName: string | undefined,
    overrides: ReadonlyMap<string, boolean>,
  ): PlanNode | undefined;
}

/**
 * Security features are refused unless this engine enforces them: a supergraph with `@authenticated` must not be served
 * by something that ignores it. Contexts (`@fromContext`) are of that kind in name only, and executed here.
 */
const SUPPORTED_FEATURES = new Set([...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, 'https://specs.apollo.dev/context/v0.1']);

/** Reads a supergraph and makes its planner. Throws where the SDL is no valid supergraph. */
export function createPlanner(
  supergraphSdl: string,
  { maxEvaluatedPlans = 1000, maxPaths = 200 }: PlannerLimits = {},
): Planner {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: SUPPORTED_FEATURES });
  const apiSchema = supergraph.apiSchema();
  const queryPlanner = new QueryPlanner(supergraph, {
    generateQueryFragments: false,
    reuseQueryFragments: false,
    debug: { maxEvaluatedPlans, pathsLimit: maxPaths },
  });
  return {
    apiSchema: apiSchema.toGraphQLJSSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    ...plannerFields(supergraphSdl),
    plan(document, operationName, overrides) {
      const operation = operationFromDocument(apiSchema, document, {
        validate: false,
        ...(operationName === undefined ? {} : { operationName }),
      });
      const { node } = queryPlanner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) });
      if (node?.kind === 'Subscription') {
        throw new Error('Subscriptions are not planned here.');
      }
      return node;
    },
  };
}
