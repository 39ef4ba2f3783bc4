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
import { type Dispatcher, Pool } from 'undici';

import { ERRORS } from '../../schema/errorCodes.ts';
import { isJsonObject } from '../model/Json.ts';
import type {
  BytesAnswer,
  BytesRequest,
  SubgraphTransport,
  TransportAnswer,
  TransportRequest,
} from '../model/SubgraphTransport.ts';

/** What travels with every request; answers are asked for as they are, so that the cap counts what is kept. */
const HEADERS = { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity' };

/** Refuses bytes that are no UTF-8, and keeps nothing between calls. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** One request on its way. */
interface Exchange {
  readonly body: Buffer;
  readonly kind: 'query' | 'mutation';
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

interface ExchangedAnswer {
  readonly statusCode: number;
  readonly cacheControl: string;
  readonly bytes: Buffer;
}

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
  const path = `${pathname}${search}`;
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

  /** An exchange within the bulkhead, the breaker and the deadline; every failure is one of the register's. */
  async function exchange(exchanged: Exchange): Promise<ExchangedAnswer> {
    try {
      return await policy.execute(() => exchangeInTime(exchanged));
    } catch (error) {
      if (error instanceof GraphQLError || error instanceof CallerLeftError) {
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

  async function exchangeInTime({ body, kind, timeoutMs, signal }: Exchange): Promise<ExchangedAnswer> {
    const deadline = Date.now() + timeoutMs;
    try {
      return await exchangeOnce(body, timeoutMs, signal);
    } catch (error) {
      if (kind === 'mutation' || !isBrokenSocket(error) || signal.aborted) {
        throw error;
      }
      return await exchangeOnce(body, Math.max(deadline - Date.now(), 1), signal);
    }
  }

  function exchangeOnce(body: Buffer, timeoutMs: number, signal: AbortSignal): Promise<ExchangedAnswer> {
    return new Promise((resolve, reject) => {
      let controller: Dispatcher.DispatchController | undefined;
      let answered: { readonly statusCode: number; readonly cacheControl: string } | undefined;
      const chunks: Buffer[] = [];
      let bytes = 0;

      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
      };
      const fail = (error: Error): void => {
        settle();
        reject(error);
        controller?.abort(error);
      };
      const leave = (): void => fail(new CallerLeftError());
      const timer = setTimeout(
        () =>
          fail(
            ERRORS.SUBGRAPH_TIMEOUT.create(`The subgraph "${subgraph}" did not answer within ${timeoutMs} ms.`, {
              subgraph,
            }),
          ),
        timeoutMs,
      );
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });

      pool.dispatch(
        { origin, path, method: 'POST', headers: HEADERS, body },
        {
          onRequestStart(started) {
            controller = started;
          },
          onResponseStart(_controller, statusCode, headers) {
            const refusal = refusalOf(statusCode, headers);
            if (refusal !== undefined) {
              fail(refusal);
            } else {
              answered = { statusCode, cacheControl: String(headers['cache-control'] ?? '') };
            }
          },
          onResponseData(_controller, chunk) {
            bytes += chunk.length;
            if (bytes > maxBytes) {
              fail(invalid(`answered with more than ${maxBytes} bytes`));
            } else {
              chunks.push(chunk);
            }
          },
          onResponseEnd() {
            settle();
            const [first] = chunks;
            if (answered !== undefined) {
              resolve({
                ...answered,
                bytes: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks),
              });
            }
          },
          onResponseError(_controller, error) {
            settle();
            reject(error);
          },
        },
      );
    });
  }

  /** Why an answer is refused by its head alone. */
  function refusalOf(
    statusCode: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Error | undefined {
    if (statusCode >= 500) {
      return ERRORS.SUBGRAPH_UNAVAILABLE.create(`The subgraph "${subgraph}" answered with status ${statusCode}.`, {
        subgraph,
      });
    }
    if (statusCode >= 300 && statusCode < 400) {
      return invalid(`answered with the redirect ${statusCode}, which is not followed`);
    }
    if (!/^application\/(?:graphql-response\+)?json\b/i.test(String(headers['content-type'] ?? ''))) {
      return invalid(`answered with status ${statusCode} and something that is not JSON`);
    }
    return (headers['content-encoding'] ?? 'identity') === 'identity'
      ? undefined
      : invalid('compressed its answer, which was not asked for');
  }

  function invalid(reason: string): Error {
    return ERRORS.SUBGRAPH_INVALID_RESPONSE.create(`The subgraph "${subgraph}" ${reason}.`, { subgraph });
  }

  async function send({
    operation: query,
    operationName,
    variables,
    ...rest
  }: TransportRequest): Promise<TransportAnswer> {
    const text = JSON.stringify(
      operationName === undefined ? { query, variables } : { query, operationName, variables },
    );
    return readAnswer(await exchange({ ...rest, body: Buffer.from(text, 'utf8') }), subgraph);
  }

  async function sendBytes({ body, ...rest }: BytesRequest): Promise<BytesAnswer> {
    const answer = await exchange({ ...rest, body: Buffer.from(body, 'latin1') });
    return { bytes: answer.bytes, read: () => readAnswer(answer, subgraph) };
  }

  return { send, sendBytes, close: () => pool.close() };
}

function readAnswer({ bytes, statusCode, cacheControl }: ExchangedAnswer, subgraph: string): TransportAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(UTF8.decode(bytes));
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
    maxAgeSeconds: hasErrors(answer.errors) ? 0 : readMaxAge(cacheControl),
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
