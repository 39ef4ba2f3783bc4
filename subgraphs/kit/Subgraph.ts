import type { GraphQLSchema } from 'graphql';

/** One GraphQL request to a subgraph, as the gateway makes it. */
export interface SubgraphCall {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The answer of a subgraph and how long it may be kept. */
export interface SubgraphReply {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?:
    | readonly {
        readonly message: string;
        readonly path?: readonly (string | number)[];
        readonly extensions?: Record<string, unknown>;
      }[]
    | undefined;
  /** From `@cacheControl` of all that was read; 0: do not keep. */
  readonly maxAgeSeconds: number;
}

/** A subgraph server: callable in this process, and over HTTP once it listens. */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  execute(call: SubgraphCall): Promise<SubgraphReply>;
  /** Serves `POST /graphql`, `/health/live` and `/health/ready`; resolves with the port it got. */
  listen(port: number, host?: string): Promise<number>;
  close(): Promise<void>;
}
