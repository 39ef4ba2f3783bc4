import type { Departure } from './Departure.ts';
import type { JsonObject } from './Json.ts';
import type { TraceHeaders } from './RequestTrace.ts';

/** One GraphQL request on its way to a subgraph. */
export interface TransportRequest {
  readonly operation: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation';
  readonly variables: JsonObject;
  /** Total time to the last byte. */
  readonly timeoutMs: number;
  /** The trace that the request is part of. */
  readonly trace?: TraceHeaders | undefined;
  /** Aborts the request; nobody waits for it any more. */
  readonly signal: Departure;
}

/** What came back, as the subgraph sent it: nothing in it is trusted yet. */
export interface TransportAnswer {
  readonly data: unknown;
  readonly errors: readonly unknown[] | undefined;
  /** How long the answer may be kept, from its Cache-Control; 0: not at all. */
  readonly maxAgeSeconds: number;
}

/**
 * The way to one subgraph. Rejects with SUBGRAPH_UNAVAILABLE, SUBGRAPH_TIMEOUT or SUBGRAPH_INVALID_RESPONSE of the
 * error register when there is no answer; a GraphQL answer that holds errors is an answer.
 */
export interface SubgraphTransport {
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** The same for a body that is written already, with an answer that nobody has parsed. Absent where no bytes travel. */
  sendBytes?(request: BytesRequest): Promise<BytesAnswer>;
  close(): Promise<void>;
}

/** A request whose JSON body is written: UTF-8 in a Latin-1 string, one character a byte. */
export interface BytesRequest extends Pick<TransportRequest, 'kind' | 'timeoutMs' | 'trace' | 'signal'> {
  readonly body: string;
}

/** The JSON of an answer as it came. */
export interface BytesAnswer {
  readonly bytes: Buffer;
  /** Parses it; throws SUBGRAPH_INVALID_RESPONSE where it is no answer. */
  read(): TransportAnswer;
  /** Its holder has no more use for it. After as many calls as it has holders, one unless `shareAmong` says so, it is gone. */
  release(): void;
  shareAmong(holders: number): void;
}
