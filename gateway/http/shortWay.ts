import type { IncomingMessage, ServerResponse } from 'node:http';

import type { KnownRequest } from '../model/OperationEngine.ts';
import type { EdgeRequest } from './createEdge.ts';
import { mayBeForged, readGet, readPost, type TextOfHash } from './readShortRequest.ts';
import { keepTrace } from './requestTraces.ts';

/** Answers a request whose operation is known; undefined: take the long way. */
export type ShortWay = (
  request: KnownRequest,
  edge: EdgeRequest,
  accept: string | undefined,
) => Promise<ShortAnswer> | undefined;

export interface ShortAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  /** The body has been sent. */
  readonly release?: (() => void) | undefined;
}

/** Carries the token of somebody who may see the plan of the operation in `extensions.plan`. */
export const PLAN_HEADER = 'x-civigraph-plan';

/** Bodies that were read here before the long way was taken; its parser finds them instead of an empty stream. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

export function takeReadBody(request: IncomingMessage): Buffer | undefined {
  return bodies.get(request);
}

export interface ShortWayOptions {
  readonly path: string;
  readonly maxRequestBytes: number;
  readonly shortWay: ShortWay;
  readonly textOf: TextOfHash;
  readonly open: (request: IncomingMessage, response: ServerResponse) => EdgeRequest;
  readonly longWay: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onError: (error: unknown, request: EdgeRequest) => void;
  /** While the server stops, an answer takes its connection with it. Default: it never stops. */
  readonly isClosing?: () => boolean;
}

/** Bodies up to this size are sent as one text with the head: one buffer is cheaper to send than two. */
const SMALL_BYTES = 8 * 1024;

/** Restricts a request to the schema of one municipality. */
export const MUNICIPALITY_HEADER = 'x-municipality';

const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

/**
 * Takes the common shapes of a request, a POST of JSON with a known length and a GET with the hash of a persisted operation,
 * from the socket to the engine and back. Whatever is not exactly that, or not known, goes the long way, with the body that
 * was read.
 */
export function handleShortly(request: IncomingMessage, response: ServerResponse, options: ShortWayOptions): void {
  const { path, maxRequestBytes, textOf, longWay } = options;
  const { method, url = '', headers } = request;
  if (method === 'GET' && isAsked(url, path) && !wantsMore(headers) && !mayBeForged(headers) && !hasBody(headers)) {
    const known = readGet(url, textOf);
    if (known === undefined || !answerShortly(known, request, response, options)) {
      longWay(request, response);
    }
    return;
  }
  const length = Number(headers['content-length']);
  if (
    method !== 'POST' ||
    url !== path ||
    !JSON_TYPE.test(headers['content-type'] ?? '') ||
    headers['content-encoding'] !== undefined ||
    wantsMore(headers) ||
    !(length > 0 && length <= maxRequestBytes)
  ) {
    longWay(request, response);
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    const known = readPost(body, textOf);
    if (known === undefined || !answerShortly(known, request, response, options)) {
      bodies.set(request, body);
      longWay(request, response);
    }
  });
}

/** What the short way does not do. */
function wantsMore(headers: IncomingMessage['headers']): boolean {
  return headers[PLAN_HEADER] !== undefined || headers[MUNICIPALITY_HEADER] !== undefined;
}

function isAsked(url: string, path: string): boolean {
  return url.startsWith(path) && url[path.length] === '?';
}

function hasBody(headers: IncomingMessage['headers']): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** Whether it is answered here. */
function answerShortly(
  known: KnownRequest,
  request: IncomingMessage,
  response: ServerResponse,
  { shortWay, open, onError, isClosing = () => false }: ShortWayOptions,
): boolean {
  const edge = open(request, response);
  const answer = shortWay(known, edge, request.headers.accept);
  answer?.then(
    ({ status, type, body, release }) => {
      response.shouldKeepAlive &&= !isClosing();
      response.writeHead(status, {
        'content-type': type,
        'content-length': body.length,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': edge.requestId,
      });
      if (body.length <= SMALL_BYTES) {
        response.end(body.toString('latin1'), 'latin1');
        release?.();
      } else {
        response.end(body, release);
      }
      edge.trace?.end(status);
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
      edge.trace?.end(500);
    },
  );
  if (answer === undefined) {
    keepTrace(request, edge.trace);
  }
  return answer !== undefined;
}
