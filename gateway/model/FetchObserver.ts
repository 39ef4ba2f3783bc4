import type { SubgraphFetch } from './SubgraphFetch.ts';

/** What became of one request of a plan; filled in while it runs, for those who watch. */
export interface FetchFacts {
  /** Entities that it asks for, sent or not; 0: it asks a root type. */
  readonly entities: number;
  /** Answers (entities, or that of a root type) that the store still held. */
  kept: number;
  /** Requests that went out: none where the store held everything or every flag is off. */
  sent: number;
  /** Requests that an equal one in flight answered. */
  shared: number;
  /** Bytes of the answer's data as JSON. */
  bytes: number;
}

export type ObservedFetch = Pick<SubgraphFetch, 'subgraph' | 'operation' | 'operationName' | 'kind' | 'nodes'>;

/** Watches the requests of one execution. Without one, nothing is noted. */
export interface FetchObserver {
  /** Whether it reads the facts: then answers are parsed, and nothing travels in bytes. */
  readonly wantsFacts: boolean;
  /** Called when a request of the plan is about to run; what it returns is called at its end. */
  begin(fetch: ObservedFetch): (facts: FetchFacts | undefined, error: unknown) => void;
}
