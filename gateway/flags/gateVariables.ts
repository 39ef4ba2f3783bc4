import type { OperationDefinitionNode } from 'graphql';

import type { Binding, GatedPath, GateVariable } from '../model/FetchGate.ts';

/** A generated variable while its operation is gated. */
export interface VariableDraft extends GateVariable {
  readonly fields: GatedPath[];
  readonly told: Map<string, GatedPath[]>;
}

/** The variables that are generated for an operation, under names that it does not use. */
export interface GateVariables {
  all(): readonly VariableDraft[];
  /** The same for all fields that the same decides over; apart from them, for all objects of gated types (`isOfTypes`). */
  of(flags: readonly string[], binding: Binding, isOfTypes: boolean): VariableDraft;
}

export function createGateVariables({ variableDefinitions = [] }: OperationDefinitionNode): GateVariables {
  const taken = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  const variables = new Map<string, VariableDraft>();
  return {
    all: () => [...variables.values()],
    of(flags, binding, isOfTypes) {
      const key = JSON.stringify([flags, binding, isOfTypes]);
      const known = variables.get(key);
      if (known !== undefined) {
        return known;
      }
      let name = `feature${variables.size}`;
      while (taken.has(name)) {
        name = `_${name}`;
      }
      taken.add(name);
      const variable: VariableDraft = { name, flags, binding, fields: [], told: new Map() };
      variables.set(key, variable);
      return variable;
    },
  };
}
