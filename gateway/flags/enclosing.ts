import type { FieldNode, GraphQLField } from 'graphql';

import type { Binding } from '../model/FetchGate.ts';
import { argumentOf } from './documentParts.ts';
import type { FieldGates, GateSchema } from './GateSchema.ts';

/** What is known of the municipality around the objects that a fetch completes. */
export interface FetchBase {
  readonly binding: Binding | undefined;
  /** Whether the binding always finds one. */
  readonly isCertain: boolean;
  /** Flags that gate the entities themselves. */
  readonly flags: readonly string[];
  /** Set where the binding is the entities' own, by a path that a directive names: what is known below their fields. */
  readonly below?: Binding | 'nothing';
}

/** What encloses a selection: how its municipality is known. */
export type Enclosing =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'known';
      readonly binding: Binding;
      readonly isCertain: boolean;
      /** What encloses the selections below the object's fields, where that is something else. */
      readonly below?: Enclosing;
    }
  /** A municipality of this very fetch: what needs its slug is lifted. */
  | { readonly kind: 'yielded' }
  /** An object of a gated type whose own path leads to its slug: all of it is lifted. */
  | { readonly kind: 'own'; readonly place: readonly string[]; readonly flags: readonly string[] };

/** Where the municipality of a gated field is found. */
export type Deciding =
  | { readonly kind: 'bound'; readonly binding: Binding }
  | { readonly kind: 'lifted'; readonly place: readonly string[] }
  | { readonly kind: 'own'; readonly place: readonly string[]; readonly flags: readonly string[] }
  | { readonly kind: 'unbound' };

export function isKnown(enclosing: Enclosing): boolean {
  return enclosing.kind === 'known' && enclosing.isCertain;
}

/** The places in a representation that a binding reads. */
export function placesOf(binding: Binding | undefined): readonly (readonly string[])[] {
  return binding?.kind === 'representation' ? binding.places : [];
}

/** What encloses the selections below the fields of a fetch's entities, where that is something else. */
export function enclosingBelow({ below }: FetchBase): { readonly below?: Enclosing } {
  return below === undefined
    ? {}
    : { below: below === 'nothing' ? { kind: 'unknown' } : { kind: 'known', binding: below, isCertain: false } };
}

/** How the municipality of a gated field is found; the order is that of DESIGN, section 5. */
export function decidingPlace(
  field: FieldNode,
  { own, returned }: FieldGates,
  {
    definition,
    parentType,
    enclosing,
  }: {
    readonly definition: GraphQLField<unknown, unknown>;
    readonly parentType: string;
    readonly enclosing: Enclosing;
  },
  { gates, subgraph }: { readonly gates: GateSchema; readonly subgraph: string },
): Deciding {
  if (enclosing.kind === 'known' && enclosing.isCertain) {
    return { kind: 'bound', binding: enclosing.binding };
  }
  const path = own?.municipalityPath;
  if (path?.startsWith('$') === true) {
    const value = argumentOf(field, definition, path.slice(1));
    return value === undefined ? { kind: 'unbound' } : { kind: 'bound', binding: { kind: 'argument', value } };
  }
  if (path !== undefined && !gates.isRoot(parentType) && gates.keyOf(subgraph, parentType) !== undefined) {
    return { kind: 'lifted', place: path.split('.') };
  }
  if (own === undefined && returned?.municipalityPath !== undefined) {
    return { kind: 'own', place: returned.municipalityPath.split('.'), flags: [returned.flag] };
  }
  return enclosing.kind === 'known' ? { kind: 'bound', binding: enclosing.binding } : { kind: 'unbound' };
}
