import { createHash } from 'node:crypto';

import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';

import type { Clock } from '../platform/clock/Clock.ts';
import type { KeyValueStore } from '../platform/keyvalue/KeyValueStore.ts';
import type { Logger } from '../platform/logger/Logger.ts';
import { formatProblem, type MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { createApolloEngine } from './createApolloEngine.ts';
import { createCompiledEngine } from './createCompiledEngine.ts';
import { createSchemaOf } from './createSchemaOf.ts';
import type { CallableSubgraph } from './fetch/createInProcessTransport.ts';
import { createEdge } from './http/createEdge.ts';
import type { GraphiqlOptions } from './http/graphiqlPage.ts';
import type { ShortWay } from './http/shortWay.ts';
import { DisabledFeatures } from './model/DisabledFeatures.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import type { HealthReport } from './model/HealthReport.ts';
import type { OperationEngine } from './model/OperationEngine.ts';
import { RawJson } from './model/RawJson.ts';
import { DEFAULT_LIMITS, limitOperation, type OperationLimits } from './operation/limitOperation.ts';
import {
  acceptsGraphqlResponse,
  featureExtension,
  isRefused,
  statusOfRefusal,
  withRequestId,
} from './response/finishAnswer.ts';
import { maskError } from './response/maskError.ts';
import { type AnswerParts, writeAnswer } from './response/writeAnswer.ts';
import { toApolloLogger } from './toApolloLogger.ts';

export type EngineName = 'compiled' | 'apollo';

export interface GatewayOptions {
  readonly supergraphSdl: string;
  /** Subgraphs that run in this process, by name; the others are asked over HTTP. */
  readonly inProcess?: ReadonlyMap<string, CallableSubgraph>;
  /** Addresses that take the place of the supergraph's own, by subgraph name. */
  readonly subgraphUrls?: ReadonlyMap<string, string>;
  /** Absent: the gateway reads no municipality, and every flag is on. */
  readonly municipalities?: MunicipalityRegister;
  /** `compiled` is ours (the default); `apollo` runs the same operations through @apollo/gateway's executor. */
  readonly engine?: EngineName;
  readonly store: KeyValueStore;
  /** false: what subgraphs answer is never kept. Default true. */
  readonly keepsAnswers?: boolean;
  /** false: equal requests and fetches in flight run each by itself. Default true. */
  readonly sharesInFlight?: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<OperationLimits>;
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
  municipalities,
  engine: engineName = 'compiled',
  store,
  keepsAnswers = true,
  sharesInFlight = true,
  clock,
  logger,
  limits: ownLimits = {},
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
    store: keepsAnswers ? store : undefined,
    sharesFetches: sharesInFlight,
    clock,
  };
  const engine =
    engineName === 'compiled'
      ? createCompiledEngine({
          ...subgraphs,
          limits,
          sharesRequests: sharesInFlight,
          isGated: municipalities !== undefined,
        })
      : createApolloEngine({ ...subgraphs, logger });

  const apollo = new ApolloServer<GatewayContext>({
    gateway: engine.gateway,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: [limitOperation(limits)],
    parseOptions: { maxTokens: limits.maxTokens, noLocation: false },
    formatError: maskError,
    stringifyResult: (answer) => writeAnswer(answer as AnswerParts),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      answerExtensions(),
    ],
    logger: toApolloLogger(logger),
  });
  const apiSchema = await startApollo(apollo, engine);

  const edge = createEdge<GatewayContext>({
    apollo,
    shortWay: createShortWay(engine, municipalities),
    createContext: (request) => ({
      state: { ...request, snapshot: municipalities?.current(), disabled: new DisabledFeatures() },
    }),
    readHealth,
    graphiql,
    schemaOf: municipalities && createSchemaOf({ supergraphSdl, apiSchema, municipalities }),
    clock,
    logger,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });

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
            response.http.status = statusOfRefusal(request.http?.headers.get('accept'));
          }
          if (result.errors !== undefined) {
            result.errors = result.errors.map((error) => withRequestId(error, state.requestId));
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
    const outcome = execute(known, { ...request, snapshot: municipalities?.current() });
    return outcome?.then(({ data, encoding, errors: raw, disabled }) => {
      const errors = raw.map((error) => withRequestId(maskError(error), request.requestId));
      const text = writeAnswer({
        errors,
        ...(data === undefined ? {} : { data: new RawJson(data) }),
        extensions: featureExtension(disabled),
      });
      return {
        status: isRefused(data, errors) ? statusOfRefusal(accept) : 200,
        type: acceptsGraphqlResponse(accept)
          ? 'application/graphql-response+json; charset=utf-8'
          : 'application/json; charset=utf-8',
        // Text of one character a byte leaves as it is; what else stands in the answer is then escaped to be such text.
        body:
          encoding === 'latin1' && raw.length === 0 && disabled.length === 0
            ? Buffer.from(text, 'latin1')
            : Buffer.from(encoding === 'latin1' ? Buffer.from(text, 'latin1').toString('utf8') : text, 'utf8'),
      };
    });
  };
}
