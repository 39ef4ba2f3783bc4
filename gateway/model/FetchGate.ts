import type { ValueNode } from 'graphql';

/** Where the municipality of a gated selection is found when its fetch is about to run. */
export type Binding =
  /** In an argument: a literal or a variable of the operation. */
  | { readonly kind: 'argument'; readonly value: ValueNode }
  /** In the key fields of the representation. */
  | { readonly kind: 'representation' };

/** A generated Boolean variable: true includes the selections it stands on. */
export interface GateVariable {
  readonly name: string;
  /** All of them must be on. */
  readonly flags: readonly string[];
  readonly binding: Binding;
  /** Response paths below the fetch's position. */
  readonly paths: readonly (readonly string[])[];
}

/** A representation of this type is sent only when all flags are on for the municipality in its key. */
export interface EntityGate {
  readonly flags: readonly string[];
  readonly paths: readonly (readonly string[])[];
}

/** What one Fetch node needs decided before it runs. Computed once per operation; one plan serves all municipalities. */
export interface FetchGate {
  readonly variables: readonly GateVariable[];
  /** By type name of the representation. */
  readonly entities: ReadonlyMap<string, EntityGate>;
  /** When each of these variables is false nothing is left to ask for; undefined: something always is. */
  readonly skippedWithout: readonly string[] | undefined;
  /** Gated selections that no municipality could be found for; they are left out (fail closed). */
  readonly unbound: readonly { readonly flags: readonly string[]; readonly path: readonly string[] }[];
}
