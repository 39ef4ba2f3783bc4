import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import fetch, { type Response } from 'node-fetch';

import type { Logger } from '../logger/Logger.ts';
import { toUrl } from '../url/toUrl.ts';
import { createHostLimits } from './createHostLimits.ts';
import { startDeadline } from './deadline.ts';
import {
  type OutboundAnswer,
  OutboundError,
  type OutboundHttp,
  type OutboundRequest,
  type Validators,
} from './OutboundHttp.ts';
import { readRetryAfter } from './readRetryAfter.ts';

export interface OutboundHttpOptions {
  readonly logger: Logger;
  /** Ours, for the User-Agent header, so that the other side can tell who asks. */
  readonly version?: string;
  /** Requests to one host at the same time. Default 6. */
  readonly maxConcurrencyPerHost?: number;
  /** Requests that wait for one host; further ones are refused. Default 1,000. */
  readonly maxQueuePerHost?: number;
  /** Pause before the first retry; it doubles, and half of it is random. Default 300. */
  readonly retryDelayMs?: number;
}

const DEFAULT_DEADLINE_MS = 15_000;
const DEFAULT_MAX_BYTES = 20 * 1024 * 1024;
const RETRIES = 2;
const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CODINGS: ReadonlySet<string> = new Set(['', 'identity', 'gzip', 'x-gzip', 'deflate', 'x-deflate', 'br']);

/** What one try gave: an answer, or a failure that may be worth another try. */
type Attempt =
  | { readonly kind: 'answer'; readonly answer: OutboundAnswer }
  | {
      readonly kind: 'failure';
      readonly error: OutboundError;
      readonly isRetried: boolean;
      readonly retryAfterMs?: number;
    };

/** GETs over node-fetch; see OutboundHttp for what they promise. */
export function createOutboundHttp({
  logger,
  version,
  maxConcurrencyPerHost = 6,
  maxQueuePerHost = 1_000,
  retryDelayMs = 300,
}: OutboundHttpOptions): OutboundHttp {
  const userAgent = version === undefined ? 'Civigraph' : `Civigraph/${version}`;
  const limits = createHostLimits({ maxConcurrency: maxConcurrencyPerHost, maxQueue: maxQueuePerHost });
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });

  return {
    get: async (request) => {
      const target = readTarget(request.url);
      const deadline = startDeadline(request.deadlineMs ?? DEFAULT_DEADLINE_MS, request.signal);
      try {
        for (let attempt = 0; ; attempt += 1) {
          const result = await limits.run(target.url.host, deadline, () => tryOnce(target, request, deadline.signal));
          if (result === 'full') {
            throw new OutboundError(
              'refused',
              `${target.name}: ${maxQueuePerHost} requests wait for this host already.`,
            );
          }
          if (result.kind === 'answer') {
            return result.answer;
          }
          const pauseMs = result.retryAfterMs ?? retryDelayMs * 2 ** attempt * (0.5 + Math.random() / 2);
          if (!result.isRetried || attempt === RETRIES || pauseMs >= deadline.remainingMs()) {
            throw result.error;
          }
          logger.debug({ reason: result.error.message, attempt, pauseMs }, 'outbound request is tried again');
          await deadline.pause(pauseMs);
        }
      } catch (error) {
        throw deadline.signal.aborted ? toDeadlineError(target.name, deadline.isOver()) : error;
      } finally {
        deadline.end();
      }
    },
  };

  async function tryOnce(target: Target, request: OutboundRequest, deadline: AbortSignal): Promise<Attempt> {
    const { name, url, authorization } = target;
    const { validators, acceptStatuses = [], maxBytes = DEFAULT_MAX_BYTES } = request;
    const attempt = new AbortController(); // closes the connection of an answer whose body is not wanted
    const abort = () => attempt.abort();
    deadline.addEventListener('abort', abort, { once: true });
    try {
      const response = await fetch(url, {
        headers: {
          accept: '*/*',
          ...authorization,
          ...request.headers,
          ...toConditions(validators),
          'user-agent': userAgent,
        },
        redirect: 'manual',
        size: maxBytes,
        agent: url.protocol === 'http:' ? httpAgent : httpsAgent,
        signal: attempt.signal,
      });
      const { status } = response;
      if (status === 304 && validators !== undefined) {
        return { kind: 'answer', answer: { kind: 'unchanged' } };
      }
      if (!(response.ok || acceptStatuses.includes(status))) {
        attempt.abort();
        return refuseStatus(name, response);
      }
      if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
        attempt.abort();
        return fail(tooLarge(name, maxBytes));
      }
      const coding = response.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
      if (!CODINGS.has(coding)) {
        attempt.abort();
        return fail(
          new OutboundError('network', `${name}: the answer has the unknown coding "${coding.slice(0, 40)}".`),
        );
      }
      return { kind: 'answer', answer: toAnswer(response, Buffer.from(await response.arrayBuffer())) };
    } catch (error) {
      if (deadline.aborted) {
        throw error; // `get` says what happened
      }
      attempt.abort();
      return readField(error, 'type') === 'max-size' ? fail(tooLarge(name, maxBytes)) : failNetwork(name, error);
    } finally {
      deadline.removeEventListener('abort', abort);
    }
  }
}

interface Target {
  /** Without credentials. */
  readonly url: URL;
  readonly authorization: Readonly<Record<string, string>>;
  /** Host and path, for messages. */
  readonly name: string;
}

function readTarget(text: string): Target {
  const url = toUrl(text);
  if (url === undefined) {
    throw new OutboundError('refused', 'The address of an outbound request is not a URL.');
  }
  const name = `${url.host}${url.pathname}`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OutboundError('refused', `${name}: only http and https are fetched, not "${url.protocol}".`);
  }
  const credentials = `${decodeCredential(url.username)}:${decodeCredential(url.password)}`;
  url.username = '';
  url.password = '';
  url.hash = '';
  return {
    url,
    name,
    authorization:
      credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` },
  };
}

/** Percent-decoded; a stray percent sign stands for itself. */
function decodeCredential(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toConditions({ etag, lastModified }: Validators = {}): Record<string, string> {
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  };
}

function toAnswer(response: Response, body: Buffer): OutboundAnswer {
  const etag = response.headers.get('etag');
  const lastModified = response.headers.get('last-modified');
  return {
    kind: 'modified',
    status: response.status,
    body,
    contentType: response.headers.get('content-type') ?? '',
    validators: {
      ...(etag === null ? {} : { etag }),
      ...(lastModified === null ? {} : { lastModified }),
    },
  };
}

function refuseStatus(name: string, { status, headers }: Response): Attempt {
  if (REDIRECTS.has(status)) {
    return fail(
      new OutboundError('redirect', `${name}: answered with a redirect (${status}), which is not followed.`, {
        status,
      }),
    );
  }
  const error = new OutboundError('status', `${name}: answered with status ${status}.`, { status });
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), Date.now());
  return {
    kind: 'failure',
    error,
    isRetried: RETRIED_STATUSES.has(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Without the error as its cause: its message holds the whole URL. */
function failNetwork(name: string, error: unknown): Attempt {
  const code = readField(error, 'code') ?? readField(error, 'name') ?? 'unknown';
  return {
    kind: 'failure',
    error: new OutboundError('network', `${name}: the connection failed (${code}).`),
    isRetried: true,
  };
}

function tooLarge(name: string, maxBytes: number): OutboundError {
  return new OutboundError('too-large', `${name}: the answer is longer than ${maxBytes} bytes.`);
}

function toDeadlineError(name: string, isOver: boolean): OutboundError {
  return isOver
    ? new OutboundError('timeout', `${name}: no complete answer within the deadline.`)
    : new OutboundError('aborted', `${name}: the request was called off.`);
}

function fail(error: OutboundError): Attempt {
  return { kind: 'failure', error, isRetried: false };
}

function readField(error: unknown, field: 'code' | 'name' | 'type'): string | undefined {
  const value = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : undefined;
}
