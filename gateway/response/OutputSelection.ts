import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import type { ResponseNames } from '../model/ResponseNames.ts';

/** A field that the client asked for, for one concrete type. */
export type OutputField =
  | { readonly kind: 'typename'; readonly outputName: string; readonly storedName: string }
  /** `__schema` and `__type`: the value is complete already. */
  | {
      readonly kind: 'introspection';
      readonly outputName: string;
      readonly storedName: string;
      readonly nodes: readonly FieldNode[];
    }
  | {
      readonly kind: 'field';
      readonly outputName: string;
      /** Its name in the merged answer. */
      readonly storedName: string;
      readonly parentType: string;
      readonly type: GraphQLOutputType;
      /** Undefined for scalars and enums. */
      readonly selection: OutputSelection | undefined;
    };

/**
 * A selection set of the client, or several that merge, with fragments and directives resolved
 * (GraphQL specification, section 6.3.2, CollectFields). Fields are collected for a type when an object of it is met.
 */
export interface OutputSelection {
  /** In the order in which they are written to the answer. */
  fieldsOf(typeName: string): readonly OutputField[];
}

export interface OutputContext {
  readonly schema: GraphQLSchema;
  readonly names: ResponseNames;
  /** Whether `@skip` and `@include` leave a selection in. */
  isIncluded(selection: SelectionSetNode['selections'][number]): boolean;
}

interface SelectedDocument {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly context: OutputContext;
}

/** What the answer to an operation holds. The document is the one that was planned. */
export function outputSelection(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  context: OutputContext,
): OutputSelection {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  return new CollectedSelection([operation.selectionSet], { fragments, context });
}

/** Most selections are of one type: no map is made for them. */
export class CollectedSelection implements OutputSelection {
  private readonly sets: readonly SelectionSetNode[];
  private readonly document: SelectedDocument;
  private typeName: string | undefined;
  private fields: readonly OutputField[] = [];
  private others: Map<string, readonly OutputField[]> | undefined;

  constructor(sets: readonly SelectionSetNode[], document: SelectedDocument) {
    this.sets = sets;
    this.document = document;
  }

  fieldsOf(typeName: string): readonly OutputField[] {
    if (this.typeName === typeName) {
      return this.fields;
    }
    const known = this.others?.get(typeName);
    if (known !== undefined) {
      return known;
    }
    const fields = [...collect(this.sets, typeName, this.document)].map(([storedName, nodes]) =>
      outputField(storedName, nodes, typeName, this.document),
    );
    if (this.typeName === undefined) {
      this.typeName = typeName;
      this.fields = fields;
    } else {
      this.others ??= new Map();
      this.others.set(typeName, fields);
    }
    return fields;
  }
}

/** Field nodes by response name, in the order of the first of each. */
function collect(
  sets: readonly SelectionSetNode[],
  typeName: string,
  { fragments, context }: SelectedDocument,
): ReadonlyMap<string, FieldNode[]> {
  const grouped = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const visit = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!context.isIncluded(selection)) {
        continue;
      }
      switch (selection.kind) {
        case Kind.FIELD: {
          const name = (selection.alias ?? selection.name).value;
          const nodes = grouped.get(name);
          if (nodes === undefined) {
            grouped.set(name, [selection]);
          } else {
            nodes.push(selection);
          }
          break;
        }
        case Kind.INLINE_FRAGMENT: {
          const condition = selection.typeCondition?.name.value;
          if (condition === undefined || applies(context.schema, condition, typeName)) {
            visit(selection.selectionSet);
          }
          break;
        }
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          if (fragment === undefined || visited.has(selection.name.value)) {
            break;
          }
          visited.add(selection.name.value);
          if (applies(context.schema, fragment.typeCondition.name.value, typeName)) {
            visit(fragment.selectionSet);
          }
          break;
        }
      }
    }
  };
  for (const set of sets) {
    visit(set);
  }
  return grouped;
}

function applies(schema: GraphQLSchema, condition: string, typeName: string): boolean {
  if (condition === typeName) {
    return true;
  }
  const conditionType = schema.getType(condition);
  const type = schema.getType(typeName);
  return isAbstractType(conditionType) && (isObjectType(type) || isInterfaceType(type))
    ? schema.isSubType(conditionType, type)
    : false;
}

function outputField(
  storedName: string,
  nodes: readonly FieldNode[],
  typeName: string,
  document: SelectedDocument,
): OutputField {
  const { context } = document;
  const [node] = nodes;
  if (node === undefined) {
    throw new Error('A response name without a field.');
  }
  const outputName = context.names.toClient(storedName);
  const fieldName = node.name.value;
  if (fieldName === '__typename') {
    return { kind: 'typename', outputName, storedName };
  }
  if (fieldName === '__schema' || fieldName === '__type') {
    return { kind: 'introspection', outputName, storedName, nodes };
  }
  const definition = objectType(context.schema, typeName).getFields()[fieldName];
  if (definition === undefined) {
    throw new Error(`The type ${typeName} has no field ${fieldName}.`);
  }
  // A copy has no room to spare.
  const sets = nodes.flatMap((field) => field.selectionSet ?? []).slice();
  return {
    kind: 'field',
    outputName,
    storedName,
    parentType: typeName,
    type: definition.type,
    selection: sets.length === 0 ? undefined : new CollectedSelection(sets, document),
  };
}

/** Behind an `@interfaceObject` the concrete type may not be known; then the interface stands for it. */
function objectType(schema: GraphQLSchema, typeName: string): Pick<GraphQLObjectType, 'getFields'> {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) {
    throw new Error(`${typeName} is not a type with fields.`);
  }
  return type;
}
