import type { z } from 'zod';

import type { OutboundHttp } from '../../../platform/outbound/OutboundHttp.ts';
import { describeIssues } from './describeIssues.ts';
import { FeedAnswerError } from './Feed.ts';

/** GETs one page of a feed and checks its envelope; every way to be wrong is one FeedAnswerError or OutboundError. */
export async function fetchJson<Envelope>({
  http,
  url,
  headers = {},
  envelope,
  signal,
}: {
  http: OutboundHttp;
  url: string;
  headers?: Readonly<Record<string, string>>;
  envelope: z.ZodType<Envelope>;
  signal: AbortSignal;
}): Promise<Envelope> {
  const answer = await http.get({ url, headers: { accept: 'application/json', ...headers }, signal });
  if (answer.kind === 'unchanged') {
    throw new FeedAnswerError('answered "not modified" to a request without a condition');
  }
  const parsed = envelope.safeParse(parseJson(answer.body, answer.contentType));
  if (!parsed.success) {
    throw new FeedAnswerError(`the answer is not in the known form: ${describeIssues(parsed.error)}`);
  }
  return parsed.data;
}

function parseJson(body: Buffer, contentType: string): unknown {
  try {
    // JSON is UTF-8 (RFC 8259, section 8.1); a byte order mark is skipped, wrong bytes are refused.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    const type = contentType === '' ? 'no content type' : contentType.slice(0, 60);
    throw new FeedAnswerError(`the answer is not JSON (${body.length} bytes, ${type})`);
  }
}
