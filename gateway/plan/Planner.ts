import type { PlanNode } from '@apollo/query-planner';
import { buildSchema, GraphQLError, type GraphQLSchema, Source } from 'graphql';

import { ERRORS } from '../../schema/errorCodes.ts';
import type { EntityKeys } from './entityKeys.ts';
import type { IsNonNullIn } from './nonNullFields.ts';
import { plannerFields } from './plannerFields.ts';
import type { PlannerFields } from './prepareDocument.ts';
import type { PlannerBounds, PlanningOutcome } from './queryPlanner.js';

/** Bounds on one operation's plan, so that a hostile one holds up nobody. */
export interface PlannerLimits {
  /** Complete plans compared before the best so far is taken. Default 1,000. */
  readonly maxEvaluatedPlans?: number;
  /** Ways to reach one field that are kept in mind; an operation with more is refused. Default 1,000. */
  readonly maxPaths?: number;
  /** Length of a plan as JSON; an operation with a longer one is refused. Default 65,536. */
  readonly maxPlanCharacters?: number;
}

export interface PlanRequest {
  /** What the client sent. */
  readonly text: string;
  /** The one operation of it that runs, prepared (see `prepareDocument`). */
  readonly prepared: string;
  readonly overrides: ReadonlyMap<string, boolean>;
}

/** `root` is undefined when no subgraph is needed; `characters` is its length as JSON. */
export type PlanAnswer =
  | { readonly kind: 'planned'; readonly root: PlanNode | undefined; readonly characters: number }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

/** What is read from a supergraph once, and the planner over it. */
export interface Planner {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema;
  /** With inaccessible types and fields: subgraphs may answer with those. */
  readonly supergraphSchema: GraphQLSchema;
  readonly fields: PlannerFields;
  /** By which fields a subgraph knows an entity. */
  readonly keysOf: EntityKeys;
  readonly isNonNullIn: IsNonNullIn;
  /** Labels of progressive `@override`s (`percent(20)` or a name that a function decides). */
  readonly overrideLabels: readonly string[];
  /** Validates an operation and plans it. Rejects where the planner fails for a reason that is not the client's. */
  plan(request: PlanRequest): Promise<PlanAnswer>;
  close(): Promise<void>;
}

export function toBounds({
  maxEvaluatedPlans = 1000,
  maxPaths = 1000,
  maxPlanCharacters = 64 * 1024,
}: PlannerLimits): PlannerBounds {
  return { maxEvaluatedPlans, maxPaths, maxPlanCharacters };
}

/** What of a planner is the same wherever it runs. */
export function readSchemas(
  supergraphSdl: string,
  { apiSdl, schemaSdl }: { readonly apiSdl: string; readonly schemaSdl: string },
): Omit<Planner, 'plan' | 'close'> {
  const options = { assumeValid: true, assumeValidSDL: true, noLocation: true };
  return {
    apiSchema: buildSchema(apiSdl, options),
    supergraphSchema: buildSchema(schemaSdl, options),
    ...plannerFields(supergraphSdl),
  };
}

/** Turns what came back from the planner into what the engine works with. */
export function toPlanAnswer(text: string, outcome: PlanningOutcome): PlanAnswer {
  switch (outcome.kind) {
    case 'planned':
      return outcome.plan === undefined
        ? { kind: 'planned', root: undefined, characters: 0 }
        : { kind: 'planned', root: JSON.parse(outcome.plan), characters: outcome.plan.length };
    case 'invalid': {
      const source = new Source(text);
      const { code } = ERRORS.GRAPHQL_VALIDATION_FAILED;
      return {
        kind: 'refused',
        errors: outcome.problems.map(
          ({ message, positions }) =>
            new GraphQLError(message, {
              ...(positions.length === 0 ? {} : { source, positions }),
              extensions: { code },
            }),
        ),
      };
    }
    case 'tooLarge':
      return {
        kind: 'refused',
        errors: [ERRORS.OPERATION_TOO_LARGE.create(outcome.what)],
      };
    case 'failed':
      throw new Error(`The planner failed: ${outcome.message}`);
  }
}
