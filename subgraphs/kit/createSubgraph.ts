import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { type GraphQLError, type GraphQLFormattedError, parse } from 'graphql';

import type { Logger } from '../../platform/logger/Logger.ts';
import { ERRORS, isErrorCode } from '../../schema/errorCodes.ts';
import { REQUEST_TIMEOUT_HEADER, readRequestTimeout } from '../../schema/requestTimeout.ts';
import type { Subgraph, SubgraphCall, SubgraphReply } from './Subgraph.ts';

/** Largest request body over HTTP: a fetch with a thousand representations fits many times. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

export interface SubgraphOptions<Context extends object> {
  readonly name: string;
  /** The subgraph's SDL, federation directives included. */
  readonly typeDefs: string;
  /** By type and field, `__resolveReference` included; checked against the SDL by the generated types. */
  readonly resolvers: object;
  /** Called once a request: loaders live as long as this. */
  readonly createContext: (signal: AbortSignal | undefined) => Context;
  /** For `/health/ready`. Default: ready as soon as it listens. */
  readonly isReady?: () => Promise<boolean>;
  readonly logger: Logger;
}

/**
 * A subgraph server from SDL and resolvers (Apollo Federation subgraph specification: `_service`, `_entities`).
 * Errors that do not come from the register leave as INTERNAL_SERVER_ERROR; their cause goes to the log.
 */
export async function createSubgraph<Context extends object>({
  name,
  typeDefs,
  resolvers,
  createContext,
  isReady = async () => true,
  logger,
}: SubgraphOptions<Context>): Promise<Subgraph> {
  const schema = buildSubgraphSchema({
    typeDefs: parse(typeDefs),
    resolvers: resolvers as GraphQLResolverMap<unknown>,
  });
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: false, // only the gateway and the health probes reach a subgraph; nothing here reads cookies
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginCacheControl()],
    formatError: (formatted, error) => maskError(formatted, error, { name, logger }),
    logger: {
      debug() {},
      info() {},
      warn: (message) => logger.warn({ subgraph: name }, String(message)),
      error: (message) => logger.error({ subgraph: name }, String(message)),
    },
  });
  await apollo.start();

  async function execute({ query, operationName, variables, signal }: SubgraphCall): Promise<SubgraphReply> {
    const response = await apollo.executeOperation(
      {
        query,
        ...(operationName === undefined ? {} : { operationName }),
        ...(variables === undefined ? {} : { variables }),
      },
      { contextValue: createContext(signal) },
    );
    if (response.body.kind !== 'single') {
      throw new Error(`Subgraph "${name}" answered incrementally, which no caller asked for.`);
    }
    const { data, errors } = response.body.singleResult;
    return {
      data: data as Record<string, unknown> | null | undefined,
      errors: errors as SubgraphReply['errors'],
      maxAgeSeconds: readMaxAge(response.http.headers.get('cache-control')),
    };
  }

  const server = createServer((request, response) => {
    void handle().catch((error: unknown) => {
      logger.error({ subgraph: name, err: error }, 'subgraph request failed');
      if (!response.headersSent) {
        response.writeHead(500, { 'content-type': 'application/json; charset=utf-8' });
      }
      response.end(JSON.stringify({ errors: [ERRORS.INTERNAL_SERVER_ERROR.create('The subgraph could not answer.')] }));
    });

    async function handle(): Promise<void> {
      const path = (request.url ?? '').split('?', 1)[0];
      if (path === '/health/live' || path === '/health/ready') {
        const healthy = path === '/health/live' || (await isReady().catch(() => false));
        response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json; charset=utf-8' });
        response.end(JSON.stringify({ status: healthy ? 'ok' : 'unavailable', subgraph: name }));
        return;
      }
      if (path !== '/graphql') {
        response.writeHead(404).end();
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of request) {
        bytes += (chunk as Buffer).length;
        if (bytes > MAX_REQUEST_BYTES) {
          response.writeHead(413, { connection: 'close' }).end();
          return;
        }
        chunks.push(chunk as Buffer);
      }
      // Nobody waits any more once the caller is gone, or its time is over.
      const gone = new AbortController();
      const timeoutMs = readRequestTimeout(request.headers[REQUEST_TIMEOUT_HEADER]);
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => gone.abort(), timeoutMs);
      response.once('close', () => {
        clearTimeout(timer);
        gone.abort();
      });
      const headers = new HeaderMap();
      for (const [header, value] of Object.entries(request.headers)) {
        if (value !== undefined) {
          headers.set(header, Array.isArray(value) ? value.join(', ') : value);
        }
      }
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: (request.method ?? 'GET').toUpperCase(),
          headers,
          search: new URL(request.url ?? '/', 'http://subgraph').search,
          body: parseBody(Buffer.concat(chunks)),
        },
        context: async () => createContext(gone.signal),
      });
      response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
      if (answer.body.kind === 'complete') {
        response.end(answer.body.string);
        return;
      }
      for await (const chunk of answer.body.asyncIterator) {
        response.write(chunk);
      }
      response.end();
    }
  });
  server.keepAliveTimeout = 65_000; // longer than the gateway keeps idle sockets, so that the gateway closes first

  return {
    name,
    schema,
    execute,
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    close: async () => {
      if (server.listening) {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeIdleConnections();
        const force = setTimeout(() => server.closeAllConnections(), 5_000);
        await closed;
        clearTimeout(force);
      }
      await apollo.stop();
    },
  };
}

function maskError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { name, logger }: { name: string; logger: Logger },
): GraphQLFormattedError {
  const code = formatted.extensions?.code;
  if (isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR') {
    return formatted;
  }
  logger.error({ subgraph: name, err: (error as GraphQLError).originalError ?? error }, 'resolver failed');
  const masked = ERRORS.INTERNAL_SERVER_ERROR.create('The field could not be resolved.').toJSON();
  return { ...masked, ...(formatted.path === undefined ? {} : { path: formatted.path }) };
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) {
    return undefined;
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // Apollo Server answers 400 to a body that is not an object
  }
}

/** `max-age` of a Cache-Control header that allows shared caching, else 0. */
function readMaxAge(header: string | undefined): number {
  if (header === undefined || /\b(?:no-store|private)\b/.test(header)) {
    return 0;
  }
  return Number(/\bmax-age=(\d+)/.exec(header)?.[1] ?? 0);
}
