import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Takes the conditions of a field off it and puts them on a fragment around it, where none of its own selections is sure to be
 * there: `a @include(if: $x) { b @include(if: $y) }` becomes `... @include(if: $x) { a { b @include(if: $y) } }`.
 *
 * Both mean the same (GraphQL specification, section 6.3.2): where `$x` holds and `$y` does not, `a` is an object without
 * fields. @apollo/query-planner 2.14 takes the conditions of both together for those of a fetch
 * (`conditionsOfSelection`), so that `a` would be missing, and a mutation would not run; conditions of a fragment it reads right.
 */
export function keepObjects(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const fragments = new Map(
    document.definitions.flatMap((definition): readonly (readonly [string, FragmentDefinitionNode])[] =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  const types = new TypeInfo(schema);
  const keep = (field: FieldNode): ASTNode | undefined => {
    const conditions = field.directives?.filter(isCondition) ?? [];
    const type = getNamedType(types.getType());
    if (conditions.length === 0 || field.selectionSet === undefined || !isCompositeType(type)) {
      return undefined;
    }
    return hasSureField(field.selectionSet, type, { schema, fragments })
      ? undefined
      : {
          kind: Kind.INLINE_FRAGMENT,
          directives: conditions,
          selectionSet: {
            kind: Kind.SELECTION_SET,
            selections: [{ ...field, directives: field.directives?.filter((one) => !isCondition(one)) ?? [] }],
          },
        };
  };
  return visit(document, visitWithTypeInfo(types, { Field: { leave: keep } }));
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}

interface Selected {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Whether every object of the type has a field of the selection set, whatever the variables say. */
function hasSureField(set: SelectionSetNode, type: GraphQLCompositeType, selected: Selected): boolean {
  return set.selections.some((selection) => {
    if (selection.directives?.some(isCondition) === true) {
      return false;
    }
    if (selection.kind === Kind.FIELD) {
      return true;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : selected.fragments.get(selection.name.value);
    return (
      fragment !== undefined &&
      covers(fragment.typeCondition?.name.value, type, selected.schema) &&
      hasSureField(fragment.selectionSet, type, selected)
    );
  });
}

/** Whether each object of the type fulfils a type condition. */
function covers(condition: string | undefined, type: GraphQLCompositeType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) {
    return true;
  }
  const wider = schema.getType(condition);
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return isAbstractType(wider) && possible.every((one) => schema.isSubType(wider, one));
}
