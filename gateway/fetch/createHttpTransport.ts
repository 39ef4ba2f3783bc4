import type { BytesAnswer, BytesRequest, SubgraphTransport } from '../model/SubgraphTransport.ts';
import { toBytes } from '../model/toBytes.ts';
import { type BreakerOptions, createBreaker } from './createBreaker.ts';
import { createBulkhead } from './createBulkhead.ts';
import { createEgress } from './createEgress.ts';
import { createRetryBudget } from './createRetryBudget.ts';
import { createUndiciClient, type UndiciClientOptions } from './createUndiciClient.ts';
import { createWatch } from './createWatch.ts';
import { Exchange, type ExchangeRules } from './Exchange.ts';
import type { HttpClient } from './HttpClient.ts';
import { createHttp1Client } from './http1/createHttp1Client.ts';

export interface HttpTransportOptions {
  /** Name in the supergraph, for messages. */
  readonly subgraph: string;
  /** Where the subgraph listens; http or https. */
  readonly url: string;
  /** Cap on an answer's body. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Requests in flight. Default 50. */
  readonly maxConcurrent?: number;
  /** Requests that may wait for others to end, and how long. Default 50 and 100 ms. */
  readonly queue?: { readonly length: number; readonly waitMs: number };
  /** When the breaker opens, and for how long. */
  readonly breaker?: BreakerOptions;
  /** The only networks that may be connected to, such as `10.0.0.0/8`. Default: all that can be a subgraph's. */
  readonly networks?: readonly string[] | undefined;
  /** Certificates that are trusted besides those of Node.js, PEM. */
  readonly ca?: string | undefined;
  /** The HTTP client below. Default: our own for http, undici for https. */
  readonly createClient?: (options: UndiciClientOptions) => HttpClient;
}

/**
 * POST with JSON over kept connections (GraphQL over HTTP). One deadline covers waiting, connecting and the last byte. Redirects
 * and compressed answers are refused. A query is sent again once when its connection ended before the answer; a mutation never is.
 */
export function createHttpTransport({
  subgraph,
  url: address,
  maxBytes = 10 * 1024 * 1024,
  maxConcurrent = 50,
  queue = { length: 50, waitMs: 100 },
  breaker,
  networks,
  ca,
  createClient,
}: HttpTransportOptions): SubgraphTransport {
  const url = new URL(address);
  const create = createClient ?? (url.protocol === 'https:' ? createUndiciClient : createHttp1Client);
  const client = create({
    url,
    maxBytes,
    maxConnections: maxConcurrent,
    connectTimeoutMs: 1_000,
    idleMs: 4_000,
    isAllowedAddress: createEgress(networks),
    ca,
  });
  const rules: ExchangeRules = {
    subgraph,
    client,
    bulkhead: createBulkhead({ places: maxConcurrent, queue: queue.length }),
    queueMs: queue.waitMs,
    breaker: createBreaker(breaker),
    budget: createRetryBudget(),
    watch: createWatch(),
  };

  const sendBytes = (request: BytesRequest): Promise<BytesAnswer> =>
    new Promise((resolve, reject) => new Exchange(rules, request, resolve, reject).start());

  return {
    sendBytes,
    async send({ operation: query, operationName, variables, kind, timeoutMs, trace, signal }) {
      const text = JSON.stringify(
        operationName === undefined ? { query, variables } : { query, operationName, variables },
      );
      const answer = await sendBytes({ body: toBytes(text), kind, timeoutMs, trace, signal });
      try {
        return answer.read();
      } finally {
        answer.release();
      }
    },
    close: () => client.close(),
  };
}
