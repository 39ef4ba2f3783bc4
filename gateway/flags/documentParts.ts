import {
  astFromValue,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  type InlineFragmentNode,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

import { type ConditionValues, isIncluded } from '../model/conditions.ts';
import type { Exclusion } from '../model/FetchGate.ts';

/** Parts of operations, made and read. */
export const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

export function fieldNode(name: string, alias?: string, selectionSet?: SelectionSetNode): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(alias === undefined || alias === name ? {} : { alias: { kind: Kind.NAME, value: alias } }),
    ...(selectionSet === undefined ? {} : { selectionSet }),
  };
}

/** `alias: first { second { third } }` for the names of a path. */
export function pathField([first = '', ...rest]: readonly string[], alias?: string): FieldNode {
  return fieldNode(first, alias, rest.length === 0 ? undefined : selectionSetOf([pathField(rest)]));
}

export function selectionSetOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

export function fragmentOn(
  type: string | undefined,
  selections: readonly SelectionNode[],
  directives: readonly DirectiveNode[] = [],
): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    ...(type === undefined ? {} : { typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } }),
    ...(directives.length === 0 ? {} : { directives }),
    selectionSet: selectionSetOf(selections),
  };
}

/** `@include(if: $variable)`. */
export function includeIf(variable: string): DirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'include' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'if' },
        value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
      },
    ],
  };
}

/** A selection inside one conditional fragment for each set of directives, the outermost first. */
export function behind(conditions: readonly (readonly DirectiveNode[])[], selection: SelectionNode): SelectionNode {
  return conditions.reduceRight<SelectionNode>(
    (inner, directives) => fragmentOn(undefined, [inner], directives),
    selection,
  );
}

const NOTHING_KNOWN: ConditionValues = new Map();

/** What leaves each of some selections out; undefined: one of them is there in any case. */
export function exclusionsOf({ selections }: SelectionSetNode): readonly (readonly Exclusion[])[] | undefined {
  const all = new Map<string, readonly Exclusion[]>();
  for (const selection of selections) {
    if (!isIncluded(selection, NOTHING_KNOWN)) {
      continue;
    }
    const exclusions = (selection.directives ?? []).flatMap((directive): readonly Exclusion[] => {
      const isInclude = directive.name.value === 'include';
      const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
      return (isInclude || directive.name.value === 'skip') && value?.kind === Kind.VARIABLE
        ? [{ variable: value.name.value, value: !isInclude }]
        : [];
    });
    if (exclusions.length === 0) {
      return undefined;
    }
    all.set(JSON.stringify(exclusions), exclusions);
  }
  return [...all.values()];
}

/** Whether nothing is left of a selection but the `__typename` that stands in for what was taken out. */
export function isNothing({ selections }: SelectionSetNode): boolean {
  return selections.length === 1 && selections[0] === TYPENAME;
}

export function isBareField(field: FieldNode): boolean {
  return (field.directives?.length ?? 0) === 0 && (field.arguments?.length ?? 0) === 0;
}

/** The first field of each response name. */
export function oncePerName(fields: readonly FieldNode[]): readonly FieldNode[] {
  const seen = new Set<string>();
  return fields.filter((field) => {
    const isNew = !seen.has(responseName(field));
    seen.add(responseName(field));
    return isNew;
  });
}

/** `@` for each list around the objects of a type, as paths have it. */
export function listMarks(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) {
    return listMarks(type.ofType);
  }
  return isListType(type) ? ['@', ...listMarks(type.ofType)] : [];
}

export function responseName(field: FieldNode): string {
  return field.alias?.value ?? field.name.value;
}

/** What an argument is given, or its default; undefined when it is neither. */
export function argumentOf(
  field: FieldNode,
  definition: GraphQLField<unknown, unknown> | undefined,
  name: string,
): ValueNode | undefined {
  const known = definition?.args.find((each) => each.name === name);
  const given = field.arguments?.find((each) => each.name.value === name);
  if (known === undefined || given !== undefined) {
    return known === undefined ? undefined : given?.value;
  }
  return known.defaultValue === undefined ? undefined : (astFromValue(known.defaultValue, known.type) ?? undefined);
}

/** All fields of a selection, those of its fragments included. */
export function fieldsOf(selections: SelectionSetNode): FieldNode[] {
  return selections.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD
      ? [selection]
      : selection.kind === Kind.INLINE_FRAGMENT
        ? fieldsOf(selection.selectionSet)
        : [],
  );
}

/** The `_entities` field of an entity fetch. */
export function entitiesFieldOf(operation: OperationDefinitionNode): FieldNode | undefined {
  return operation.selectionSet.selections.find(
    (selection): selection is FieldNode => selection.kind === Kind.FIELD && selection.name.value === '_entities',
  );
}

/** The operation with another selection set: what it no longer uses is not declared, what the gate decides is. */
export function withSelections(
  operation: OperationDefinitionNode,
  selectionSet: SelectionSetNode,
  generated: readonly string[],
): DocumentNode {
  const used = variablesIn(selectionSet);
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value));
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        variableDefinitions: [...definitions, ...generated.map(booleanVariable)],
        selectionSet,
      },
    ],
  };
}

/** A query for entities of one type; the variables are those of the operation that the selections come from. */
export function entityQuery(
  type: string,
  selections: readonly SelectionNode[],
  origin: OperationDefinitionNode,
): DocumentNode {
  const entity = selectionSetOf([fragmentOn(type, selections)]);
  const used = variablesIn(entity);
  const entities: FieldNode = {
    ...fieldNode('_entities', undefined, entity),
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'representations' },
        value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'representations' } },
      },
    ],
  };
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        variableDefinitions: [
          REPRESENTATIONS,
          ...(origin.variableDefinitions ?? []).filter(
            ({ variable }) => used.has(variable.name.value) && variable.name.value !== 'representations',
          ),
        ],
        selectionSet: selectionSetOf([entities]),
      },
    ],
  };
}

function booleanVariable(name: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'Boolean' } } },
  };
}

/** `$representations: [_Any!]!` of the `_entities` field (Apollo Federation subgraph specification). */
const REPRESENTATIONS: VariableDefinitionNode = {
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'representations' } },
  type: {
    kind: Kind.NON_NULL_TYPE,
    type: {
      kind: Kind.LIST_TYPE,
      type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: '_Any' } } },
    },
  },
};

function variablesIn(selections: SelectionSetNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(selections, {
    Variable: ({ name }) => {
      names.add(name.value);
    },
  });
  return names;
}

/** The operation of a fetch with every named fragment put in place of its spreads; the gate then sees one shape. */
export function withoutNamedFragments(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined) {
    throw new Error('A fetch without an operation definition cannot be gated.');
  }
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  );
  if (fragments.size === 0) {
    return operation;
  }
  const expand = (selections: SelectionSetNode): SelectionSetNode =>
    selectionSetOf(
      selections.selections.map((selection): SelectionNode => {
        if (selection.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(selection.name.value);
          if (fragment === undefined) {
            throw new Error(`A fetch spreads the fragment "${selection.name.value}", which it does not define.`);
          }
          return {
            ...fragmentOn(undefined, expand(fragment.selectionSet).selections, selection.directives),
            typeCondition: fragment.typeCondition,
          };
        }
        return selection.selectionSet === undefined
          ? selection
          : { ...selection, selectionSet: expand(selection.selectionSet) };
      }),
    );
  return { ...operation, selectionSet: expand(operation.selectionSet) };
}
