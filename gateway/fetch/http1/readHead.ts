import { HttpFailure, type HttpHead } from '../HttpClient.ts';

/** The head of an HTTP/1 response, with what says where its body ends. */
export interface Http1Head extends HttpHead {
  /** Bytes of the body; or how its end is found. */
  readonly body: number | 'chunked' | 'until close';
  /** The connection can carry another request. */
  readonly isKept: boolean;
  /** How long the server keeps it when idle, in seconds; undefined when it does not say. */
  readonly keptSeconds: number | undefined;
}

/**
 * Status line and fields (RFC 9112, sections 4 and 5; RFC 9110, section 5.6.2 for names): no line folding, no white space
 * before the colon, no control characters, lines end in CR LF.
 */
const HEAD = /^HTTP\/1\.[01] [1-5]\d\d(?: [\t -~\u0080-\u00ff]*)?(?:\r\n[\w!#$%&'*+\-.^`|~]+:[\t -~\u0080-\u00ff]*)*$/;

const DIGITS = /^\d{1,15}$/;

/** Reads a head, given as Latin-1 without the empty line that ends it. Throws an HttpFailure when it is not well-formed. */
export function readHead(text: string): Http1Head {
  if (!HEAD.test(text)) {
    throw malformed('a head that is not HTTP/1.1');
  }
  const statusCode = Number(text.slice(9, 12));
  let contentType = '';
  let contentEncoding = '';
  let cacheControl = '';
  let retryAfter = '';
  let connection = '';
  let keepAlive = '';
  let coding: string | undefined;
  let length: string | undefined;
  for (let end = text.indexOf('\r\n'); end !== -1; ) {
    const start = end + 2;
    end = text.indexOf('\r\n', start);
    const colon = text.indexOf(':', start);
    const value = () => text.slice(colon + 1, end === -1 ? undefined : end).trim();
    switch (text.slice(start, colon).toLowerCase()) {
      case 'content-length':
        if (length !== undefined && length !== value()) {
          throw malformed('two lengths');
        }
        length = value();
        break;
      case 'transfer-encoding':
        coding = join(coding, value());
        break;
      case 'connection':
        connection = join(connection, value());
        break;
      case 'keep-alive':
        keepAlive = value();
        break;
      case 'content-type':
        contentType = join(contentType, value());
        break;
      case 'content-encoding':
        contentEncoding = join(contentEncoding, value());
        break;
      case 'cache-control':
        cacheControl = join(cacheControl, value());
        break;
      case 'retry-after':
        retryAfter = value();
        break;
    }
  }
  const isFirst = text.charCodeAt(7) === 0x30; // HTTP/1.0
  const isKept = isFirst
    ? hasToken(connection, 'keep-alive')
    : connection === 'keep-alive' || !hasToken(connection, 'close');
  return {
    statusCode,
    contentType,
    contentEncoding,
    cacheControl,
    retryAfter,
    body: bodyOf({ statusCode, coding, length, isFirst, isKept }),
    isKept,
    keptSeconds: keepAlive === '' ? undefined : readTimeout(keepAlive),
  };
}

/** Where the body ends (RFC 9112, section 6.3). Two ways of saying it are never weighed against each other. */
function bodyOf({
  statusCode,
  coding,
  length,
  isFirst,
  isKept,
}: {
  readonly statusCode: number;
  readonly coding: string | undefined;
  readonly length: string | undefined;
  readonly isFirst: boolean;
  readonly isKept: boolean;
}): Http1Head['body'] {
  if (coding !== undefined && length !== undefined) {
    throw malformed('both a length and a transfer coding');
  }
  if (length !== undefined && !DIGITS.test(length)) {
    throw malformed('a length that is no number');
  }
  if (statusCode < 200 || statusCode === 204 || statusCode === 304) {
    return 0;
  }
  if (coding !== undefined) {
    if (isFirst || coding.toLowerCase() !== 'chunked') {
      throw malformed('a transfer coding that was not asked for');
    }
    return 'chunked';
  }
  if (length !== undefined) {
    return Number(length);
  }
  if (isKept) {
    throw malformed('a body without an end');
  }
  return 'until close';
}

function join(before: string | undefined, value: string): string {
  return before === undefined || before === '' ? value : `${before}, ${value}`;
}

function hasToken(list: string, token: string): boolean {
  return list === token || (list !== '' && list.split(',').some((each) => each.trim().toLowerCase() === token));
}

function readTimeout(keepAlive: string): number | undefined {
  const seconds = /\btimeout=(\d{1,6})\b/i.exec(keepAlive)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

export function malformed(what: string): HttpFailure {
  return new HttpFailure('malformed', `The answer has ${what}.`);
}
