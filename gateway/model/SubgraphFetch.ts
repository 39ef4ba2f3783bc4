import type { FetchNode } from '@apollo/query-planner';

import type { AnswerPosition } from './DisabledFeatures.ts';
import type { JsonObject } from './Json.ts';
import type { PositionsOf } from './RequestState.ts';

/** One GraphQL request to one subgraph, as the engine hands it to the transport. */
export interface SubgraphFetch {
  readonly subgraph: string;
  /** Text of the operation. The same string object for every execution of a compiled operation. */
  readonly operation: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation';
  /** Client variables that the operation uses, and the representations of its entities. */
  readonly variables: JsonObject;
  /** Where the answer goes; `@` stands for every item of a list. The first one, if it goes to several places. */
  readonly responsePath: readonly string[];
  /** Where each part of it goes, found only when asked: for a request with one `_entities` field, or none. */
  readonly positionsOf: PositionsOf;
  /** The nodes of the query plan that this request does the work of; the same objects for every execution. */
  readonly nodes: readonly FetchNode[];
}

/**
 * What a subgraph answered, parsed, with its errors already masked.
 * `errors[].path` is as the subgraph sent it; the engine turns it into a path of the client's answer.
 */
export interface SubgraphAnswer {
  readonly data: unknown;
  readonly errors?: readonly unknown[] | undefined;
}

/** A request in bytes. */
export interface BodyFetch extends Pick<SubgraphFetch, 'subgraph' | 'kind'> {
  /** The JSON body: UTF-8 in a Latin-1 string, one character a byte. */
  readonly body: string;
}

/** A request whose body is written by the engine, for a gate to look into. */
export interface TextFetch extends BodyFetch, Omit<SubgraphFetch, 'variables' | 'positionsOf'> {
  /** The client's, by the names that the plan uses; the gate may read more of them than are sent. */
  readonly clientVariables: JsonObject;
  /** Representations as JSON text (UTF-8 in Latin-1 strings), by call. */
  readonly representations: readonly (readonly string[])[];
  /** What `body` sends, read back; of one list of representations only those at the positions. */
  variables(positions?: readonly number[]): JsonObject;
  /** The body as the gate decided. `positions`: of the representations only these; it is a request with one list of them. */
  bodyOf(gate: GateValues, positions?: readonly number[]): string;
  /** Whether the answer can be read where variables of the gate are false. */
  readonly isDivisible: boolean;
  /** Where in the answer the objects of a representation are; undefined: that is not known. */
  positionsOf(representation: number | undefined): readonly AnswerPosition[] | undefined;
}

/** Variables as the gate of a fetch has them. */
export interface GateValues {
  /** Those of the client that only the gate reads. */
  readonly unsent: readonly string[];
  /** Its own, by their values. */
  readonly on: readonly string[];
  readonly off: readonly string[];
}

/** An answer that the engine has not checked yet. */
export interface SubgraphBytes {
  /** The JSON body as it came. */
  readonly bytes: Buffer;
  /** Parses it and masks its errors; throws where it is no answer. */
  read(): SubgraphAnswer;
  /** The engine has no more use for it: the bytes may be overwritten from now on. */
  release?(): void;
}

/** A request of which the gate left something out: what it sent instead, if anything is left. */
export interface DividedFetch {
  readonly parts: readonly FetchPart[];
}

/** What is sent for some of the representations; those that no part carries have no entity. */
export interface FetchPart {
  /** Of the representations that it carries, in order; undefined: it carries all, or there are none. */
  readonly positions: readonly number[] | undefined;
  /** Variables of the gate that are false in it: what stands behind them is not in the answer. */
  readonly off: readonly string[];
  readonly answer: Promise<SubgraphBytes>;
}

/**
 * Sends one request without parsing its answer. A rejection is as that of `SendFetch`. Undefined, with nothing sent: this
 * execution cannot do with bytes.
 */
export type SendBytes = (fetch: TextFetch) => Promise<SubgraphBytes> | DividedFetch | undefined;

/** The way to the subgraphs for one execution. With `sendBytes` answers are checked and passed on without being parsed. */
export interface FetchSender {
  readonly send: SendFetch;
  readonly sendBytes?: SendBytes | undefined;
}

/** Sends one request. A rejection means that there is no answer at all; a GraphQLError keeps its message and extensions. */
export type SendFetch = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;
