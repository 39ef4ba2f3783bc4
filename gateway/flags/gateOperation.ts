import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

import type { FeatureMap } from '../../schema/features/readFeatures.ts';
import type { Binding, EntityGate, FetchGate, GateVariable } from '../model/FetchGate.ts';

/** The type whose key decides, and that key. */
export const MUNICIPALITY_TYPE = 'Municipality';
export const MUNICIPALITY_KEY = 'slug';

/** Stands in for the key when the operation already uses its name for something else. */
const SPARE_KEY_ALIAS = 'civigraphMunicipalitySlug';

/** Selections on municipalities that only their own fetch yields, to be asked for in an entity fetch behind it. */
export interface LiftedSelections {
  /** From the fetch's position to the municipality; `@` for each list. */
  readonly path: readonly string[];
  /** The entity query. */
  readonly document: DocumentNode;
  /** The response name under which the fetch yields the municipality's key. */
  readonly keyAlias: string;
}

export interface GatedOperation {
  readonly document: DocumentNode;
  readonly gate: FetchGate | undefined;
  readonly lifted: readonly LiftedSelections[];
}

/** What encloses a selection: how its municipality is known. */
type Enclosing =
  | { readonly kind: 'none' }
  | { readonly kind: 'bound'; readonly binding: Binding }
  /** An object of this very fetch; what needs its key goes into `lifts`, behind the conditions that stand between. */
  | { readonly kind: 'yielded'; readonly lifts: Lift[]; readonly conditions: readonly (readonly DirectiveNode[])[] };

interface Lift {
  readonly flags: readonly string[];
  readonly selection: SelectionNode;
}

/** Gates the operation of one fetch. See gatePlan for the rules; entity queries and root operations take the same way. */
export function gateOperation(
  original: DocumentNode,
  { schema, features }: { schema: GraphQLSchema; features: FeatureMap },
): GatedOperation {
  const operation = withoutNamedFragments(original);
  const rootType = schema.getRootType(operation.operation);
  if (rootType === undefined || rootType === null) {
    return { document: original, gate: undefined, lifted: [] };
  }
  const taken = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const variables = new Map<string, GateVariable & { paths: (readonly string[])[] }>();
  const entities = new Map<string, EntityGate>();
  const unbound: { flags: readonly string[]; path: readonly string[] }[] = [];
  const lifted: LiftedSelections[] = [];

  const entitiesField = operation.selectionSet.selections.find(
    (selection): selection is FieldNode => selection.kind === Kind.FIELD && selection.name.value === '_entities',
  );
  const selectionSet =
    entitiesField === undefined
      ? gateSelections(operation.selectionSet, rootType.name, { kind: 'none' }, [])
      : { ...operation.selectionSet, selections: [{ ...entitiesField, selectionSet: gateEntities(entitiesField) }] };

  const isChanged = variables.size > 0 || entities.size > 0 || unbound.length > 0 || lifted.length > 0;
  const document: DocumentNode = isChanged
    ? toDocument(
        operation,
        selectionSet,
        [...variables.keys()].map((key) => variables.get(key)?.name ?? ''),
      )
    : original;
  const isGated = variables.size > 0 || entities.size > 0 || unbound.length > 0;
  return {
    document,
    lifted,
    gate: isGated
      ? {
          variables: [...variables.values()],
          entities,
          unbound,
          skippedWithout: entitiesField === undefined ? conditionsOf(selectionSet) : undefined,
        }
      : undefined,
  };

  function gateEntities(field: FieldNode): SelectionSetNode {
    const selections = (field.selectionSet?.selections ?? []).map((selection): SelectionNode => {
      if (selection.kind !== Kind.INLINE_FRAGMENT || selection.typeCondition === undefined) {
        return selection;
      }
      const type = selection.typeCondition.name.value;
      const enclosing: Enclosing =
        type === MUNICIPALITY_TYPE ? { kind: 'bound', binding: { kind: 'representation' } } : { kind: 'none' };
      const whole = type === MUNICIPALITY_TYPE ? flagsOfWhole(selection.selectionSet, type) : undefined;
      if (whole !== undefined) {
        entities.set(type, whole);
      }
      const inner = gateSelections(selection.selectionSet, type, enclosing, [], whole?.flags);
      return { ...selection, selectionSet: inner };
    });
    return { kind: Kind.SELECTION_SET, selections };
  }

  /** The flags that every field of an entity's selection has in common, when they stand for the whole of it. */
  function flagsOfWhole(selections: SelectionSetNode, type: string): EntityGate | undefined {
    const fields = fieldsOf(selections).filter(({ name }) => name.value !== '__typename');
    const flags = fields.map((field) => flagsOf(type, field));
    const first = flags[0];
    if (first === undefined || first.length === 0 || flags.some((each) => each.join() !== first.join())) {
      return undefined;
    }
    return { flags: first, paths: fields.map((field) => [responseName(field)]) };
  }

  function gateSelections(
    selections: SelectionSetNode,
    parentType: string,
    enclosing: Enclosing,
    path: readonly string[],
    decided: readonly string[] = [],
  ): SelectionSetNode {
    const kept = selections.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return gateFragment(selection, parentType, enclosing, path, decided);
      }
      return selection.kind === Kind.FIELD ? gateField(selection, parentType, enclosing, path, decided) : [selection];
    });
    return { kind: Kind.SELECTION_SET, selections: kept.length === 0 ? [TYPENAME] : kept };
  }

  function gateFragment(
    fragment: InlineFragmentNode,
    parentType: string,
    enclosing: Enclosing,
    path: readonly string[],
    decided: readonly string[],
  ): SelectionNode[] {
    const type = fragment.typeCondition?.name.value ?? parentType;
    if (type === MUNICIPALITY_TYPE && parentType !== MUNICIPALITY_TYPE) {
      return [{ ...fragment, selectionSet: gateMunicipality(fragment.selectionSet, path) }];
    }
    const conditional: Enclosing =
      enclosing.kind === 'yielded' && fragment.directives !== undefined && fragment.directives.length > 0
        ? { ...enclosing, conditions: [...enclosing.conditions, fragment.directives] }
        : enclosing;
    const inner = gateSelections(fragment.selectionSet, type, conditional, path, decided);
    return inner.selections.length === 1 && inner.selections[0] === TYPENAME
      ? []
      : [{ ...fragment, selectionSet: inner }];
  }

  function gateField(
    field: FieldNode,
    parentType: string,
    enclosing: Enclosing,
    path: readonly string[],
    decided: readonly string[],
  ): SelectionNode[] {
    const definition = fieldDefinition(parentType, field);
    if (definition === undefined) {
      return [field];
    }
    const flags = flagsOf(parentType, field).filter((flag) => !decided.includes(flag));
    const here = [...path, responseName(field)];
    if (
      enclosing.kind === 'yielded' &&
      (flags.length > 0 || holdsGated(field.selectionSet, getNamedType(definition.type).name))
    ) {
      enclosing.lifts.push({ flags, selection: behind(enclosing.conditions, field) });
      return [];
    }
    const isRoot = path.length === 0 && isRootType(parentType);
    const own = isRoot ? argumentBinding(field, definition, 'municipality') : undefined;
    const outer: Enclosing = own === undefined ? enclosing : { kind: 'bound', binding: own };
    const gated =
      field.selectionSet === undefined
        ? field
        : { ...field, selectionSet: gateBelow(field, definition, outer, here, isRoot) };
    if (flags.length === 0) {
      return [gated];
    }
    if (isRoot && operation.operation === OperationTypeNode.MUTATION) {
      return [gated]; // a disabled mutation never comes this far: the whole operation is refused before
    }
    if (outer.kind !== 'bound') {
      unbound.push({ flags, path: here });
      return [];
    }
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        directives: [includeIf(variableFor(flags, outer.binding, here))],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [gated] },
      },
    ];
  }

  function gateBelow(
    field: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    enclosing: Enclosing,
    path: readonly string[],
    isRoot: boolean,
  ): SelectionSetNode {
    const selections = field.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] };
    const type = getNamedType(definition.type).name;
    const below = [...path, ...listMarks(definition.type)];
    if (type !== MUNICIPALITY_TYPE) {
      return gateSelections(selections, type, enclosing, below);
    }
    const slug =
      isRoot && below.length === path.length ? argumentBinding(field, definition, MUNICIPALITY_KEY) : undefined;
    return slug === undefined
      ? gateMunicipality(selections, below)
      : gateSelections(selections, type, { kind: 'bound', binding: slug }, below);
  }

  /** A municipality that this fetch yields: what needs its slug goes into an entity fetch behind. */
  function gateMunicipality(selections: SelectionSetNode, path: readonly string[]): SelectionSetNode {
    const lifts: Lift[] = [];
    const rest = gateSelections(selections, MUNICIPALITY_TYPE, { kind: 'yielded', lifts, conditions: [] }, path);
    if (lifts.length === 0) {
      return rest;
    }
    const names = new Map(fieldsOf(rest).map((field) => [responseName(field), field.name.value]));
    const keyAlias =
      (names.get(MUNICIPALITY_KEY) ?? MUNICIPALITY_KEY) === MUNICIPALITY_KEY ? MUNICIPALITY_KEY : SPARE_KEY_ALIAS;
    for (const selections of groupByFlags(lifts)) {
      lifted.push({ path, keyAlias, document: entityQuery(selections, operation) });
    }
    return {
      kind: Kind.SELECTION_SET,
      selections: [TYPENAME, keyField(keyAlias), ...rest.selections.filter((selection) => selection !== TYPENAME)],
    };
  }

  function variableFor(flags: readonly string[], binding: Binding, path: readonly string[]): string {
    const key = JSON.stringify([flags, binding]);
    const known = variables.get(key);
    if (known !== undefined) {
      known.paths.push(path);
      return known.name;
    }
    let name = `feature${variables.size}`;
    while (taken.has(name)) {
      name = `_${name}`;
    }
    taken.add(name);
    variables.set(key, { name, flags, binding, paths: [path] });
    return name;
  }

  /** Whether something below is gated and bound to what encloses here (not to a municipality further in). */
  function holdsGated(selections: SelectionSetNode | undefined, type: string): boolean {
    return (selections?.selections ?? []).some((selection): boolean => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const inner = selection.typeCondition?.name.value ?? type;
        return inner === MUNICIPALITY_TYPE ? false : holdsGated(selection.selectionSet, inner);
      }
      if (selection.kind !== Kind.FIELD || type === MUNICIPALITY_TYPE) {
        return false;
      }
      const definition = fieldDefinition(type, selection);
      return (
        flagsOf(type, selection).length > 0 ||
        (definition !== undefined && holdsGated(selection.selectionSet, getNamedType(definition.type).name))
      );
    });
  }

  /** The flags of a field: its own and those of the type that it returns. */
  function flagsOf(parentType: string, field: FieldNode): readonly string[] {
    const definition = fieldDefinition(parentType, field);
    const own = features.fields.get(`${parentType}.${field.name.value}`)?.flag;
    const returned =
      definition === undefined ? undefined : features.types.get(getNamedType(definition.type).name)?.flag;
    return [...new Set([own, returned].filter((flag) => flag !== undefined))].sort();
  }

  function fieldDefinition(parentType: string, field: FieldNode): GraphQLField<unknown, unknown> | undefined {
    const type = schema.getType(parentType);
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[field.name.value] : undefined;
  }

  function isRootType(name: string): boolean {
    return name === rootType?.name && entitiesField === undefined;
  }
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function keyField(alias: string): FieldNode {
  const name = { kind: Kind.NAME, value: MUNICIPALITY_KEY } as const;
  return {
    kind: Kind.FIELD,
    name,
    ...(alias === MUNICIPALITY_KEY ? {} : { alias: { kind: Kind.NAME, value: alias } }),
  };
}

function responseName(field: FieldNode): string {
  return field.alias?.value ?? field.name.value;
}

/** All fields of a selection, those of its fragments included. */
function fieldsOf(selections: SelectionSetNode): FieldNode[] {
  return selections.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD
      ? [selection]
      : selection.kind === Kind.INLINE_FRAGMENT
        ? fieldsOf(selection.selectionSet)
        : [],
  );
}

function listMarks(type: GraphQLOutputType): string[] {
  if (isNonNullType(type)) {
    return listMarks(type.ofType);
  }
  return isListType(type) ? ['@', ...listMarks(type.ofType)] : [];
}

function argumentBinding(
  field: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  name: string,
): Binding | undefined {
  const argument: ArgumentNode | undefined = field.arguments?.find((each) => each.name.value === name);
  return argument !== undefined && definition.args.some((each) => each.name === name)
    ? { kind: 'argument', value: argument.value }
    : undefined;
}

function includeIf(variable: string) {
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
  } as const;
}

/** The variables that every root selection stands behind; undefined when one stands behind none. */
function conditionsOf(selections: SelectionSetNode): readonly string[] | undefined {
  const names = new Set<string>();
  for (const selection of selections.selections) {
    const condition =
      selection.kind === Kind.INLINE_FRAGMENT ? selection.directives?.[0]?.arguments?.[0]?.value : undefined;
    if (
      condition?.kind !== Kind.VARIABLE ||
      selection.kind !== Kind.INLINE_FRAGMENT ||
      selection.typeCondition !== undefined
    ) {
      return undefined;
    }
    names.add(condition.name.value);
  }
  return [...names];
}

/** A selection inside one conditional fragment for each set of directives, the outermost first. */
function behind(conditions: readonly (readonly DirectiveNode[])[], selection: SelectionNode): SelectionNode {
  return conditions.reduceRight<SelectionNode>(
    (inner, directives) => ({
      kind: Kind.INLINE_FRAGMENT,
      directives,
      selectionSet: { kind: Kind.SELECTION_SET, selections: [inner] },
    }),
    selection,
  );
}

function groupByFlags(lifts: readonly Lift[]): readonly (readonly SelectionNode[])[] {
  const groups = new Map<string, SelectionNode[]>();
  for (const { flags, selection } of lifts) {
    const key = flags.join();
    groups.set(key, [...(groups.get(key) ?? []), selection]);
  }
  return [...groups.values()];
}

function toDocument(
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
        variableDefinitions: [...definitions, ...generated.map((name) => variableDefinition(name, 'Boolean'))],
        selectionSet,
      },
    ],
  };
}

function entityQuery(selections: readonly SelectionNode[], origin: OperationDefinitionNode): DocumentNode {
  const entity: InlineFragmentNode = {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: MUNICIPALITY_TYPE } },
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const used = variablesIn(entity.selectionSet);
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
        selectionSet: {
          kind: Kind.SELECTION_SET,
          selections: [
            {
              kind: Kind.FIELD,
              name: { kind: Kind.NAME, value: '_entities' },
              arguments: [
                {
                  kind: Kind.ARGUMENT,
                  name: { kind: Kind.NAME, value: 'representations' },
                  value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'representations' } },
                },
              ],
              selectionSet: { kind: Kind.SELECTION_SET, selections: [entity] },
            },
          ],
        },
      },
    ],
  };
}

function variableDefinition(name: string, type: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } },
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

/** The operation with every named fragment put in place of its spreads; the gate then sees one shape. */
function withoutNamedFragments(document: DocumentNode): OperationDefinitionNode {
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
  const expand = (selections: SelectionSetNode): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment === undefined) {
          throw new Error(`A fetch spreads the fragment "${selection.name.value}", which it does not define.`);
        }
        return {
          kind: Kind.INLINE_FRAGMENT,
          typeCondition: fragment.typeCondition,
          ...(selection.directives === undefined ? {} : { directives: selection.directives }),
          selectionSet: expand(fragment.selectionSet),
        };
      }
      return selection.selectionSet === undefined
        ? selection
        : { ...selection, selectionSet: expand(selection.selectionSet) };
    }),
  });
  return { ...operation, selectionSet: expand(operation.selectionSet) };
}
