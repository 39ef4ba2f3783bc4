import type { FetchNode } from '@apollo/query-planner';

import type { FetchObserver } from './FetchObserver.ts';

/** A compiled plan for people: what is asked, in which order, merged and folded how, and what became of it. */
export interface PlanDescription {
  /** The variables that `@skip` and `@include` read, with the values that the requests are for. */
  readonly conditions: Readonly<Record<string, boolean>>;
  /** Undefined when no subgraph is needed. */
  readonly tree: PlanTree | undefined;
  readonly requests: readonly RequestDescription[];
}

export type PlanTree =
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly PlanTree[] }
  | {
      readonly kind: 'Condition';
      readonly variable: string;
      readonly whenTrue: PlanTree | undefined;
      readonly whenFalse: PlanTree | undefined;
    }
  | FetchDescription;

/** A Fetch node of the plan. */
export interface FetchDescription {
  readonly kind: 'Fetch';
  readonly subgraph: string;
  /** Where its objects are in the answer, `@` for every item of a list; empty: the root. */
  readonly path: string;
  /** Which request does its work; undefined where the conditions leave it out. */
  readonly request: number | undefined;
  /** A later fetch for the same entities carries its fields. */
  readonly isFolded: boolean;
  readonly gated: readonly GatedFields[];
  /** For a folded fetch: the request for those entities that the other one could not carry. */
  readonly run?: FetchRun | undefined;
}

/** Fields that are asked for only where all of the flags are on. */
export interface GatedFields {
  readonly flags: readonly string[];
  readonly fields: readonly string[];
}

/** One request to one subgraph. */
export interface RequestDescription {
  /** Counted from 1. */
  readonly number: number;
  readonly subgraph: string;
  readonly kind: 'query' | 'mutation';
  readonly operation: string;
  /** Requests that must have ended before. */
  readonly after: readonly number[];
  /** Fetch nodes of the plan whose work it does. */
  readonly fetches: number;
  /** Absent where the operation was not executed, or ended before. */
  readonly run?: FetchRun | undefined;
}

export interface FetchRun {
  /** From the start of the execution to that of the request. */
  readonly atMs: number;
  readonly ms: number;
  readonly entities: number;
  /** Where the answer came from: `off`: every flag of it is off; `part`: from the store in part; `failed`: there is none. */
  readonly from: 'subgraph' | 'store' | 'part' | 'in flight' | 'off' | 'failed';
  /** Bytes of the answer's data as JSON. */
  readonly bytes: number;
  /** Error code. */
  readonly code?: string | undefined;
}

/** An observer that notes the runs. */
export interface PlanRecorder extends FetchObserver {
  /** By the first node of the request. */
  runOf(node: FetchNode): FetchRun | undefined;
}
