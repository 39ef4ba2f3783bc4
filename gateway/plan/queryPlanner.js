// Plain JavaScript, because a thread runs it: threads of a program that is not compiled yet (tests, tsx) read no TypeScript.
import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse, printSchema, specifiedRules, validate } from 'graphql';

import { plannerRefusal } from './plannerRefusals.js';

/**
 * Security features are refused unless this engine enforces them: a supergraph with `@authenticated` must not be served
 * by something that ignores it. Contexts (`@fromContext`) are of that kind in name only, and executed here.
 */
const SUPPORTED_FEATURES = new Set([...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES, 'https://specs.apollo.dev/context/v0.1']);

/** Problems of one document that are told at most. */
const MAX_PROBLEMS = 20;

/**
 * @typedef {object} PlannerBounds
 * @property {number} maxEvaluatedPlans Complete plans compared before the best so far is taken.
 * @property {number} maxPaths Ways to reach one field that are kept in mind.
 * @property {number} maxPlanCharacters Length of a plan as JSON; a longer one is refused.
 */

/**
 * What is to be planned. Plain data, as everything that goes to a thread and back.
 * @typedef {object} PlanningTask
 * @property {string} text What the client sent.
 * @property {string} prepared The one operation of it that runs, under names that the planner leaves alone.
 * @property {readonly (readonly [label: string, isOn: boolean])[]} overrides Labels of progressive `@override`s.
 */

/**
 * `problems` are those of validation; `positions` count characters of the text. `plan` is JSON; undefined when no subgraph is
 * needed. `cause`: what the planner said of an operation that it cannot plan. `failed`: it gave up, for a reason that is not
 * the client's.
 * @typedef {{ readonly kind: 'invalid', readonly problems: readonly { message: string, positions: readonly number[] }[] }
 *   | { readonly kind: 'planned', readonly plan: string | undefined }
 *   | { readonly kind: 'tooLarge', readonly what: string, readonly cause?: string }
 *   | { readonly kind: 'failed', readonly message: string }} PlanningOutcome
 */

/**
 * @typedef {object} QueryPlannerThere
 * @property {string} apiSdl What clients see.
 * @property {string} schemaSdl With inaccessible types and fields.
 * @property {(task: PlanningTask) => PlanningOutcome} plan Validates an operation and plans it. Throws nothing.
 */

/**
 * @apollo/query-planner over one supergraph. Throws where the SDL is no valid supergraph.
 * @param {string} supergraphSdl
 * @param {PlannerBounds} bounds
 * @returns {QueryPlannerThere}
 */
export function createQueryPlanner(supergraphSdl, { maxEvaluatedPlans, maxPaths, maxPlanCharacters }) {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: SUPPORTED_FEATURES });
  const apiSchema = supergraph.apiSchema();
  const graphqlSchema = apiSchema.toGraphQLJSSchema();
  const planner = new QueryPlanner(supergraph, {
    generateQueryFragments: false,
    reuseQueryFragments: false,
    exposeDocumentNodeInFetchNode: false,
    debug: { maxEvaluatedPlans, pathsLimit: maxPaths },
  });

  /** @param {PlanningTask} task @returns {PlanningOutcome} */
  function plan({ text, prepared, overrides }) {
    const problems = validate(graphqlSchema, parse(text), specifiedRules, { maxErrors: MAX_PROBLEMS });
    if (problems.length > 0) {
      return {
        kind: 'invalid',
        problems: problems.map(({ message, positions }) => ({ message, positions: positions ?? [] })),
      };
    }
    const operation = operationFromDocument(apiSchema, parse(prepared), { validate: false });
    const { node } = planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) });
    if (node?.kind === 'Subscription') {
      return { kind: 'invalid', problems: [{ message: 'Subscriptions are not served here.', positions: [] }] };
    }
    const json = node === undefined ? undefined : JSON.stringify(node);
    return json !== undefined && json.length > maxPlanCharacters
      ? { kind: 'tooLarge', what: 'The operation asks the subgraphs for too many fields in all.' }
      : { kind: 'planned', plan: json };
  }

  return {
    apiSdl: printSchema(graphqlSchema),
    schemaSdl: printSchema(supergraph.schema.toGraphQLJSSchema()),
    plan(task) {
      try {
        return plan(task);
      } catch (error) {
        const what = plannerRefusal(error);
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        return what === undefined ? { kind: 'failed', message } : { kind: 'tooLarge', what, cause: message };
      }
    },
  };
}
