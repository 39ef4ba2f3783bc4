import { createHash } from 'node:crypto';

import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Tracer } from '@opentelemetry/api';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';

import { giveBackBytes, takeBytes } from '../platform/bytes/bytePool.ts';
import type { Clock } from '../platform/clock/Clock.ts';
import type { KeyValueStore } from '../platform/keyvalue/KeyValueStore.ts';
import type { Logger } from '../platform/logger/Logger.ts';
import { formatProblem, type MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { readSubgraphs } from '../schema/readSubgraphs.ts';
import { createCompiledEngine } from './createCompiledEngine.ts';
import { createModuleOptions } from './createModuleOptions.ts';
import { createPlanRecorder } from './createPlanRecorder.ts';
import { createSchemaOf } from './createSchemaOf.ts';
import { createTokenCheck } from './createTokenCheck.ts';
import { createTraces } from './createTraces.ts';
import type { CallableSubgraph } from './fetch/createInProcessTransport.ts';
import { createEdge, GRAPHQL_PATH } from './http/createEdge.ts';
import type { GraphiqlOptions } from './http/graphiqlPage.ts';
import type { ShortAnswer, ShortWay } from './http/shortWay.ts';
import { DisabledFeatures } from './model/DisabledFeatures.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import type { HealthReport } from './model/HealthReport.ts';
import type { OperationEngine, OperationOutcome } from './model/OperationEngine.ts';
import { RawJson } from './model/RawJson.ts';
import { WrappedData } from './model/WrappedData.ts';
import { createPersistedOperations } from './operation/createPersistedOperations.ts';
import { createDecideOverride, type DecideOverride } from './operation/decideOverrides.ts';
import { DEFAULT_LIMITS, limitOperation, type OperationLimits } from './operation/limitOperation.ts';
import type { Planner } from './plan/Planner.ts';
import { type PlanningBounds, startPlannerThread } from './plan/startPlannerThread.ts';
import {
  acceptsGraphqlResponse,
  featureExtension,
  isRefused,
  statusOfRefusal,
  withRequestId,
} from './response/finishAnswer.ts';
import { maskError } from './response/maskError.ts';
import { type AnswerParts, writeAnswer } from './response/writeAnswer.ts';
import { restrictRequests } from './restrictRequests.ts';
import { toApolloLogger } from './toApolloLogger.ts';

export type EngineName = 'compiled' | 'apollo';

export interface GatewayOptions {
  readonly supergraphSdl: string;
  /** Subgraphs that run in this process, by name; the others are asked over HTTP. */
  readonly inProcess?: ReadonlyMap<string, CallableSubgraph>;
  /** Addresses that take the place of the supergraph's own, by subgraph name. */
  readonly subgraphUrls?: ReadonlyMap<string, string>;
  /** The only networks where subgraphs are asked, such as `10.0.0.0/8`. Default: all that can be a subgraph's. */
  readonly subgraphNetworks?: readonly string[] | undefined;
  /** Absent: the gateway reads no municipality, and every flag is on. */
  readonly municipalities?: MunicipalityRegister;
  /** `compiled` is ours (the default); `apollo` runs the same operations through @apollo/gateway's executor. */
  readonly engine?: EngineName;
  /** Labels of progressive `@override`s that hold; `percent(n)` holds for n percent of the requests. Default: none. */
  readonly overrideLabels?: ReadonlySet<string>;
  /** Decides labels in another way, for each request anew. */
  readonly decideOverride?: DecideOverride;
  readonly store: KeyValueStore;
  /** false: what subgraphs answer is never kept. Default true. */
  readonly keepsAnswers?: boolean;
  /** false: equal requests and fetches in flight run each by itself. Default true. */
  readonly sharesInFlight?: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<OperationLimits>;
  /** Receives spans of requests (OpenTelemetry), and subgraphs are told of the trace. Absent: none of it. */
  readonly tracer?: Tracer | undefined;
  /** Who sends it in the header x-civigraph-plan sees the plan in `extensions.plan`; absent: nobody does. */
  readonly planToken?: string | undefined;
  /** By module: what its subgraph shows to read the module's options. Default: none, nobody reads them. */
  readonly moduleTokens?: ReadonlyMap<string, string>;
  /** Bounds on planning (engine `compiled`). */
  readonly planning?: PlanningBounds;
  /** Plans for the engine `compiled` in the place of a thread of its own; the gateway closes it. */
  readonly planner?: Planner;
  readonly graphiql?: GraphiqlOptions;
  readonly requestTimeoutMs?: number;
}

export interface Gateway {
  /** Resolves with the port it got. */
  listen(port: number, host?: string): Promise<number>;
  /** Stops accepting, lets requests in flight end (10 s at most), then closes the ways to the subgraphs. */
  close(): Promise<void>;
}

/** Joins the stages: http -> operation -> flags -> plan -> fetch -> response. */
export async function createGateway({
  supergraphSdl,
  inProcess = new Map(),
  subgraphUrls = new Map(),
  subgraphNetworks,
  municipalities,
  engine: engineName = 'compiled',
  overrideLabels,
  decideOverride = createDecideOverride(overrideLabels),
  store,
  keepsAnswers = true,
  sharesInFlight = true,
  clock,
  logger,
  limits: ownLimits = {},
  tracer,
  planToken,
  moduleTokens = new Map(),
  planning = {},
  planner,
  graphiql,
  requestTimeoutMs,
}: GatewayOptions): Promise<Gateway> {
  const limits = { ...DEFAULT_LIMITS, ...ownLimits };
  const supergraphId = createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 16);
  const subgraphs = {
    supergraphSdl,
    supergraphId,
    inProcess,
    subgraphUrls,
    subgraphNetworks,
    decideOverride,
    store: keepsAnswers ? store : undefined,
    sharesFetches: sharesInFlight,
    clock,
  };
  const engine = await createOperationEngine();
  const persisted = createPersistedOperations();
  const maySeePlan = createTokenCheck(planToken);

  const apollo = new ApolloServer<GatewayContext>({
    gateway: engine.gateway,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: [limitOperation(limits)],
    // An engine that validates keeps what it has compiled; nothing is done and kept twice.
    ...(engine.accepts === undefined ? {} : { dangerouslyDisableValidation: true, documentStore: null }),
    parseOptions: { maxTokens: limits.maxTokens, noLocation: false },
    persistedQueries: { cache: persisted.cache },
    formatError: maskError,
    stringifyResult: (answer) => writeAnswer(answer as AnswerParts),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      answerExtensions(),
      registerAccepted(engine),
      restrictRequests((slug) => schemaOf?.(slug)),
    ],
    logger: toApolloLogger(logger),
  });
  const apiSchema = await startApollo(apollo, engine);
  const schemaOf = municipalities && createSchemaOf({ supergraphSdl, apiSchema, municipalities });

  const beginTrace = tracer && createTraces({ tracer, subgraphUrls: addressesOf(supergraphSdl, subgraphUrls) });
  const edge = createEdge<GatewayContext>({
    apollo,
    trace: beginTrace && (({ method = '', headers }) => beginTrace({ method, path: GRAPHQL_PATH, headers })),
    shortWay: createShortWay(engine, municipalities),
    textOf: persisted.textOf,
    createContext: ({ planToken: token, ...request }) => {
      const recorder = maySeePlan(token) ? createPlanRecorder() : undefined;
      return {
        state: {
          ...request,
          snapshot: municipalities?.current(),
          disabled: new DisabledFeatures(),
          ...(recorder === undefined ? {} : { observer: recorder }),
        },
        recorder,
      };
    },
    readHealth,
    graphiql,
    schemaOf,
    optionsOf: municipalities && createModuleOptions({ supergraphSdl, municipalities, moduleTokens }),
    clock,
    logger,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });

  async function createOperationEngine(): Promise<OperationEngine> {
    if (engineName === 'apollo') {
      // Read only where it is used: the library takes time and memory.
      const { createApolloEngine } = await import('./createApolloEngine.ts');
      return createApolloEngine({ ...subgraphs, logger });
    }
    return createCompiledEngine({
      ...subgraphs,
      planner: planner ?? (await startPlannerThread(supergraphSdl, { ...planning, logger })),
      limits,
      sharesRequests: sharesInFlight,
      isGated: municipalities !== undefined,
    });
  }

  function readHealth(): HealthReport {
    const problems = municipalities?.problems().map(formatProblem) ?? [];
    const snapshot = municipalities?.current();
    return {
      status: problems.length > 0 || !store.isReachable() ? 'degraded' : 'ok',
      supergraph: { id: supergraphId },
      ...(snapshot === undefined
        ? {}
        : {
            municipalities: {
              snapshot: snapshot.id,
              loadedAt: snapshot.loadedAt.toISOString(),
              ageSeconds: Math.max(0, Math.round((clock.now() - snapshot.loadedAt.getTime()) / 1_000)),
              nextSwitchAt: snapshot.nextSwitchAt?.toISOString() ?? null,
              count: snapshot.municipalities.size,
              problems,
            },
          }),
      cache: { reachable: store.isReachable() },
    };
  }

  return {
    listen: async (port, host = '127.0.0.1') => {
      await edge.listen({ port, host });
      const address = edge.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    close: async () => {
      const force = setTimeout(() => edge.server.closeAllConnections(), 10_000);
      await edge.close();
      clearTimeout(force);
      await apollo.stop();
      await engine.close();
    },
  };
}

/** Where each subgraph is asked, in this process or not. */
function addressesOf(supergraphSdl: string, others: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(readSubgraphs(supergraphSdl).map(({ name, url }) => [name, others.get(name) ?? url]));
}

/** Resolves with the schema that clients see: the engine tells it while it loads. */
async function startApollo(apollo: ApolloServer<GatewayContext>, { gateway }: OperationEngine): Promise<GraphQLSchema> {
  const loaded: GraphQLSchema[] = [];
  const stopFollowing = gateway.onSchemaLoadOrUpdate(({ apiSchema }) => loaded.push(apiSchema));
  await apollo.start();
  stopFollowing();
  const apiSchema = loaded.at(-1);
  if (apiSchema === undefined) {
    throw new Error('The engine has loaded without a schema.');
  }
  return apiSchema;
}

/** Adds what the request left out, and its id to every error, once the answer is there. */
function answerExtensions(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, response, contextValue: { state } }) {
          if (response.body.kind !== 'single') {
            return;
          }
          const result = response.body.singleResult;
          const features = featureExtension(state.disabled.list());
          if (Object.keys(features).length > 0) {
            result.extensions = { ...result.extensions, ...features };
          }
          if (isRefused(result.data, result.errors)) {
            response.http.status = statusOfRefusal(result.errors, request.http?.headers.get('accept'));
          }
          if (result.errors !== undefined) {
            result.errors = result.errors.map((error) => withRequestId(error, state.requestId));
          }
        },
      };
    },
  };
}

/** Texts that the engine refuses are not registered as persisted operations. */
function registerAccepted(engine: OperationEngine): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ source, request, metrics }) {
          if (metrics.persistedQueryRegister && (await engine.accepts?.(source, request.operationName)) === false) {
            metrics.persistedQueryRegister = false;
          }
        },
      };
    },
  };
}

/** The short way for operations that have run before: no general pipeline, the same answer byte for byte. */
function createShortWay(
  engine: OperationEngine,
  municipalities: MunicipalityRegister | undefined,
): ShortWay | undefined {
  const execute = engine.execute?.bind(engine);
  if (execute === undefined) {
    return undefined;
  }
  return (known, request, accept) => {
    const { requestId, deadlineAt, signal, trace } = request;
    const outcome = execute(known, { requestId, deadlineAt, signal, trace, snapshot: municipalities?.current() });
    const write = (answer: OperationOutcome): ShortAnswer => {
      const errors = answer.errors.map((error) => withRequestId(maskError(error), requestId));
      return {
        status: isRefused(answer.data, errors) ? statusOfRefusal(errors, accept) : 200,
        type: acceptsGraphqlResponse(accept)
          ? 'application/graphql-response+json; charset=utf-8'
          : 'application/json; charset=utf-8',
        ...bodyOf(answer, errors),
      };
    };
    return outcome?.then((answer) =>
      trace?.isRecording === true ? trace.stage('response', async () => write(answer)) : write(answer),
    );
  };
}

/** Data that came in bytes leaves as it is, alone or before a note of what was left out. */
function bodyOf(
  { data, disabled }: OperationOutcome,
  errors: readonly GraphQLFormattedError[],
): Pick<ShortAnswer, 'body' | 'release'> {
  if (data instanceof WrappedData && errors.length === 0) {
    if (disabled.length === 0) {
      return { body: data.body, release: () => data.release() };
    }
    const extensions = Buffer.from(`,"extensions":${JSON.stringify(featureExtension(disabled))}}`, 'utf8');
    const before = data.body.length - 1;
    const body = takeBytes(before + extensions.length);
    data.body.copy(body, 0, 0, before);
    extensions.copy(body, before);
    data.release();
    return { body, release: () => giveBackBytes(body) };
  }
  const text = typeof data === 'string' ? data : data?.text();
  const answer = writeAnswer({
    errors,
    ...(text === undefined ? {} : { data: new RawJson(text) }),
    extensions: featureExtension(disabled),
  });
  return { body: Buffer.from(answer, 'utf8') };
}
