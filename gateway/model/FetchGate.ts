import type { ValueNode } from 'graphql';

/** Where the municipality of a gated selection is found when its fetch is about to run. */
export type Binding =
  /** In an argument: a literal or a variable of the operation. */
  | { readonly kind: 'argument'; readonly value: ValueNode }
  /** In the representation: at the first of these places that holds a slug. */
  | { readonly kind: 'representation'; readonly places: readonly (readonly string[])[] };

/** A generated Boolean variable: true includes the selections it stands on. */
export interface GateVariable {
  readonly name: string;
  /** All of them must be on. */
  readonly flags: readonly string[];
  readonly binding: Binding;
  /** The gated fields among what it includes: response paths below the fetch's position, `@` for each list. */
  readonly fields: readonly GatedPath[];
  readonly told: ToldPaths;
}

export type GatedPath = readonly string[];

/**
 * Of gated fields those whose objects are known before the answer is: by the type name of the representation, for root
 * operations by the empty text. These are noted when a decision leaves them out; the others are in `TypedNotes`.
 */
export type ToldPaths = ReadonlyMap<string, readonly GatedPath[]>;

/** Leaves selections out while a Boolean variable, the gate's or the client's, has the value. */
export interface Exclusion {
  readonly variable: string;
  readonly value: boolean;
}

/** A representation of this type is sent only when all flags of its conditions are on, and something is left to ask for. */
export interface EntityGate {
  readonly conditions: readonly { readonly flags: readonly string[]; readonly paths: readonly (readonly string[])[] }[];
  readonly binding: Binding | undefined;
  /** Nothing is left to ask for when one of each of these lists holds; undefined: something always is. */
  readonly nothingWhen: readonly (readonly Exclusion[])[] | undefined;
}

/** What becomes of the objects at one place of a fetch's answer, before anything is merged. */
export interface AnswerRules {
  /** The response name that holds the slug where the object is a municipality. */
  readonly municipality: string | undefined;
  /** The argument that names the municipality of what is here and below. */
  readonly argument: ValueNode | undefined;
  /** The object is given the slug of the municipality that encloses it, for a later fetch that must know. */
  readonly isStamped: boolean;
  /** Objects of these types become null where a flag is off. */
  readonly masks: readonly AnswerMask[];
  /** By response name. */
  readonly below: ReadonlyMap<string, AnswerRules>;
}

export interface AnswerMask {
  readonly type: string;
  readonly flags: readonly string[];
  /** Where in the object its slug is, when nothing around it says so. */
  readonly place: readonly string[] | undefined;
}

/** What one Fetch node needs decided. Computed once per operation; one plan serves all municipalities. */
export interface FetchGate {
  readonly variables: readonly GateVariable[];
  /** By type name of the representation. */
  readonly entities: ReadonlyMap<string, EntityGate>;
  /** Nothing is left to ask for when one of each of these lists holds; undefined: something always is. */
  readonly nothingWhen: readonly (readonly Exclusion[])[] | undefined;
  /** Gated selections that no municipality could be found for; they are left out (fail closed). */
  readonly unbound: readonly {
    readonly flags: readonly string[];
    readonly field: GatedPath;
    readonly told: ToldPaths;
  }[];
  /** Client variables that only the gate reads; the subgraph is not sent them. */
  readonly ownVariables: readonly string[];
  /** Whether representations carry names that only the gate reads; they begin with `STAMP`. */
  readonly isStamped: boolean;
  /** Whether every representation tells a municipality. */
  readonly isCertain: boolean;
  /** Whether its selections were taken out of another fetch. Only who reads them waits for them. */
  readonly isLifted: boolean;
  readonly answer: AnswerRules | undefined;
  readonly notes: TypedNotes | undefined;
}

/**
 * Gated fields below type conditions: which objects would have had them is known from the types in the answer. One response name
 * may be gated in one type and not in another.
 */
export interface TypedNotes {
  /** Paths go on from the object at hand, `@` for each list. */
  readonly fields: readonly {
    readonly flags: readonly string[];
    readonly binding: Binding | undefined;
    readonly path: GatedPath;
  }[];
  /** For the object at hand where it is of one of the types. */
  readonly byType: readonly { readonly types: readonly string[]; readonly notes: TypedNotes }[];
  /** By response name. */
  readonly below: ReadonlyMap<string, TypedNotes>;
}

/** Representations carry slugs for the gate under names that begin so; no subgraph is sent those. */
export const STAMP = 'civigraphMunicipality';
