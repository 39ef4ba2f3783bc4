import { ERRORS } from '../../schema/errorCodes.ts';
import type { SubgraphTransport, TransportAnswer, TransportRequest } from '../model/SubgraphTransport.ts';
import { firstErrors } from './readAnswer.ts';

/** What a subgraph in this process offers; the subgraph kit's servers fit. */
export interface CallableSubgraph {
  execute(call: {
    readonly query: string;
    readonly operationName?: string | undefined;
    readonly variables?: Readonly<Record<string, unknown>> | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<{
    readonly data?: unknown;
    readonly errors?: readonly unknown[] | undefined;
    readonly maxAgeSeconds: number;
  }>;
}

/** The way to a subgraph that shares the gateway's process: a function call, under the same deadline as HTTP. */
export function createInProcessTransport(subgraph: string, callable: CallableSubgraph): SubgraphTransport {
  return {
    send: ({ operation, operationName, variables, timeoutMs, signal }: TransportRequest) =>
      new Promise<TransportAnswer>((resolve, reject) => {
        const controller = new AbortController();
        const abort = (): void => controller.abort();
        const timer = setTimeout(() => {
          const message = `The subgraph "${subgraph}" did not answer within ${Math.round(timeoutMs)} ms.`;
          reject(ERRORS.SUBGRAPH_TIMEOUT.create(message, { subgraph }));
          abort();
        }, timeoutMs);
        if (signal.aborted) {
          abort();
        }
        signal.addEventListener('abort', abort, { once: true });
        callable
          .execute({ query: operation, operationName, variables, signal: controller.signal })
          .then(({ data, errors: all, maxAgeSeconds }) => {
            const errors = firstErrors(all);
            resolve({ data, errors, maxAgeSeconds: errors === undefined ? maxAgeSeconds : 0 });
          }, reject)
          .finally(() => {
            clearTimeout(timer);
            signal.removeEventListener('abort', abort);
          });
      }),
    async close() {},
  };
}
