import type { IncomingMessage } from 'node:http';

import type { ServerTrace } from '../model/RequestTrace.ts';

/** Traces of requests that go the long way; those of the short way end where they began. */
const traces = new WeakMap<IncomingMessage, ServerTrace>();

export function keepTrace(request: IncomingMessage, trace: ServerTrace | undefined): void {
  if (trace !== undefined) {
    traces.set(request, trace);
  }
}

export function keptTrace(request: IncomingMessage): ServerTrace | undefined {
  return traces.get(request);
}
