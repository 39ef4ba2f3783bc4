import { createHash } from 'node:crypto';

import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';

import type { GraphQLFormattedError } from 'graphql';

import type { Clock } from '../platform/clock/Clock.ts';
import type { KeyValueStore } from '../platform/keyvalue/KeyValueStore.ts';
import type { Logger } from '../platform/logger/Logger.ts';
import { ERRORS } from '../schema/errorCodes.ts';
import { formatProblem, type MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { createApolloEngine } from './createApolloEngine.ts';
import { createCompiledEngine } from './createCompiledEngine.ts';
import type { CallableSubgraph } from './fetch/createInProcessTransport.ts';
import { createEdge } from './http/createEdge.ts';
import type { GraphiqlOptions } from './http/graphiqlPage.ts';
import { DisabledFeatures } from './model/DisabledFeatures.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import type { HealthReport } from './model/HealthReport.ts';
import { DEFAULT_LIMITS, limitOperation, type OperationLimits } from './operation/limitOperation.ts';
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
  clock,
  logger,
  limits: ownLimits = {},
  graphiql,
  requestTimeoutMs,
}: GatewayOptions): Promise<Gateway> {
  const limits = { ...DEFAULT_LIMITS, ...ownLimits };
  const supergraphId = createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 16);
  const subgraphs = { supergraphSdl, supergraphId, inProcess, subgraphUrls, store, clock };
  const engine =
    engineName === 'compiled'
      ? createCompiledEngine({ ...subgraphs, limits })
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
  await apollo.start();

  const edge = createEdge<GatewayContext>({
    apollo,
    createContext: (request) => ({
      state: { ...request, snapshot: municipalities?.current(), disabled: new DisabledFeatures() },
    }),
    readHealth,
    graphiql,
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

/** Adds what the request left out, and its id to every error, once the answer is there. */
function answerExtensions(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, response, contextValue }) {
          if (response.body.kind !== 'single') {
            return;
          }
          const result = response.body.singleResult;
          const { state } = contextValue;
          const disabled = state.disabled.list();
          if (disabled.length > 0) {
            result.extensions = { ...result.extensions, features: { disabled } };
          }
          if (isRefused(result) && !acceptsGraphqlResponse(request.http?.headers.get('accept'))) {
            response.http.status = 200;
          }
          if (result.errors !== undefined) {
            result.errors = result.errors.map((error) => ({
              ...error,
              extensions: { ...error.extensions, requestId: state.requestId },
            }));
          }
        },
      };
    },
  };
}

/** Codes of well-formed requests whose operation cannot run. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  ERRORS.GRAPHQL_PARSE_FAILED.code,
  ERRORS.GRAPHQL_VALIDATION_FAILED.code,
  ERRORS.OPERATION_RESOLUTION_FAILURE.code,
  ERRORS.OPERATION_TOO_LARGE.code,
  ERRORS.BAD_USER_INPUT.code,
]);

function isRefused({ data, errors }: { data?: unknown; errors?: readonly GraphQLFormattedError[] }): boolean {
  return data === undefined && errors !== undefined && errors.every(({ extensions }) => REFUSALS.has(extensions?.code));
}

/** A status other than 200 tells such clients alone what happened (GraphQL over HTTP, section 6.4). */
function acceptsGraphqlResponse(accept: string | undefined): boolean {
  return accept?.includes('application/graphql-response+json') ?? false;
}
