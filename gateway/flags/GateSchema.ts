import {
  type ConstDirectiveNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';

import { type Feature, type FeatureMap, readFeatures, textArgument } from '../../schema/features/readFeatures.ts';

/** The type whose key decides, and that key. */
export const MUNICIPALITY_TYPE = 'Municipality';
export const MUNICIPALITY_KEY = 'slug';

/** Stands in for that key in an answer where its name may mean something else. */
export const SPARE_KEY_ALIAS = 'civigraphSlug';

/** What the gate knows of a supergraph. */
export interface GateSchema {
  readonly schema: GraphQLSchema;
  readonly features: FeatureMap;
  /** The concrete types that an abstract type can have in a subgraph; undefined where it has no implementations there. */
  possibleTypes(subgraph: string, type: string): readonly string[] | undefined;
  /** Concrete types of an abstract type in all subgraphs; of another type itself alone. */
  concreteTypes(type: string): readonly string[];
  /** The names of the fields of a key by which a subgraph can be asked for entities of a type. */
  keyOf(subgraph: string, type: string): readonly string[] | undefined;
  field(type: string, name: string): GraphQLField<unknown, unknown> | undefined;
  isRoot(type: string): boolean;
  isAbstract(type: string): boolean;
  /** What gates a field: its own directive, and that of the object type which it returns. */
  gatesOf(type: string, field: FieldNode): FieldGates;
}

export interface FieldGates {
  /** Without repetition, sorted. */
  readonly flags: readonly string[];
  readonly own: Feature | undefined;
  readonly returned: Feature | undefined;
}

const NO_GATES: FieldGates = { flags: [], own: undefined, returned: undefined };

/** Reads a supergraph for the gate. `schema` is the supergraph's, which knows every type that a fetch can meet. */
export function createGateSchema(supergraphSdl: string, schema: GraphQLSchema): GateSchema {
  const features = readFeatures(supergraphSdl);
  const { possible, keys } = readJoins(supergraphSdl);

  function field(type: string, name: string): GraphQLField<unknown, unknown> | undefined {
    const parent = schema.getType(type);
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  }

  /** A field that names no path takes that of its type. */
  function pathOf({ municipalityPath }: Feature, type: string): string | undefined {
    return municipalityPath ?? features.types.get(type)?.municipalityPath;
  }

  return {
    schema,
    features,
    field,
    possibleTypes: (subgraph, type) => possible.get(`${subgraph} ${type}`),
    concreteTypes(type) {
      const found = schema.getType(type);
      return isAbstractType(found) ? schema.getPossibleTypes(found).map(({ name }) => name) : [type];
    },
    keyOf: (subgraph, type) => keys.get(`${subgraph} ${type}`),
    isRoot: (type) =>
      [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
        (root) => root?.name === type,
      ),
    isAbstract: (type) => isAbstractType(schema.getType(type)),
    gatesOf(type, node) {
      const onField = features.fields.get(`${type}.${node.name.value}`);
      const own = onField === undefined ? undefined : { ...onField, municipalityPath: pathOf(onField, type) };
      const definition = features.types.size === 0 ? undefined : field(type, node.name.value);
      const returned = definition === undefined ? undefined : features.types.get(getNamedType(definition.type).name);
      if (own === undefined && returned === undefined) {
        return NO_GATES;
      }
      const flags = [...new Set([own?.flag, returned?.flag].filter((flag) => flag !== undefined))].sort();
      return { flags, own, returned };
    },
  };
}

/** What the join directives say of each subgraph: `subgraph Type` to its concrete types, and to the fields of its key. */
function readJoins(supergraphSdl: string) {
  const names = new Map<string, string>();
  const possible = new Map<string, string[]>();
  const keys = new Map<string, readonly string[]>();
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  for (const definition of definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
      for (const { name, directives } of definition.values ?? []) {
        names.set(name.value, textArgument(directives?.[0], 'name') ?? name.value);
      }
    }
  }
  for (const definition of definitions) {
    if (!('name' in definition) || !('directives' in definition)) {
      continue;
    }
    const type = definition.name?.value ?? '';
    for (const directive of (definition.directives ?? []) as readonly ConstDirectiveNode[]) {
      const subgraph = graphOf(directive, names);
      const add = (abstract: string | undefined, member: string | undefined): void => {
        const key = `${subgraph} ${abstract}`;
        possible.set(key, [...(possible.get(key) ?? []), member ?? '']);
      };
      if (directive.name.value === 'join__unionMember') {
        add(type, textArgument(directive, 'member'));
      } else if (directive.name.value === 'join__implements' && definition.kind === Kind.OBJECT_TYPE_DEFINITION) {
        add(textArgument(directive, 'interface'), type);
      } else if (directive.name.value === 'join__type') {
        const key = textArgument(directive, 'key');
        const fields = key === undefined || isFalse(directive, 'resolvable') ? undefined : plainFields(key);
        const name = `${subgraph} ${type}`;
        if (fields !== undefined && !keys.has(name)) {
          keys.set(name, fields);
        }
      }
    }
  }
  return { possible, keys };
}

/** The fields of a key that has no fields below fields; undefined for others. */
export function plainFields(key: string): readonly string[] | undefined {
  return /^\s*\w+(?:[\s,]+\w+)*\s*$/.test(key) ? key.split(/[\s,]+/).filter((name) => name !== '') : undefined;
}

function graphOf(directive: ConstDirectiveNode, names: ReadonlyMap<string, string>): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === 'graph')?.value;
  return value?.kind === Kind.ENUM ? names.get(value.value) : undefined;
}

function isFalse(directive: ConstDirectiveNode, name: string): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN && !value.value;
}
