import { Supergraph } from '@apollo/federation-internals';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan, QueryPlanCache } from '@apollo/query-planner';
import type {
  GatewayExecutionResult,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { type DocumentNode, type GraphQLError, getVariableValues } from 'graphql';
import { LRUCache } from 'lru-cache';

import type { Clock } from '../platform/clock/Clock.ts';
import type { KeyValueStore } from '../platform/keyvalue/KeyValueStore.ts';
import type { Logger } from '../platform/logger/Logger.ts';
import { ERRORS } from '../schema/errorCodes.ts';
import { readFeatures } from '../schema/features/readFeatures.ts';
import { createApolloDataSource } from './fetch/createApolloDataSource.ts';
import { createFetcher } from './fetch/createFetcher.ts';
import { createHttpTransport } from './fetch/createHttpTransport.ts';
import { type CallableSubgraph, createInProcessTransport } from './fetch/createInProcessTransport.ts';
import { decideFetch } from './flags/decideFetch.ts';
import { gatePlan } from './flags/gatePlan.ts';
import { refuseDisabledMutations } from './flags/refuseDisabledMutations.ts';
import type { FetchGate } from './model/FetchGate.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import type { SubgraphTransport } from './model/SubgraphTransport.ts';
import { toApolloLogger } from './toApolloLogger.ts';

// The library reports facts of the host to its maker every hour unless this is set before its constructor runs.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

/** Plans kept at once; the least recently used one goes first. */
const MAX_PLANS = 1_000;

export interface ApolloEngineOptions {
  readonly supergraphSdl: string;
  readonly supergraphId: string;
  readonly inProcess: ReadonlyMap<string, CallableSubgraph>;
  readonly subgraphUrls: ReadonlyMap<string, string>;
  readonly store: KeyValueStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A way to run operations of one supergraph, and what it holds open. */
export interface ApolloEngine {
  readonly gateway: GatewayInterface;
  close(): Promise<void>;
}

/** @apollo/gateway's planner and executor, with our gate on its plans and our fetcher under its fetches. */
export function createApolloEngine({
  supergraphSdl,
  supergraphId,
  inProcess,
  subgraphUrls,
  store,
  clock,
  logger,
}: ApolloEngineOptions): ApolloEngine {
  const supergraph = Supergraph.build(supergraphSdl);
  const schema = supergraph.schema.toGraphQLJSSchema();
  const features = readFeatures(supergraphSdl);
  const gates = new WeakMap<DocumentNode, FetchGate>();

  const transports = new Map<string, SubgraphTransport>();
  for (const { name, url } of supergraph.subgraphsMetadata()) {
    const callable = inProcess.get(name);
    transports.set(
      name,
      callable === undefined
        ? createHttpTransport({ subgraph: name, url: subgraphUrls.get(name) ?? url })
        : createInProcessTransport(name, callable),
    );
  }
  const fetcher = createFetcher({ transports, supergraphId, store, clock });

  const apollo = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }): GraphQLDataSource =>
      createApolloDataSource(name, {
        fetcher,
        decide: (document, fetch, state) => decideFetch(gates.get(document), fetch, state),
      }) as GraphQLDataSource,
    queryPlannerConfig: {
      cache: createPlanCache((plan) =>
        gatePlan(plan, { schema, features, onGate: (document, gate) => gates.set(document, gate) }),
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
    const { schema: apiSchema, document, operation, request } = requestContext;
    const { state } = requestContext.context as GatewayContext;
    // Defaults count for flags as they do for fields; variables that cannot be coerced are the executor's to report.
    const sent = request.variables ?? {};
    const variables =
      getVariableValues(apiSchema, operation.variableDefinitions ?? [], sent, { maxErrors: 10 }).coerced ?? sent;
    const refusals = refuseDisabledMutations(operation, {
      document,
      schema: apiSchema,
      features,
      variables,
      snapshot: state.snapshot,
    });
    if (refusals.length > 0) {
      return { data: null, errors: refusals };
    }
    return withCompletionErrors(await executor({ ...requestContext, request: { ...request, variables } }));
  }

  return {
    gateway: {
      async load(options) {
        const { executor } = await apollo.load(options as Parameters<ApolloGateway['load']>[0]);
        return { executor: (requestContext) => runWith(executor as never, requestContext) };
      },
      onSchemaLoadOrUpdate: (callback) => apollo.onSchemaLoadOrUpdate(callback),
      stop: () => apollo.stop(),
    },
    close: () => fetcher.close(),
  };
}

/**
 * The planner's cache, where every plan passes before it runs: it is gated in place on its way in, because the request
 * that planned it goes on with the object that it stored.
 */
function createPlanCache(gate: (plan: QueryPlan) => QueryPlan): QueryPlanCache {
  const plans = new LRUCache<string, QueryPlan>({ max: MAX_PLANS });
  return {
    get: async (key) => plans.get(key),
    set: async (key, plan) => {
      Object.assign(plan, gate(plan));
      plans.set(key, plan);
    },
    delete: async (key) => plans.delete(key),
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
