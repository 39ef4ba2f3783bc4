import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  wrap,
} from 'cockatiel';
import { GraphQLError } from 'graphql';
import { Pool } from 'undici';

import { ERRORS } from '../../schema/errorCodes.ts';
import { isJsonObject } from '../model/Json.ts';
import type { SubgraphTransport, TransportAnswer, TransportRequest } from '../model/SubgraphTransport.ts';

/** Nobody waits for the answer any more: no failure of the subgraph, and nobody to tell. */
class CallerLeftError extends Error {
  override readonly name = 'CallerLeftError';
}

export interface HttpTransportOptions {
  /** Name in the supergraph, for messages. */
  readonly subgraph: string;
  /** Where the subgraph listens; http or https. */
  readonly url: string;
  /** Cap on an answer's body. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Requests in flight; as many more may wait. Default 50. */
  readonly maxConcurrent?: number;
  /** Consecutive failures that open the breaker, and how long it stays open. Default 5 and 5,000 ms. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
}

/**
 * POST with JSON over keep-alive connections of undici (GraphQL over HTTP). One deadline covers connecting, waiting and
 * the last byte. Redirects and compressed answers are refused. A query is sent again once when the socket broke before
 * an answer began; a mutation never is.
 */
export function createHttpTransport({
  subgraph,
  url,
  maxBytes = 10 * 1024 * 1024,
  maxConcurrent = 50,
  breaker = { failures: 5, openMs: 5_000 },
}: HttpTransportOptions): SubgraphTransport {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections: maxConcurrent,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    connect: { timeout: 1_000 },
  });
  const policy = wrap(
    bulkhead(maxConcurrent, maxConcurrent),
    circuitBreaker(
      handleWhen((error) => !(error instanceof CallerLeftError)),
      { halfOpenAfter: breaker.openMs, breaker: new ConsecutiveBreaker(breaker.failures) },
    ),
  );

  async function send(request: TransportRequest): Promise<TransportAnswer> {
    try {
      return await policy.execute(() => sendInTime(request));
    } catch (error) {
      if (error instanceof GraphQLError) {
        throw error;
      }
      if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) {
        throw ERRORS.SUBGRAPH_UNAVAILABLE.create(`The subgraph "${subgraph}" is not answering at the moment.`, {
          subgraph,
        });
      }
      throw ERRORS.SUBGRAPH_UNAVAILABLE.create(
        `The subgraph "${subgraph}" could not be reached.`,
        { subgraph },
        { cause: error },
      );
    }
  }

  async function sendInTime(request: TransportRequest): Promise<TransportAnswer> {
    const controller = new AbortController();
    const leave = () => controller.abort();
    request.signal.addEventListener('abort', leave, { once: true });
    const timer = setTimeout(leave, request.timeoutMs);
    try {
      return await sendOnce(request, controller.signal).catch((error: unknown) => {
        if (request.kind === 'mutation' || !isBrokenSocket(error) || controller.signal.aborted) {
          throw error;
        }
        return sendOnce(request, controller.signal);
      });
    } catch (error) {
      if (request.signal.aborted) {
        throw new CallerLeftError();
      }
      if (controller.signal.aborted) {
        throw ERRORS.SUBGRAPH_TIMEOUT.create(
          `The subgraph "${subgraph}" did not answer within ${request.timeoutMs} ms.`,
          { subgraph },
        );
      }
      throw error;
    } finally {
      clearTimeout(timer);
      request.signal.removeEventListener('abort', leave);
    }
  }

  async function sendOnce(request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer> {
    const { operation: query, operationName, variables } = request;
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path: `${pathname}${search}`,
      headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity' },
      body: JSON.stringify(operationName === undefined ? { query, variables } : { query, operationName, variables }),
      signal,
    });
    const refuse = (reason: string) => {
      body.on('error', () => {}).destroy(); // the rest of the body is of no interest, nor is how it ends
      return ERRORS.SUBGRAPH_INVALID_RESPONSE.create(`The subgraph "${subgraph}" ${reason}.`, { subgraph });
    };
    if (statusCode >= 500) {
      refuse('');
      throw ERRORS.SUBGRAPH_UNAVAILABLE.create(`The subgraph "${subgraph}" answered with status ${statusCode}.`, {
        subgraph,
      });
    }
    if (statusCode >= 300 && statusCode < 400) {
      throw refuse(`answered with the redirect ${statusCode}, which is not followed`);
    }
    if (!/^application\/(?:graphql-response\+)?json\b/i.test(String(headers['content-type'] ?? ''))) {
      throw refuse(`answered with status ${statusCode} and something that is not JSON`);
    }
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      throw refuse('compressed its answer, which was not asked for');
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw refuse(`answered with more than ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
    return readAnswer(Buffer.concat(chunks), { subgraph, statusCode, cacheControl: headers['cache-control'] });
  }

  return { send, close: () => pool.close() };
}

function readAnswer(
  body: Buffer,
  {
    subgraph,
    statusCode,
    cacheControl,
  }: { subgraph: string; statusCode: number; cacheControl: string | string[] | undefined },
): TransportAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw ERRORS.SUBGRAPH_INVALID_RESPONSE.create(`The subgraph "${subgraph}" answered something that is not JSON.`, {
      subgraph,
    });
  }
  if (!isJsonObject(answer) || !(isJsonObject(answer.data) || hasErrors(answer.errors))) {
    throw ERRORS.SUBGRAPH_INVALID_RESPONSE.create(
      `The subgraph "${subgraph}" answered with status ${statusCode} and neither data nor errors.`,
      { subgraph },
    );
  }
  return {
    data: answer.data,
    errors: hasErrors(answer.errors) ? answer.errors : undefined,
    maxAgeSeconds: hasErrors(answer.errors) ? 0 : readMaxAge(String(cacheControl ?? '')),
  };
}

function hasErrors(errors: unknown): errors is readonly unknown[] {
  return Array.isArray(errors) && errors.length > 0;
}

/** The shared freshness of an answer in seconds (RFC 9111, section 5.2.2); 0 when it may not be kept. */
function readMaxAge(header: string): number {
  if (/\b(?:no-store|no-cache|private)\b/i.test(header)) {
    return 0;
  }
  return Number(/\bs-maxage=(\d+)/i.exec(header)?.[1] ?? /\bmax-age=(\d+)/i.exec(header)?.[1] ?? 0);
}

function isBrokenSocket(error: unknown): boolean {
  const code: unknown = isJsonObject(error) ? error.code : undefined;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
