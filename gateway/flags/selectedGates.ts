import { type FieldNode, getNamedType, isInterfaceType, Kind, type SelectionSetNode } from 'graphql';

import type { GatedPath } from '../model/FetchGate.ts';
import { fieldsOf, responseName } from './documentParts.ts';
import { type GateSchema, MUNICIPALITY_TYPE } from './GateSchema.ts';

/** Whether something below a field is gated and bound to what encloses it (not to a municipality further in). */
export function holdsGated(gates: GateSchema, field: FieldNode, parentType: string): boolean {
  const definition = gates.field(parentType, field.name.value);
  const type = definition === undefined ? MUNICIPALITY_TYPE : getNamedType(definition.type).name;
  if (type === MUNICIPALITY_TYPE || field.selectionSet === undefined) {
    return false;
  }
  return (
    (gates.isAbstract(type) && gates.concreteTypes(type).some((name) => gates.features.types.has(name))) ||
    selectsGated(gates, field.selectionSet, type)
  );
}

function selectsGated(gates: GateSchema, { selections }: SelectionSetNode, type: string): boolean {
  const types = gates.isAbstract(type) ? [type, ...gates.concreteTypes(type)] : [type];
  return selections.some((selection): boolean => {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = selection.typeCondition?.name.value ?? type;
      return inner !== MUNICIPALITY_TYPE && selectsGated(gates, selection.selectionSet, inner);
    }
    return (
      selection.kind === Kind.FIELD &&
      types.some(
        (name) =>
          name !== MUNICIPALITY_TYPE &&
          (gates.gatesOf(name, selection).flags.length > 0 || holdsGated(gates, selection, name)),
      )
    );
  });
}

/** The flags that every field of an entity's selection has in common, when they stand for the whole of it. */
export function flagsOfWhole(
  gates: GateSchema,
  selections: SelectionSetNode,
  type: string,
): { readonly flags: readonly string[]; readonly paths: readonly GatedPath[] } | undefined {
  const fields = fieldsOf(selections).filter(({ name }) => name.value !== '__typename');
  const flags = fields.map((field) => gates.gatesOf(type, field).flags);
  const first = flags[0];
  const isPlain = selections.selections.every(({ kind }) => kind === Kind.FIELD) || !gates.isAbstract(type);
  if (!isPlain || first === undefined || first.length === 0 || flags.some((each) => each.join() !== first.join())) {
    return undefined;
  }
  return { flags: first, paths: fields.map((field) => [responseName(field)]) };
}

/**
 * The types of an interface that a subgraph must be asked for apart from each other, as the gates of a field differ among them.
 * `isBound`: the municipality that encloses the field is known.
 */
export function typesToTellApart(
  field: FieldNode,
  { parentType, isBound }: { readonly parentType: string; readonly isBound: boolean },
  { gates, subgraph }: { readonly gates: GateSchema; readonly subgraph: string },
): readonly string[] | undefined {
  if (field.name.value === '__typename' || !isInterfaceType(gates.schema.getType(parentType))) {
    return undefined;
  }
  const types = gates.possibleTypes(subgraph, parentType);
  if (types === undefined) {
    return undefined;
  }
  const common = gates.gatesOf(parentType, field);
  const isApart = types.some((type) => {
    const own = gates.gatesOf(type, field);
    return (
      own.flags.join() !== common.flags.join() ||
      gates.features.types.has(type) ||
      (own.flags.length > 0 && (type === MUNICIPALITY_TYPE || !isBound)) ||
      (type === MUNICIPALITY_TYPE && holdsGated(gates, field, type))
    );
  });
  return isApart ? types : undefined;
}
