import type { FetchNode } from '@apollo/query-planner';

import type { AnswerPosition } from './DisabledFeatures.ts';
import type { FetchGate } from './FetchGate.ts';
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
  /**
   * The body without variables that only the gate reads, and with those of its own all true. `positions`: of the
   * representations only these; it is a request with one list of them.
   */
  bodyOf(gate: Pick<FetchGate, 'ownVariables' | 'variables'>, positions?: readonly number[]): string;
  /** Where in the answer the objects of a representation are; undefined: that is not known. */
  positionsOf(representation: number | undefined): readonly AnswerPosition[] | undefined;
}

/** An answer that the engine has not checked yet. */
export interface SubgraphBytes {
  /** The JSON body as it came; undefined where it had to be read on the way. */
  readonly bytes: Buffer | undefined;
  /** Parses it and masks its errors; throws where it is no answer. */
  read(): SubgraphAnswer;
  /** The engine has no more use for it: the bytes may be overwritten from now on. */
  release?(): void;
}

/** A request that carries a part of its representations: only the others have no entity. */
export interface PartSent {
  /** Of those that it carries, in order. */
  readonly positions: readonly number[];
  /** Undefined where none is left, and nothing sent. */
  readonly answer: Promise<SubgraphBytes> | undefined;
}

/**
 * Sends one request without parsing its answer. A rejection is as that of `SendFetch`. Undefined, with nothing sent: this
 * execution cannot do with bytes.
 */
export type SendBytes = (fetch: TextFetch) => Promise<SubgraphBytes> | PartSent | undefined;

/** The way to the subgraphs for one execution. With `sendBytes` answers are checked and passed on without being parsed. */
export interface FetchSender {
  readonly send: SendFetch;
  readonly sendBytes?: SendBytes | undefined;
}

/** Sends one request. A rejection means that there is no answer at all; a GraphQLError keeps its message and extensions. */
export type SendFetch = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;
