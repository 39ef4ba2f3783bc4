import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import type { FeatureMap } from './readFeatures.ts';

/** What an operation does not get any more when flags are off for a municipality. */
export interface LostField {
  /** Undefined for an operation without a name. */
  readonly operation: string | undefined;
  readonly flag: string;
  /** Response names; `@` stands for every position of a list. */
  readonly path: readonly string[];
  readonly effect: /** The field is null, and nothing else. */
    | 'null'
    /** Its position may not be null, so the nearest place above it that may be is null: `taken`. */
    | 'takes-parents'
    /** A mutation: the whole operation is refused. */
    | 'refused';
  /** The place that a null takes along; the empty path is `data`. */
  readonly taken: readonly string[] | undefined;
  /** Where the field stands in the document; both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** A place in the answer that null may or may not stand in. */
interface Place {
  readonly path: readonly string[];
  readonly isNullable: boolean;
}

interface Surroundings {
  readonly type: GraphQLNamedType;
  /** From the root to the object at hand. */
  readonly places: readonly Place[];
  /** The slug that decides here; undefined: any. */
  readonly slug: string | undefined;
}

const MUNICIPALITY_TYPE = 'Municipality';

/**
 * The fields of a valid document that the municipality `slug` loses with the flags `off`. What names another
 * municipality in the document itself is not counted; what a variable names is. `@skip` and `@include` are not looked at.
 */
export function findLostFields(
  document: DocumentNode,
  {
    schema,
    features,
    off,
    slug,
  }: { schema: GraphQLSchema; features: FeatureMap; off: ReadonlySet<string>; slug: string },
): readonly LostField[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const lost = new Map<string, LostField>();
  for (const definition of document.definitions) {
    const root = definition.kind === Kind.OPERATION_DEFINITION ? schema.getRootType(definition.operation) : undefined;
    if (definition.kind === Kind.OPERATION_DEFINITION && root !== undefined && root !== null) {
      collect(definition, definition.selectionSet, {
        type: root,
        places: [{ path: [], isNullable: true }],
        slug: undefined,
      });
    }
  }
  return [...lost.values()];

  function collect(operation: OperationDefinitionNode, selections: SelectionSetNode, around: Surroundings): void {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        collectField(operation, selection, around);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value;
      const type = condition === undefined ? around.type : schema.getType(condition);
      if (fragment !== undefined && type !== undefined) {
        collect(operation, fragment.selectionSet, { ...around, type });
      }
    }
  }

  function collectField(
    operation: OperationDefinitionNode,
    node: FieldNode,
    { type, places, slug: above }: Surroundings,
  ): void {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    if (field === undefined) {
      return; // __typename and introspection
    }
    const named = getNamedType(field.type);
    const own = slugOf(node, field);
    const here = own ?? above;
    if (here !== undefined && here !== slug) {
      return;
    }
    const name = node.alias?.value ?? node.name.value;
    const below = [...places, ...placesOf(field.type, [...(places.at(-1)?.path ?? []), name])];
    for (const flag of flagsOf(type, field, named)) {
      note(operation, node, { flag, places: below, isRoot: places.length === 1 });
    }
    if (node.selectionSet !== undefined) {
      // Another municipality may stand below one, such as its neighbours.
      const inside = named.name === MUNICIPALITY_TYPE && own === undefined ? undefined : here;
      collect(operation, node.selectionSet, { type: named, places: below, slug: inside });
    }
  }

  /** The flags among `off` that gate a field, on its own type or on one that may stand in its place. */
  function flagsOf(
    type: GraphQLNamedType,
    { name }: GraphQLField<unknown, unknown>,
    named: GraphQLNamedType,
  ): Set<string> {
    const holders = [type, ...(isAbstractType(type) ? schema.getPossibleTypes(type) : [])];
    const results = [named, ...(isAbstractType(named) ? schema.getPossibleTypes(named) : [])];
    const flags = [
      ...holders.map((holder) => features.fields.get(`${holder.name}.${name}`)?.flag),
      ...results.map((result) => features.types.get(result.name)?.flag),
    ];
    return new Set(flags.filter((flag) => flag !== undefined && off.has(flag)) as string[]);
  }

  function note(
    operation: OperationDefinitionNode,
    node: FieldNode,
    { flag, places, isRoot }: { flag: string; places: readonly Place[]; isRoot: boolean },
  ): void {
    const own = places.at(-1);
    const nearest = places.findLast(({ isNullable }) => isNullable);
    const path = own?.path ?? [];
    const isRefused = isRoot && operation.operation === 'mutation';
    const effect = isRefused ? 'refused' : nearest === own ? 'null' : 'takes-parents';
    const operationName = operation.name?.value;
    lost.set(JSON.stringify([operationName, flag, path]), {
      operation: operationName,
      flag,
      path,
      effect,
      taken: effect === 'takes-parents' ? (nearest?.path ?? []) : undefined,
      line: node.loc?.startToken.line ?? 1,
      column: node.loc?.startToken.column ?? 1,
    });
  }
}

/** A field's own place, then one for the positions of each list in it. */
function placesOf(type: GraphQLOutputType, path: readonly string[]): readonly Place[] {
  const isNullable = !isNonNullType(type);
  const inner: GraphQLOutputType = isNonNullType(type) ? type.ofType : type;
  return [{ path, isNullable }, ...(isListType(inner) ? placesOf(inner.ofType, [...path, '@']) : [])];
}

/** The slug that a field's arguments spell out: `municipality(slug: "ulm")`, `createOffer(municipality: "ulm")`. */
function slugOf(node: FieldNode, field: GraphQLField<unknown, unknown>): string | undefined {
  const name = getNamedType(field.type).name === MUNICIPALITY_TYPE ? 'slug' : 'municipality';
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
