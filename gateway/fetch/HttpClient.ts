import type { TraceHeaders } from '../model/RequestTrace.ts';

/** What the head of an HTTP answer says, as far as anybody here asks. Absent fields are empty. */
export interface HttpHead {
  readonly statusCode: number;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly cacheControl: string;
  readonly retryAfter: string;
}

/** One POST of JSON and who waits for its answer. Exactly one of `onAnswer` and `onFailure` is called, once. */
export interface HttpCall {
  /** The JSON body: UTF-8 in a Latin-1 string, one character a byte. */
  readonly body: string;
  /** Whole milliseconds that the caller will wait, told to the server in a header. */
  readonly timeLeftMs: number;
  /** Told to the server in `traceparent` and `tracestate`. */
  readonly trace: TraceHeaders | undefined;
  /** Asks for a connection that was not used before, where the client can choose: a kept one may just be closing. */
  readonly isFresh: boolean;
  /** An error ends the call with it, and the connection. */
  onHead(head: HttpHead): Error | undefined;
  onAnswer(body: Buffer): void;
  onFailure(error: Error): void;
}

export type HttpFailureKind =
  /** No connection came about, or none to where connections may go. */
  | 'unreachable'
  /** A kept connection was closed before the answer began: the server had given it up when the request was sent. */
  | 'stale'
  /** The connection ended before the answer did. */
  | 'broken'
  /** What came is not HTTP as its specification has it. */
  | 'malformed'
  /** More bytes than allowed. */
  | 'too-large';

/** Why there is no answer. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly kind: HttpFailureKind;
  constructor(kind: HttpFailureKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** A call on its way. */
export interface Sending {
  /** Nobody waits for this call any more: its connection is closed, and its functions are not called again. */
  cancel(call: HttpCall): void;
}

/** The port below a transport: sends calls to one address over kept connections. It bounds bytes, not time or numbers. */
export interface HttpClient {
  send(call: HttpCall): Sending;
  close(): Promise<void>;
}

export interface HttpClientOptions {
  readonly url: URL;
  /** Cap on the body of an answer. */
  readonly maxBytes: number;
  /** Time to connect, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Idle time after which a connection is closed; shorter where the server says so. */
  readonly idleMs: number;
  /** Whether the address that a connection has reached may be talked to. */
  readonly isAllowedAddress: (address: string) => boolean;
  /** Certificates that are trusted besides those of Node.js, PEM. */
  readonly ca?: string | undefined;
}

/** What travels with every request; answers are asked for as they are, so that the cap counts what is kept. */
export const REQUEST_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json',
  'accept-encoding': 'identity',
} as const;
