import type { IncomingHttpHeaders } from 'node:http';

import {
  type Context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace as traceApi,
} from '@opentelemetry/api';
import { GraphQLError } from 'graphql';

import type { ObservedFetch } from './model/FetchObserver.ts';
import type { RequestTrace, ServerTrace, TraceAttributes, TraceHeaders } from './model/RequestTrace.ts';

export interface TracesOptions {
  readonly tracer: Tracer;
  /** Where each subgraph is asked. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
}

/** What is said of a request when its span starts. */
export interface TracedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Begins a trace for each request, below the span that the client names in `traceparent` (W3C Trace Context). */
export function createTraces({ tracer, subgraphUrls }: TracesOptions): (request: TracedRequest) => ServerTrace {
  const callees = new Map([...subgraphUrls].map(([name, url]) => [name, calleeAttributes(name, url)]));
  return ({ method, path, headers }) => {
    const span = tracer.startSpan(`${method} ${path}`, { kind: SpanKind.SERVER }, readContext(headers));
    if (span.isRecording()) {
      span.setAttributes({
        'http.request.method': method,
        'http.route': path,
        'url.path': path,
        'url.scheme': 'http',
      });
    }
    return new SpanTrace(span, tracer, callees);
  };
}

class SpanTrace implements ServerTrace {
  readonly headers: TraceHeaders;
  readonly isRecording: boolean;
  readonly #span: Span;
  readonly #tracer: Tracer;
  readonly #callees: ReadonlyMap<string, TraceAttributes>;

  constructor(span: Span, tracer: Tracer, callees: ReadonlyMap<string, TraceAttributes>) {
    const { traceId, spanId, traceFlags, traceState } = span.spanContext();
    this.headers = {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      tracestate: traceState?.serialize() || undefined,
    };
    this.isRecording = span.isRecording();
    this.#span = span;
    this.#tracer = tracer;
    this.#callees = callees;
  }

  stage<T>(name: string, run: (trace: RequestTrace) => Promise<T>): Promise<T> {
    const span = this.#start(name, SpanKind.INTERNAL, {});
    return endWith(span, run(new SpanTrace(span, this.#tracer, this.#callees)));
  }

  fetch<R extends Promise<unknown> | undefined>(fetch: ObservedFetch, run: (trace: RequestTrace) => R): R {
    const { subgraph, kind, operationName } = fetch;
    const span = this.#start(`subgraph ${subgraph}`, SpanKind.CLIENT, {
      ...this.#callees.get(subgraph),
      'graphql.operation.type': kind,
      ...(operationName === undefined ? {} : { 'graphql.operation.name': operationName }),
    });
    const running = run(new SpanTrace(span, this.#tracer, this.#callees));
    // A span that never ends is never sent.
    return (running === undefined ? undefined : endWith(span, running)) as R;
  }

  describe(attributes: TraceAttributes): void {
    this.#span.setAttributes(attributes);
  }

  end(status: number): void {
    if (!this.isRecording) {
      return;
    }
    this.#span.setAttribute('http.response.status_code', status);
    if (status >= 500) {
      this.#span.setAttribute('error.type', String(status)).setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }

  #start(name: string, kind: SpanKind, attributes: TraceAttributes): Span {
    return this.#tracer.startSpan(name, { kind, attributes }, traceApi.setSpan(ROOT_CONTEXT, this.#span));
  }
}

async function endWith<T>(span: Span, running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    span.setAttribute('error.type', errorType(error)).setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function errorType(error: unknown): string {
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
}

function calleeAttributes(name: string, address: string): TraceAttributes {
  const url = new URL(address);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return {
    'civigraph.subgraph.name': name,
    'http.request.method': 'POST',
    'url.full': `${url.origin}${url.pathname}`,
    'server.address': url.hostname,
    'server.port': port,
  };
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The caller's span; a header that is not as the specification has it counts as none. */
function readContext({ traceparent, tracestate }: IncomingHttpHeaders): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(typeof traceparent === 'string' ? traceparent : '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) {
    return ROOT_CONTEXT;
  }
  const parent: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(typeof tracestate === 'string' && tracestate.length <= 512 ? { traceState: createTraceState(tracestate) } : {}),
  };
  return isSpanContextValid(parent) ? traceApi.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}
