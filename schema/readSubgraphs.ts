import { type ConstDirectiveNode, Kind, parse } from 'graphql';

/** The subgraphs of a supergraph and where each says that it listens (`@join__graph` on the values of `join__Graph`). */
export function readSubgraphs(supergraphSdl: string): readonly { readonly name: string; readonly url: string }[] {
  const graphs = parse(supergraphSdl, { noLocation: true }).definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return values.flatMap(({ directives }) => {
    const directive = directives?.find(({ name }) => name.value === 'join__graph');
    return directive === undefined ? [] : [{ name: textOf(directive, 'name'), url: textOf(directive, 'url') }];
  });
}

function textOf({ arguments: given = [] }: ConstDirectiveNode, name: string): string {
  const value = given.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
