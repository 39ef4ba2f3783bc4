import { AsyncLocalStorage } from 'node:async_hooks';

import { type Operation, operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { PlanNode, QueryPlan, QueryPlanCache, QueryPlanner } from '@apollo/query-planner';
import type { GatewayExecutionResult, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { LRUCache } from 'lru-cache';

import type { Logger } from '../platform/logger/Logger.ts';
import { ERRORS, isErrorCode } from '../schema/errorCodes.ts';
import { createSubgraphFetcher, type SubgraphFetcherOptions } from './createSubgraphFetcher.ts';
import { createApolloDataSource } from './fetch/createApolloDataSource.ts';
import { applyWaysOff } from './flags/applyWaysOff.ts';
import { createRefusal } from './flags/createRefusal.ts';
import { decideFetch } from './flags/decideFetch.ts';
import { createGateSchema } from './flags/GateSchema.ts';
import { gatePlan } from './flags/gatePlan.ts';
import { isAskedBy } from './flags/isAskedBy.ts';
import { settleAnswer } from './flags/settleAnswer.ts';
import type { FetchGate } from './model/FetchGate.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import type { OperationEngine } from './model/OperationEngine.ts';
import {
  createDecideOverride,
  type DecideOverride,
  decideOverrides,
  type OverrideDecisions,
} from './operation/decideOverrides.ts';
import { dropExcluded } from './plan/dropExcluded.ts';
import { keepObjects } from './plan/keepObjects.ts';
import { plannerFields } from './plan/plannerFields.ts';
import { plannerRefusal } from './plan/plannerRefusals.js';
import { toApolloLogger } from './toApolloLogger.ts';

// The library reports facts of the host to its maker every hour unless this is set before its constructor runs.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

/** Plans kept at once; the least recently used one goes first. */
const MAX_PLANS = 1_000;

export interface ApolloEngineOptions extends SubgraphFetcherOptions {
  /** Decides labels of progressive `@override`s. Default: by percentage alone. */
  readonly decideOverride?: DecideOverride;
  readonly logger: Logger;
}

/** @apollo/gateway's planner and executor, with our gate on its plans and our fetcher under its fetches. */
export function createApolloEngine({
  logger,
  decideOverride = createDecideOverride(),
  ...options
}: ApolloEngineOptions): OperationEngine {
  const { supergraphSdl } = options;
  const schema = Supergraph.build(supergraphSdl).schema.toGraphQLJSSchema();
  const gateSchema = createGateSchema(supergraphSdl, schema);
  const refuse = createRefusal(gateSchema);
  const gates = new WeakMap<DocumentNode, FetchGate>();
  const fetcher = createSubgraphFetcher(options);

  const { overrideLabels } = plannerFields(supergraphSdl);
  /** The gateway has no way to hand a request's labels to its planner. */
  const overrides = new AsyncLocalStorage<OverrideDecisions>();

  const apollo = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }): GraphQLDataSource =>
      createApolloDataSource(name, {
        fetcher,
        concreteTypes: gateSchema.concreteTypes,
        decide: (document, fetch, state) => decideFetch(gates.get(document), fetch, state),
        settle: (document, data, fetch, state) => {
          const gate = gates.get(document);
          return gate === undefined ? data : settleAnswer(data, gate, fetch, state);
        },
      }) as GraphQLDataSource,
    queryPlannerConfig: {
      cache: createPlanCache(
        (node) => gatePlan(node, { gates: gateSchema, onGate: (document, gate) => gates.set(document, gate) }),
        () => JSON.stringify([...(overrides.getStore() ?? [])]),
      ),
      reuseQueryFragments: false,
      generateQueryFragments: false,
      debug: { maxEvaluatedPlans: 1_000, pathsLimit: 1_000 },
    },
    __exposeQueryPlanExperimental: false,
    logger: toApolloLogger(logger),
  });

  async function runWith(
    executor: (context: GatewayGraphQLRequestContext) => Promise<GatewayExecutionResult>,
    requestContext: GatewayGraphQLRequestContext,
  ): Promise<GatewayExecutionResult> {
    const { schema: apiSchema, document, request } = requestContext;
    // The type says that there is one; Apollo Server leaves it to the executor to say that the document holds none of the name.
    const operation: OperationDefinitionNode | undefined = requestContext.operation;
    if (operation === undefined) {
      const message = 'The document does not hold the operation to run, or holds several of which none is named.';
      return { errors: [ERRORS.OPERATION_RESOLUTION_FAILURE.create(message)] };
    }
    const { state } = requestContext.context as GatewayContext;
    // Defaults count for flags as they do for fields; variables that cannot be coerced are the executor's to report.
    const sent = request.variables ?? {};
    const variables =
      getVariableValues(apiSchema, operation.variableDefinitions ?? [], sent, { maxErrors: 10 }).coerced ?? sent;
    const refusals = refuse({ document, operation, variables }, state);
    if (refusals.length > 0) {
      return { data: null, errors: refusals };
    }
    const result = withCompletionErrors(await executor({ ...requestContext, request: { ...request, variables } }));
    state.disabled.settle({
      data: () => result.data,
      isAsked: isAskedBy(document, operation, variables),
      toClient: (name) => name,
    });
    const { errors, isRejected } = applyWaysOff(state.disabled, state.snapshot);
    if (errors.length === 0) {
      return result;
    }
    return isRejected ? { data: null, errors } : { ...result, errors: [...(result.errors ?? []), ...errors] };
  }

  return {
    gateway: {
      async load(options) {
        const { executor } = await apollo.load(options as Parameters<ApolloGateway['load']>[0]);
        preparePlanning(apollo, { schema, overrides: () => overrides.getStore(), logger });
        return {
          executor: (requestContext) => {
            const { state } = requestContext.context as GatewayContext;
            return overrides
              .run(decideOverrides(overrideLabels, decideOverride, state), () =>
                runWith(executor as never, requestContext),
              )
              .catch(toRefusal);
          },
        };
      },
      onSchemaLoadOrUpdate: (callback) => apollo.onSchemaLoadOrUpdate(callback),
      stop: () => apollo.stop(),
    },
    close: () => fetcher.close(),
  };
}

/**
 * Lets the planner of a gateway plan with the labels that hold for the request at hand, operations whose conditions it reads
 * right, and say what it cannot plan as an error of ours.
 */
function preparePlanning(
  apollo: ApolloGateway,
  {
    schema,
    overrides,
    logger,
  }: { schema: GraphQLSchema; overrides: () => OverrideDecisions | undefined; logger: Logger },
): void {
  const { queryPlanner } = apollo as unknown as { queryPlanner: Pick<QueryPlanner, 'buildQueryPlan'> };
  const build = queryPlanner.buildQueryPlan.bind(queryPlanner);
  queryPlanner.buildQueryPlan = (operation, options) => {
    try {
      return build(withReadableConditions(operation, schema), {
        ...options,
        overrideConditions: new Map(overrides()),
      });
    } catch (error) {
      const what = plannerRefusal(error);
      if (what === undefined) {
        throw error;
      }
      logger.warn({ cause: error }, 'the planner cannot plan an operation');
      throw ERRORS.OPERATION_TOO_LARGE.create(what);
    }
  };
}

/** The operation as `keepObjects` and `dropExcluded` write it. */
function withReadableConditions(operation: Operation, schema: GraphQLSchema): Operation {
  const document = keepObjects(dropExcluded(parse(operation.toString(), { noLocation: true })), schema);
  return operationFromDocument(operation.schema(), document, { validate: false });
}

/** An error of ours is the answer; any other stays what it is. */
function toRefusal(error: unknown): GatewayExecutionResult {
  if (error instanceof GraphQLError && isErrorCode(error.extensions.code)) {
    return { errors: [error] };
  }
  throw error;
}

/**
 * The planner's cache, where every plan passes before it runs: it is gated in place on its way in, because the request
 * that planned it goes on with the object that it stored.
 */
function createPlanCache(gate: (node: PlanNode) => PlanNode, variant: () => string): QueryPlanCache {
  const plans = new LRUCache<string, QueryPlan>({ max: MAX_PLANS });
  return {
    get: async (key) => plans.get(`${variant()} ${key}`),
    set: async (key, plan) => {
      if (plan.node !== undefined && plan.node.kind !== 'Subscription') {
        plan.node = gate(plan.node);
      }
      plans.set(`${variant()} ${key}`, plan);
    },
    delete: async (key) => plans.delete(`${variant()} ${key}`),
    clear: () => plans.clear(),
  };
}

/** What a subgraph must not have left null is an error to the client, not a note in the extensions. */
function withCompletionErrors(result: GatewayExecutionResult): GatewayExecutionResult {
  const { valueCompletion, ...extensions } = result.extensions ?? {};
  if (!Array.isArray(valueCompletion)) {
    return result;
  }
  const errors = (valueCompletion as readonly GraphQLError[]).map(({ message, path }) =>
    ERRORS.SUBGRAPH_INVALID_RESPONSE.create(message, undefined, path === undefined ? {} : { path }),
  );
  return { ...result, errors: [...(result.errors ?? []), ...errors], extensions };
}
