import { type ConstDirectiveNode, Kind, parse } from 'graphql';

/** Whether a subgraph itself promises that a field is never null; the supergraph may promise less. */
export type IsNonNullIn = (subgraph: string, typeName: string, fieldName: string) => boolean;

/** Reads it from the `@join__field(type:)`s of a supergraph, which are there where a subgraph's type is not the supergraph's. */
export function readNonNullFields(supergraphSdl: string): IsNonNullIn {
  const graphNames = new Map<string, string>();
  const fields = new Set<string>();
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  for (const definition of definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
      for (const { name, directives } of definition.values ?? []) {
        graphNames.set(name.value, textOf(directives?.[0], 'name') ?? name.value);
      }
    }
  }
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
      continue;
    }
    for (const field of definition.fields ?? []) {
      for (const directive of field.directives ?? []) {
        if (directive.name.value === 'join__field' && textOf(directive, 'type')?.endsWith('!') === true) {
          const graph = graphNames.get(textOf(directive, 'graph') ?? '');
          fields.add(`${graph}.${definition.name.value}.${field.name.value}`);
        }
      }
    }
  }
  return (subgraph, typeName, fieldName) => fields.has(`${subgraph}.${typeName}.${fieldName}`);
}

function textOf(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
