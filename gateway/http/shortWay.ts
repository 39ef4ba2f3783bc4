import type { IncomingMessage, ServerResponse } from 'node:http';

import { isJsonObject, type JsonObject } from '../model/Json.ts';
import type { EdgeRequest } from './createEdge.ts';

/** Answers a request whose operation is known; undefined: take the long way. */
export type ShortWay = (
  request: { readonly query: string; readonly operationName: string | undefined; readonly variables: JsonObject },
  edge: EdgeRequest,
  accept: string | undefined,
) => Promise<ShortAnswer> | undefined;

export interface ShortAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** Bodies that were read here before the long way was taken; its parser finds them instead of an empty stream. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

export function takeReadBody(request: IncomingMessage): Buffer | undefined {
  return bodies.get(request);
}

export interface ShortWayOptions {
  readonly path: string;
  readonly maxRequestBytes: number;
  readonly shortWay: ShortWay;
  readonly open: (request: IncomingMessage, response: ServerResponse) => EdgeRequest;
  readonly longWay: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onError: (error: unknown, request: EdgeRequest) => void;
  /** While the server stops, an answer takes its connection with it. Default: it never stops. */
  readonly isClosing?: () => boolean;
}

/**
 * Takes the common shape of a request, a POST of JSON with a known length, from the socket to the engine and back. Whatever
 * is not exactly that, or not known, goes the long way, with the body that was read.
 */
export function handleShortly(request: IncomingMessage, response: ServerResponse, options: ShortWayOptions): void {
  const { path, maxRequestBytes, shortWay, open, longWay, onError, isClosing = () => false } = options;
  const { headers } = request;
  const length = Number(headers['content-length']);
  if (
    request.method !== 'POST' ||
    request.url !== path ||
    headers['content-type'] !== 'application/json' ||
    headers['content-encoding'] !== undefined ||
    !(length > 0 && length <= maxRequestBytes)
  ) {
    longWay(request, response);
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    const known = readKnown(body);
    const edge = known === undefined ? undefined : open(request, response);
    const answer = known === undefined || edge === undefined ? undefined : shortWay(known, edge, headers.accept);
    if (answer === undefined || edge === undefined) {
      bodies.set(request, body);
      longWay(request, response);
      return;
    }
    answer.then(
      ({ status, type, body: text }) => {
        response.shouldKeepAlive &&= !isClosing();
        response.writeHead(status, {
          'content-type': type,
          'content-length': text.length,
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          'x-request-id': edge.requestId,
        });
        response.end(text);
      },
      (error) => {
        if (!edge.signal.aborted) {
          onError(error, edge);
          response
            .writeHead(500, { 'content-type': 'application/json; charset=utf-8', 'x-request-id': edge.requestId })
            .end(
              '{"errors":[{"message":"The gateway could not answer.","extensions":{"code":"INTERNAL_SERVER_ERROR","retryable":true}}]}',
            );
        }
      },
    );
  });
}

/** The request in a body of the common shape: a query, perhaps a name and variables, nothing else. */
function readKnown(body: Buffer): Parameters<ShortWay>[0] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || typeof value.query !== 'string') {
    return undefined;
  }
  const { query, operationName = null, variables = null, ...others } = value;
  if (
    Object.keys(others).length > 0 ||
    (operationName !== null && typeof operationName !== 'string') ||
    (variables !== null && !isJsonObject(variables))
  ) {
    return undefined;
  }
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} };
}
