import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  getLocation,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  Kind,
  type Location,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  Source,
} from 'graphql';

import { textArgument } from './readFeatures.ts';

/** The SDL of one subgraph, and the file that it stands in if it stands in one. */
export interface SubgraphSdl {
  readonly name: string;
  readonly sdl: string;
  readonly file?: string | undefined;
}

/** A position in the SDL of a subgraph; lines and columns count from 1. */
export interface SdlPosition {
  readonly subgraph: string;
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
}

/** One `@feature` as it is written. */
export interface WrittenFeature {
  readonly position: SdlPosition;
  /** Undefined when the directive names none. */
  readonly flag: string | undefined;
  readonly municipalityPath: string | undefined;
}

export interface FieldDeclaration {
  /** The parent's name in the supergraph. */
  readonly type: string;
  readonly name: string;
  /** `Type.field`. */
  readonly coordinate: string;
  readonly node: FieldDefinitionNode;
  readonly position: SdlPosition;
  readonly feature: WrittenFeature | undefined;
  readonly isExternal: boolean;
  /** The selection of `@requires`. */
  readonly requires: string | undefined;
  /** The subgraph from which `@override` takes the field over. */
  readonly overrides: string | undefined;
}

export interface TypeDeclaration {
  /** The name in the supergraph. */
  readonly name: string;
  readonly feature: WrittenFeature | undefined;
  readonly position: SdlPosition;
  /** The selections of its `@key` directives. */
  readonly keys: readonly string[];
  /** Those by which the subgraph can be asked for entities. */
  readonly resolvableKeys: readonly string[];
  readonly fields: readonly FieldDeclaration[];
}

type FieldsNode =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InterfaceTypeExtensionNode;

/** Reads what each subgraph declares of objects and interfaces, with its position. The SDL is known to be valid. */
export function readDeclarations(subgraphs: readonly SubgraphSdl[]): readonly TypeDeclaration[] {
  return subgraphs.flatMap(({ name: subgraph, sdl, file }) => {
    const { definitions } = parse(new Source(sdl, file ?? subgraph));
    // Composition calls the root types Query, Mutation and Subscription, however a subgraph calls them.
    const rootNames = new Map<string, string>();
    for (const definition of definitions) {
      if (definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION) {
        for (const { operation, type } of definition.operationTypes ?? []) {
          rootNames.set(type.name.value, `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`);
        }
      }
    }
    const types = definitions.filter(isFieldsNode);
    return types.map((type): TypeDeclaration => {
      const typeName = rootNames.get(type.name.value) ?? type.name.value;
      return {
        name: typeName,
        feature: toFeature(type.directives),
        position: toPosition(type.name.loc),
        keys: named(type.directives, 'key').flatMap((key) => textArgument(key, 'fields') ?? []),
        resolvableKeys: named(type.directives, 'key')
          .filter((key) => !isFalse(key, 'resolvable'))
          .flatMap((key) => textArgument(key, 'fields') ?? []),
        fields: (type.fields ?? []).map((node) => ({
          type: typeName,
          name: node.name.value,
          coordinate: `${typeName}.${node.name.value}`,
          node,
          position: toPosition(node.name.loc),
          feature: toFeature(node.directives),
          isExternal: named(node.directives, 'external').length > 0 || named(type.directives, 'external').length > 0,
          requires: textArgument(named(node.directives, 'requires')[0], 'fields'),
          overrides: textArgument(named(node.directives, 'override')[0], 'from'),
        })),
      };
    });

    function toPosition(location: Location | undefined): SdlPosition {
      return toSdlPosition({ name: subgraph, file }, location);
    }

    function toFeature(directives: readonly ConstDirectiveNode[] | undefined): WrittenFeature | undefined {
      const [directive] = named(directives, 'feature');
      return directive === undefined
        ? undefined
        : {
            position: toPosition(directive.loc),
            flag: textArgument(directive, 'flag'),
            municipalityPath: textArgument(directive, 'municipality'),
          };
    }
  });
}

export function toSdlPosition({ name, file }: Omit<SubgraphSdl, 'sdl'>, location: Location | undefined): SdlPosition {
  const { line, column } =
    location === undefined ? { line: 1, column: 1 } : getLocation(location.source, location.start);
  return { subgraph: name, file, line, column };
}

function isFieldsNode(node: { readonly kind: Kind }): node is FieldsNode {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.OBJECT_TYPE_EXTENSION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_EXTENSION
  );
}

function isFalse(directive: ConstDirectiveNode, name: string): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN && !value.value;
}

/** The directives of this name, imported into the subgraph or called in full (`@federation__key`). */
function named(directives: readonly ConstDirectiveNode[] | undefined, name: string): readonly ConstDirectiveNode[] {
  return (directives ?? []).filter(
    (directive) => directive.name.value === name || directive.name.value === `federation__${name}`,
  );
}
