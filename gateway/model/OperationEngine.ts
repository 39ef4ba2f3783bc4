import type { GatewayInterface } from '@apollo/server-gateway-interface';

import type { GraphQLError } from 'graphql';

import type { DisabledFeature } from './DisabledFeatures.ts';
import type { JsonObject } from './Json.ts';
import type { PlanDescription } from './PlanDescription.ts';
import type { RequestState } from './RequestState.ts';
import type { ResponseError } from './ResponseError.ts';
import type { WrappedData } from './WrappedData.ts';

/** What an operation came to, before it is an answer to one client. */
export interface OperationOutcome {
  /** JSON text, or bytes of it; undefined when the operation did not run. */
  readonly data: string | WrappedData | undefined;
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
  /** What an operation comes to, without executing it. */
  explain?(text: string, operationName: string | undefined, variables: JsonObject): Promise<ExplainedOperation>;
  /**
   * Whether a text is an operation that can run. An engine that has this validates by itself, away from the requests of others,
   * and Apollo Server need not.
   */
  accepts?(text: string, operationName: string | undefined): Promise<boolean>;
  /** Closes the ways to the subgraphs. */
  close(): Promise<void>;
}

export type ExplainedOperation =
  | { readonly kind: 'planned'; readonly plan: PlanDescription }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

export interface KnownRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: JsonObject;
  /** false: a mutation is not run (GET). */
  readonly mayWrite: boolean;
}
