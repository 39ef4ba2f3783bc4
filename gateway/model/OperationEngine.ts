import type { GatewayInterface } from '@apollo/server-gateway-interface';

import type { DisabledFeature } from './DisabledFeatures.ts';
import type { JsonObject } from './Json.ts';
import type { RequestState } from './RequestState.ts';
import type { ResponseError } from './ResponseError.ts';

/** What an operation came to, before it is an answer to one client. */
export interface OperationOutcome {
  /** JSON text; undefined when the operation did not run. */
  readonly data: string | undefined;
  /** How `data` becomes bytes: `latin1` has one character a byte of the UTF-8 text already. */
  readonly encoding: 'utf8' | 'latin1';
  readonly errors: readonly ResponseError[];
  readonly disabled: readonly DisabledFeature[];
}

/** A way to run the operations of one supergraph. Two exist; both keep the same promises. */
export interface OperationEngine {
  /** The way behind Apollo Server, for everything. */
  readonly gateway: GatewayInterface;
  /**
   * The short way, for an operation that has run before: undefined when it is not known, or when this engine has no short way.
   */
  execute?(request: KnownRequest, state: Omit<RequestState, 'disabled'>): Promise<OperationOutcome> | undefined;
  /** Closes the ways to the subgraphs. */
  close(): Promise<void>;
}

export interface KnownRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: JsonObject;
}
