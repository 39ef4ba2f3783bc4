import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

/** Names of the key fields by which a subgraph knows a type, as far as their values can be compared. */
export type EntityKeys = (subgraph: string, typeName: string) => readonly string[];

/** Values of other types may come back in another notation (a custom scalar), or have parts. */
const COMPARABLE: ReadonlySet<string> = new Set(['ID', 'String', 'Int', 'Boolean']);

/** Reads them from the `@join__type`s of a supergraph. */
export function readEntityKeys(supergraphSdl: string): EntityKeys {
  const graphNames = new Map<string, string>();
  const keys = new Map<string, Set<string>>();
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
      for (const { name, directives } of definition.values ?? []) {
        graphNames.set(name.value, textOf(directives?.[0], 'name') ?? name.value);
      }
    }
  }
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
      continue;
    }
    for (const directive of definition.directives ?? []) {
      const key = directive.name.value === 'join__type' ? textOf(directive, 'key') : undefined;
      if (key !== undefined && textOf(directive, 'resolvable') !== 'false') {
        const place = `${graphNames.get(textOf(directive, 'graph') ?? '')}.${definition.name.value}`;
        const known = keys.get(place) ?? new Set();
        keys.set(place, known);
        for (const name of comparableFields(key, definition.fields ?? [])) {
          known.add(name);
        }
      }
    }
  }
  return (subgraph, typeName) => [...(keys.get(`${subgraph}.${typeName}`) ?? [])];
}

function comparableFields(key: string, fields: readonly FieldDefinitionNode[]): readonly string[] {
  const [definition] = parse(`{${key}}`, { noLocation: true }).definitions;
  const set: SelectionSetNode | undefined =
    definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
  return (set?.selections ?? []).flatMap((selection) => {
    const field = fields.find(({ name }) => selection.kind === Kind.FIELD && name.value === selection.name.value);
    return field !== undefined && COMPARABLE.has(typeNameOf(field.type)) ? [field.name.value] : [];
  });
}

/** The name of a type that is no list. */
function typeNameOf(type: TypeNode): string {
  switch (type.kind) {
    case Kind.NAMED_TYPE:
      return type.name.value;
    case Kind.NON_NULL_TYPE:
      return typeNameOf(type.type);
    case Kind.LIST_TYPE:
      return '';
  }
}

function textOf(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  switch (value?.kind) {
    case Kind.STRING:
    case Kind.ENUM:
      return value.value;
    case Kind.BOOLEAN:
      return String(value.value);
    default:
      return undefined;
  }
}
