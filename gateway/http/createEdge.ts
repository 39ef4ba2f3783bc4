import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import { type Departure, OwnDeparture } from '../model/Departure.ts';
import type { HealthReport } from '../model/HealthReport.ts';
import type { ServerTrace } from '../model/RequestTrace.ts';
import { GRAPHIQL_PATH, type GraphiqlOptions, serveGraphiql } from './graphiqlPage.ts';
import type { TextOfHash } from './readShortRequest.ts';
import { keepTrace, keptTrace } from './requestTraces.ts';
import { type OptionsOf, serveModuleOptions } from './serveModuleOptions.ts';
import { type MunicipalitySdl, serveMunicipalitySchemas } from './serveMunicipalitySchemas.ts';
import { handleShortly, PLAN_HEADER, type ShortWay, takeReadBody } from './shortWay.ts';

export const GRAPHQL_PATH = '/graphql';

/** What the edge knows of a request when it hands it on. */
export interface EdgeRequest {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly deadlineAt: number;
  /** Aborts when the client leaves before its answer is complete. */
  readonly signal: Departure;
  /** Absent where no traces are collected. */
  readonly trace?: ServerTrace | undefined;
  /** What the client sent to see the plan. */
  readonly planToken?: string | undefined;
}

export interface EdgeOptions<Context extends object> {
  readonly apollo: ApolloServer<Context>;
  readonly createContext: (request: EdgeRequest) => Context;
  /** Begins the trace of a request. Absent: no traces are collected. */
  readonly trace?: ((request: IncomingMessage) => ServerTrace) | undefined;
  /** Answers requests whose operation is known before Fastify and Apollo Server see them. */
  readonly shortWay?: ShortWay | undefined;
  /** Texts of persisted operations. */
  readonly textOf: TextOfHash;
  readonly readHealth: () => HealthReport;
  /** Serve GraphiQL; absent: no page at all. */
  readonly graphiql?: GraphiqlOptions | undefined;
  /** Serve the API schema as a municipality has it; undefined: no such municipality. Absent: no such page. */
  readonly schemaOf?: ((slug: string) => MunicipalitySdl | undefined) | undefined;
  /** Serve the options of a module to its subgraph. Absent: no such page. */
  readonly optionsOf?: OptionsOf | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Cap on a request body. Default 256 KiB. */
  readonly maxRequestBytes?: number;
  /** Time that a client's request may take. Default 10,000. */
  readonly requestTimeoutMs?: number;
}

/** The HTTP edge: bounds, request ids, health, and GraphQL over HTTP through Apollo Server. */
export function createEdge<Context extends object>({
  apollo,
  createContext,
  trace,
  shortWay,
  textOf,
  readHealth,
  graphiql,
  schemaOf,
  optionsOf,
  clock,
  logger,
  maxRequestBytes = 256 * 1024,
  requestTimeoutMs = 10_000,
}: EdgeOptions<Context>): FastifyInstance {
  // A kept connection would hold the end of the process up until it is idle for long enough.
  let isClosing = false;
  const server = Fastify({
    logger: false,
    bodyLimit: maxRequestBytes,
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    frameworkErrors: refuse, // what fails before there is a route, such as a URL that does not decode
    return503OnClosing: false, // what has arrived in part when the server begins to stop is answered too
    genReqId: ({ headers }) => readRequestId(headers['x-request-id']) ?? randomUUID(),
    ...(shortWay === undefined
      ? {}
      : {
          serverFactory: (longWay: RequestListener) =>
            createServer({ requestTimeout: 15_000, keepAliveTimeout: 65_000 }, (request, response) =>
              handleShortly(request, response, {
                path: GRAPHQL_PATH,
                maxRequestBytes,
                shortWay,
                textOf,
                longWay,
                open: (incoming) => ({
                  requestId: readRequestId(incoming.headers['x-request-id']) ?? randomUUID(),
                  deadlineAt: clock.now() + requestTimeoutMs,
                  signal: departureOf(response),
                  trace: trace?.(incoming),
                }),
                onError: (error, { requestId }) => logger.error({ err: error, requestId }, 'request failed'),
                isClosing: () => isClosing,
              }),
            ),
        }),
  });
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { bodyLimit: maxRequestBytes }, (request, stream, done) => {
    const parse = (body: Buffer): void => {
      try {
        done(null, JSON.parse(body.toString('utf8')));
      } catch {
        done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }));
      }
    };
    const read = takeReadBody(request.raw);
    if (read !== undefined) {
      parse(read);
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxRequestBytes) {
        chunks.push(chunk);
      }
    });
    stream.on('error', done);
    stream.on('end', () => {
      if (bytes > maxRequestBytes) {
        done(Object.assign(new Error(`The body is larger than ${maxRequestBytes} bytes.`), { statusCode: 413 }));
      } else {
        parse(Buffer.concat(chunks));
      }
    });
  });
  server.server.headersTimeout = 10_000;

  server.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) {
      void reply.header('cache-control', 'no-store');
    }
  });
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
  });

  server.addHook('preClose', async () => {
    isClosing = true;
  });
  server.addHook('onSend', async (_request, reply) => {
    if (isClosing) {
      void reply.header('connection', 'close');
    }
  });

  if (trace !== undefined) {
    server.addHook('onResponse', async ({ raw }, { statusCode }) => keptTrace(raw)?.end(statusCode));
  }

  server.setErrorHandler(refuse);

  server.setNotFoundHandler((request, reply) => {
    void reply
      .status(404)
      .type('application/json; charset=utf-8')
      .send({
        errors: [
          {
            message: `Nothing lives here; GraphQL is at ${GRAPHQL_PATH}.`,
            extensions: { code: 'BAD_REQUEST', requestId: request.id },
          },
        ],
      });
  });

  server.get('/health/live', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  server.get('/health/ready', async (_request, reply) => {
    const report = readHealth();
    return reply
      .header('cache-control', 'no-store')
      .status(report.status === 'unavailable' ? 503 : 200)
      .send(report);
  });

  if (graphiql !== undefined) {
    serveGraphiql(server, graphiql);
    server.get('/', async (_request, reply) => reply.redirect(GRAPHIQL_PATH));
  }

  if (schemaOf !== undefined) {
    serveMunicipalitySchemas(server, schemaOf);
  }
  if (optionsOf !== undefined) {
    serveModuleOptions(server, optionsOf);
  }

  server.route({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    preHandler: async ({ method, body }) => {
      if (method === 'POST' && (typeof body !== 'object' || body === null || Array.isArray(body))) {
        throw Object.assign(new Error('The body must be one JSON object with a "query".'), { statusCode: 400 });
      }
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) =>
        createContext({
          requestId: request.id,
          deadlineAt: clock.now() + requestTimeoutMs,
          signal: departureOf(reply.raw),
          trace: traceOfLongWay(request.raw),
          planToken: request.headers[PLAN_HEADER]?.toString(),
        }),
    }),
  });
  return server;

  function traceOfLongWay(request: IncomingMessage): ServerTrace | undefined {
    const begun = keptTrace(request) ?? trace?.(request);
    keepTrace(request, begun);
    return begun;
  }

  function refuse(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      logger.error({ err: error, requestId: request.id }, 'request failed');
    }
    const registered =
      status >= 500
        ? ERRORS.INTERNAL_SERVER_ERROR.create('The gateway could not answer.')
        : ERRORS.BAD_REQUEST.create(error.message);
    void reply
      .status(status)
      .type('application/json; charset=utf-8')
      .send({
        errors: [{ message: registered.message, extensions: { ...registered.extensions, requestId: request.id } }],
      });
  }
}

/** Aborts when the connection closes before the answer was written. */
function departureOf(response: ServerResponse): Departure {
  const departure = new OwnDeparture();
  response.once('close', () => {
    if (!response.writableFinished) {
      departure.abort();
    }
  });
  return departure;
}

/** The id that a caller gave, when it is one that can stand in logs and headers as it is. */
function readRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w-]{1,64}$/.test(header) ? header : undefined;
}
