import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';

import pLimit from 'p-limit';

import { type OutboundAnswer, OutboundError, type OutboundHttp } from '../../../platform/outbound/OutboundHttp.ts';
import { PayloadError, readJson } from '../parse/readJson.ts';

/** What one path of the CMS answered. */
export type CmsAnswer =
  | { readonly kind: 'payload'; readonly payload: unknown; readonly bodyHash: string }
  /** 404: the CMS said so itself (a language, an archived region), or it knows no such path at all. */
  | { readonly kind: 'missing'; readonly reason: string; readonly isArchived: boolean }
  | { readonly kind: 'failed'; readonly reason: string };

export interface CmsClient {
  /** GETs `/api/v3/<segments>/`; segments are encoded. Never rejects, except when the signal aborts. */
  get(segments: readonly string[], query?: string): Promise<CmsAnswer>;
}

/** As many as the outbound client lets through to one host: what waits here does not use up its deadline. */
const MAX_REQUESTS = 6;
const DEADLINE_MS = 30_000;
const MAX_BYTES = 30 * 1024 * 1024;

/** Reads the Integreat CMS API v3. It knows no conditional requests: the hash of the body tells what is unchanged. */
export function createCmsClient({
  cmsUrl,
  http,
  signal,
}: {
  cmsUrl: string;
  http: OutboundHttp;
  signal: AbortSignal;
}): CmsClient {
  const base = cmsUrl.replace(/\/+$/, '');
  const limit = pLimit(MAX_REQUESTS);
  // Every request listens on it, more than once; Node takes more than ten listeners for a leak.
  const ownSignal = AbortSignal.any([signal]);
  setMaxListeners(0, ownSignal);
  return {
    get: async (segments, query = '') => {
      signal.throwIfAborted();
      let answer: OutboundAnswer;
      try {
        answer = await limit(() => {
          signal.throwIfAborted();
          return http.get({
            url: `${base}/api/v3/${segments.map(encodeURIComponent).join('/')}/${query}`,
            // Keeps our copying out of the statistics that editors look at.
            headers: { accept: 'application/json', 'x-integreat-development': 'true' },
            deadlineMs: DEADLINE_MS,
            maxBytes: MAX_BYTES,
            acceptStatuses: [404],
            signal: ownSignal,
          });
        });
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'failed', reason: error instanceof OutboundError ? error.message : 'the request failed' };
      }
      if (answer.kind === 'unchanged') {
        return { kind: 'failed', reason: 'the CMS answered 304 to an unconditional request' };
      }
      return answer.status === 404 ? readMissing(answer.body) : readPayload(answer.body);
    },
  };
}

function readPayload(body: Buffer): CmsAnswer {
  try {
    const payload = readJson(body);
    return { kind: 'payload', payload, bodyHash: createHash('sha256').update(body).digest('base64url') };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof PayloadError ? error.message : 'the answer cannot be read' };
  }
}

/** `{"error": "..."}` from inside a region; a page of HTML where there is no such region or path. */
function readMissing(body: Buffer): CmsAnswer {
  let error: unknown;
  try {
    const payload = readJson(body);
    error = typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'error') : undefined;
  } catch {
    // HTML
  }
  return typeof error === 'string'
    ? { kind: 'missing', reason: `404: ${error.slice(0, 200)}`, isArchived: /archived/i.test(error) }
    : { kind: 'missing', reason: '404: the CMS does not know this path', isArchived: false };
}
