import type { FetchDataRewrite, FetchNode } from '@apollo/query-planner';

/**
 * A field that a subgraph is asked for, and so the only kind of field that is taken from its answer.
 * Directives are resolved already: the tree is for one set of values of the condition variables.
 */
export interface TakenField {
  /** Its name in the subgraph's answer. */
  readonly responseName: string;
  /** Its name in the merged answer; differs where the planner had to tell equal names of different types apart. */
  readonly storedName: string;
  /** Concrete types (and interfaces standing for themselves) it was asked for; undefined: whatever the type is. */
  readonly onTypes: ReadonlySet<string> | undefined;
  /**
   * Boolean variables of the gate, all of which must be true for it to be asked for; none: it always is. `various`: it is selected
   * several times, and not always behind the same.
   */
  readonly behind: readonly string[] | 'various';
  /** Undefined for scalars and enums. */
  readonly fields: readonly TakenField[] | undefined;
}

/** Where objects are in the merged answer: response names, `@` for every item of a list. */
export type PlanPath = readonly string[];

/** A field of a representation, or fields for one type condition. */
export type RequiredSelection =
  | { readonly kind: 'field'; readonly name: string; readonly selections: readonly RequiredSelection[] | undefined }
  | {
      readonly kind: 'fragment';
      readonly onTypes: ReadonlySet<string> | undefined;
      readonly selections: readonly RequiredSelection[];
    };

/** Objects that an entity call completes. */
export interface EntityTarget {
  readonly path: PlanPath;
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites: readonly FetchDataRewrite[];
  /** Values of enclosing objects that go along as variables (`@fromContext`). */
  readonly context: readonly ContextValue[];
  /**
   * Whether equal entities at this path may share the objects below them. Not where another call adds to the same objects:
   * it might add different things to equal entities.
   */
  readonly sharesObjects: boolean;
  /** Instead of the call, for entities that lack something it requires. */
  readonly leftover: LeftoverRequest | undefined;
}

/** A request for a part of a call's fields that requires less. */
export interface LeftoverRequest {
  readonly request: RequestHead;
  readonly calls: readonly EntityCall[];
}

/** Where one context variable comes from; the first of equal `variable` whose types fit gives it. */
export interface ContextValue {
  readonly variable: string;
  /** How many objects up from the entity: 1 is the one around it. */
  readonly up: number;
  /** From there: `... on Type` or a response name. */
  readonly steps: readonly string[];
}

export interface EchoedKey {
  readonly name: string;
  /** Type names of representations that it holds for. */
  readonly onTypes: ReadonlySet<string>;
}

/** One `_entities` field of a request. */
export interface EntityCall {
  readonly responseName: string;
  readonly variable: string;
  readonly targets: readonly EntityTarget[];
  readonly fields: readonly TakenField[];
  /** Key fields among `fields`, and for which types: in the answer they must be as in the representation. */
  readonly echoed: readonly EchoedKey[];
}

/** Everything about a request but what becomes of its answer. */
export type RequestHead = Omit<PlannedRequest, 'work'>;

/** One request to one subgraph, made from one or more Fetch nodes of the plan. */
export interface PlannedRequest {
  readonly subgraph: string;
  readonly kind: 'query' | 'mutation';
  readonly operation: string;
  readonly operationName: string | undefined;
  readonly variables: readonly string[];
  readonly nodes: readonly FetchNode[];
  readonly work:
    | { readonly kind: 'root'; readonly path: PlanPath; readonly fields: readonly TakenField[] }
    | { readonly kind: 'entities'; readonly calls: readonly EntityCall[] };
  /** What objects that it may yield must say. */
  readonly witnesses: readonly Witness[];
  /** Number of requests that must have ended before this one starts. */
  readonly waitsFor: number;
  /** Positions of the requests that wait for this one. */
  readonly next: readonly number[];
}

/** What became of a Fetch node. */
export interface PlannedFetch {
  readonly node: FetchNode;
  /** Position of the request that does its work. */
  readonly request: number;
  /** Whether a later fetch carries its fields (see `foldFetches`). */
  readonly isFolded: boolean;
}

/** A field in which objects of the answer say which municipality they are. */
export interface Witness {
  /** Of the objects. */
  readonly path: PlanPath;
  readonly name: string;
  /** Where objects of other types stand at the path, too: the type of those that must say it. */
  readonly onlyOn: string | undefined;
}

/** A query plan in executable form, for one set of values of the condition variables. */
export interface CompiledPlan {
  readonly requests: readonly PlannedRequest[];
  /** The Fetch nodes of the plan that the conditions leave in. */
  readonly fetches: readonly PlannedFetch[];
  /** What objects must say to be merged; see `OpenForm`. */
  readonly witnesses: readonly Witness[];
}
