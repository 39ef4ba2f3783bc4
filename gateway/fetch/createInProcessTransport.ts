import { ERRORS } from '../../schema/errorCodes.ts';
import type { SubgraphTransport, TransportAnswer, TransportRequest } from '../model/SubgraphTransport.ts';

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
    async send({ operation, operationName, variables, timeoutMs, signal }: TransportRequest): Promise<TransportAnswer> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              ERRORS.SUBGRAPH_TIMEOUT.create(`The subgraph "${subgraph}" did not answer within ${timeoutMs} ms.`, {
                subgraph,
              }),
            ),
          timeoutMs,
        );
      });
      try {
        const answer = await Promise.race([
          callable.execute({ query: operation, operationName, variables, signal }),
          late,
        ]);
        const errors = answer.errors !== undefined && answer.errors.length > 0 ? answer.errors : undefined;
        return { data: answer.data, errors, maxAgeSeconds: errors === undefined ? answer.maxAgeSeconds : 0 };
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {},
  };
}
