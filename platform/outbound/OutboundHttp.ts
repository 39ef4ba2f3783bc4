/** What the caller remembers of the last answer, for a conditional GET (RFC 9110, section 13). */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type OutboundAnswer =
  | {
      readonly kind: 'modified';
      readonly status: number;
      readonly body: Buffer;
      readonly contentType: string;
      readonly validators: Validators;
    }
  | { readonly kind: 'unchanged' };

export interface OutboundRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly validators?: Validators;
  /** Total time from the call to the last byte, over all tries. Default 15,000. */
  readonly deadlineMs?: number;
  /** Cap on the decompressed body. Default 20 MiB. */
  readonly maxBytes?: number;
  /** Statuses besides 2xx and 304 that are an answer and not a failure, for example 404. */
  readonly acceptStatuses?: readonly number[];
  readonly signal?: AbortSignal;
}

export type OutboundFailure = 'refused' | 'timeout' | 'too-large' | 'redirect' | 'status' | 'aborted' | 'network';

/** Why there is no answer. The message names host and path, never credentials or query values. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly failure: OutboundFailure;
  readonly status: number | undefined;
  constructor(failure: OutboundFailure, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.status = options.status;
  }
}

/** GETs for the CMS and the feeds: bounded in time, bytes and concurrency; no redirects; safe to retry. */
export interface OutboundHttp {
  get(request: OutboundRequest): Promise<OutboundAnswer>;
}
