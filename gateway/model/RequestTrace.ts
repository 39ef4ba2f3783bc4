import type { ObservedFetch } from './FetchObserver.ts';

/** W3C Trace Context, as it travels in headers. */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate: string | undefined;
}

/** Values of span attributes. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean>>;

/** The trace of one request, at one of its stages. Exists only where traces are collected. */
export interface RequestTrace {
  /** What subgraphs are told. */
  readonly headers: TraceHeaders;
  /** false: this request is not in the sample, and nothing but `headers` is used of its trace. */
  readonly isRecording: boolean;
  /** Runs a stage under a span of its own. A rejection marks the span and is passed on. */
  stage<T>(name: string, run: (trace: RequestTrace) => Promise<T>): Promise<T>;
  /** The same for a request to a subgraph; `undefined`: it is not sent in this way, and has no span. */
  fetch<R extends Promise<unknown> | undefined>(fetch: ObservedFetch, run: (trace: RequestTrace) => R): R;
  describe(attributes: TraceAttributes): void;
}

/** The trace of a request from its arrival to its answer. */
export interface ServerTrace extends RequestTrace {
  end(status: number): void;
}
