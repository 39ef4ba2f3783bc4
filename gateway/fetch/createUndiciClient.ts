import { buildConnector, Client, type Dispatcher, Pool } from 'undici';

import { REQUEST_TIMEOUT_HEADER } from '../../schema/requestTimeout.ts';
import {
  type HttpCall,
  type HttpClient,
  type HttpClientOptions,
  HttpFailure,
  type HttpHead,
  REQUEST_HEADERS,
  type Sending,
} from './HttpClient.ts';

export interface UndiciClientOptions extends HttpClientOptions {
  /** Connections open at once; over HTTP/2 one carries many requests. */
  readonly maxConnections: number;
}

/** HTTP through undici: TLS, and HTTP/2 where the server offers it. */
export function createUndiciClient({
  url,
  maxBytes,
  maxConnections,
  connectTimeoutMs,
  idleMs,
  isAllowedAddress,
  ca,
}: UndiciClientOptions): HttpClient {
  const { origin, pathname, search } = url;
  const path = `${pathname}${search}`;
  const connectAnywhere = buildConnector({
    timeout: connectTimeoutMs,
    allowH2: true,
    ...(ca === undefined ? {} : { ca }),
  });
  const options: Client.Options = {
    pipelining: 1,
    allowH2: true,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    maxHeaderSize: 16 * 1024,
    connect: (target, callback) =>
      connectAnywhere(target, (...result) => {
        const [error, socket] = result;
        if (error === null && !isAllowedAddress(socket.remoteAddress ?? '')) {
          socket.destroy();
          callback(new HttpFailure('unreachable', 'The address that was reached is not one to talk to.'), null);
        } else {
          callback(...result);
        }
      }),
  };
  const pool = new Pool(origin, { ...options, connections: maxConnections });
  const underWay = new Set<Sending>();
  let allEnded = (): void => {};
  const onEnd = (sending: Sending): void => {
    underWay.delete(sending);
    if (underWay.size === 0) {
      allEnded();
    }
  };

  return {
    send(call) {
      const sending = new UndiciSending(call, maxBytes, onEnd);
      underWay.add(sending);
      const dispatcher = call.isFresh ? new Client(origin, options) : pool;
      dispatcher.dispatch(
        {
          origin,
          path,
          method: 'POST',
          headers: headersOf(call),
          body: Buffer.from(call.body, 'latin1'),
        },
        sending,
      );
      if (dispatcher !== pool) {
        void dispatcher.close(); // when this request has ended
      }
      return sending;
    },
    async close() {
      if (underWay.size > 0) {
        await new Promise<void>((resolve) => {
          allEnded = resolve;
        });
      }
      await pool.destroy();
    },
  };
}

/** One request in undici's hands. */
class UndiciSending implements Sending, Dispatcher.DispatchHandler {
  readonly #maxBytes: number;
  readonly #onEnd: (sending: Sending) => void;
  /** Undefined once the call has ended. */
  #call: HttpCall | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(call: HttpCall, maxBytes: number, onEnd: (sending: Sending) => void) {
    this.#call = call;
    this.#maxBytes = maxBytes;
    this.#onEnd = onEnd;
  }

  cancel(): void {
    this.#end();
    this.#controller?.abort(new Error('Nobody waits for the answer any more.'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#call === undefined) {
      controller.abort(new Error('Nobody waits for the answer any more.'));
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (statusCode < 200) {
      return; // an interim head; the answer's own is still to come
    }
    const text = (name: string): string => String(headers[name] ?? '');
    const head: HttpHead = {
      statusCode,
      contentType: text('content-type'),
      contentEncoding: text('content-encoding'),
      cacheControl: text('cache-control'),
      retryAfter: text('retry-after'),
    };
    const refusal =
      Number(text('content-length')) > this.#maxBytes ? tooLarge(this.#maxBytes) : this.#call?.onHead(head);
    if (refusal !== undefined) {
      this.#fail(refusal);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) {
      this.#fail(tooLarge(this.#maxBytes));
    } else {
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    const call = this.#end();
    const [first] = this.#chunks;
    call?.onAnswer(this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(toFailure(error));
  }

  #fail(error: Error): void {
    const call = this.#end();
    this.#controller?.abort(error);
    call?.onFailure(error);
  }

  #end(): HttpCall | undefined {
    const call = this.#call;
    this.#call = undefined;
    this.#onEnd(this);
    return call;
  }
}

/** Undici does not say whether a connection was kept, so one that ends before its answer does is tried again within the budget only. */
function toFailure(error: Error): Error {
  if (error instanceof HttpFailure) {
    return error;
  }
  const { code = '' } = error as NodeJS.ErrnoException;
  const isMalformed = error.name === 'HTTPParserError' || MALFORMED.has(code);
  const isBroken = BROKEN.has(code);
  const kind = isMalformed ? 'malformed' : isBroken ? 'broken' : 'unreachable';
  return new HttpFailure(kind, 'The connection ended before the answer did.', { cause: error });
}

const MALFORMED: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);
const BROKEN: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'UND_ERR_INFO', 'ECONNRESET', 'EPIPE']);

function tooLarge(maxBytes: number): HttpFailure {
  return new HttpFailure('too-large', `The answer has more than ${maxBytes} bytes.`);
}

function headersOf({ timeLeftMs, trace }: HttpCall): Record<string, string> {
  return {
    ...REQUEST_HEADERS,
    [REQUEST_TIMEOUT_HEADER]: String(timeLeftMs),
    ...(trace === undefined ? {} : { traceparent: trace.traceparent }),
    ...(trace?.tracestate === undefined ? {} : { tracestate: trace.tracestate }),
  };
}
