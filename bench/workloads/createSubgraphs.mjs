import {
  buildASTSchema,
  defaultFieldResolver,
  getNullableType,
  graphqlSync,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';

/**
 * Subgraphs that answer in process with graphql-js: `{ name: { sdl, root, entities } }`, where `sdl` is a subgraph SDL of either
 * Federation version, `root` the root value, and `entities(representation)` what a representation stands for.
 */
export function createSubgraphs(parts) {
  const schemas = Object.fromEntries(
    Object.entries(parts).map(([name, { sdl, root, entities }]) => [
      name,
      {
        schema: subgraphSchema(sdl),
        rootValue: {
          ...root,
          _entities: ({ representations }) => representations.map(entities),
          _service: { sdl },
        },
      },
    ]),
  );
  return (name, { query, variables, operationName }) => {
    const { schema, rootValue } = schemas[name];
    return graphqlSync({ schema, rootValue, source: query, variableValues: variables, operationName, fieldResolver });
  };
}

/** What the data does not hold is null, or where null may not be, the least value of the type. */
function fieldResolver(source, args, context, info) {
  const value = defaultFieldResolver(source, args, context, info);
  return value === undefined && isNonNullType(info.returnType) ? leastOf(getNullableType(info.returnType)) : value;
}

const LEAST = { Int: 0, Float: 0, Boolean: false };

function leastOf(type) {
  if (isListType(type)) {
    return [];
  }
  if (isEnumType(type)) {
    return type.getValues()[0].value;
  }
  return isLeafType(type) ? (LEAST[type.name] ?? '') : { __typename: isObjectType(type) ? type.name : undefined };
}

/** The schema that a subgraph of this SDL serves (Apollo Federation subgraph specification). */
function subgraphSchema(sdl) {
  const definitions = parse(sdl)
    .definitions.filter(({ kind }) => kind !== 'SchemaExtension' && kind !== 'DirectiveDefinition')
    .map((node) => ({ ...node, kind: node.kind.replace('Extension', 'Definition') }));
  const entities = definitions
    .filter(({ directives = [] }) => directives.some(({ name }) => name.value === 'key'))
    .map(({ name }) => name.value);
  const federation = parse(`scalar _Any
    type _Service { sdl: String }
    type Query {
      _service: _Service!
      ${entities.length > 0 ? '_entities(representations: [_Any!]!): [_Entity]!' : ''}
    }
    ${entities.length > 0 ? `union _Entity = ${[...new Set(entities)].join(' | ')}` : ''}`).definitions;
  const query = definitions.find(({ name }) => name?.value === 'Query');
  const ownQuery = federation.find(({ name }) => name.value === 'Query');
  return buildASTSchema(
    {
      kind: 'Document',
      definitions: [
        ...definitions.filter((node) => node !== query),
        ...federation.filter((node) => node !== ownQuery),
        { ...ownQuery, fields: [...(query?.fields ?? []), ...ownQuery.fields] },
      ],
    },
    { assumeValidSDL: true },
  );
}

/** A supergraph whose subgraphs all listen on one port, each at the path of its name. */
export function supergraphAt(supergraphSdl, port) {
  return supergraphSdl.replace(
    /@join__graph\(name: "([^"]+)",? url: "[^"]*"\)/g,
    (_, name) => `@join__graph(name: "${name}", url: "http://127.0.0.1:${port}/${name}")`,
  );
}

/**
 * A subgraph SDL in the form of Federation 1: without the directives that came later, and with the entities that `owns` refuses
 * as extensions of another subgraph's.
 */
export function toFederation1(sdl, owns) {
  const isKey = ({ name }) => name.value === 'key';
  const document = visit(parse(sdl), {
    SchemaExtension: () => null,
    DirectiveDefinition: () => null,
    Directive: ({ name }) => (['key', 'external'].includes(name.value) ? undefined : null),
    ObjectTypeDefinition(node) {
      if (node.name.value === 'Query') {
        return { ...node, kind: Kind.OBJECT_TYPE_EXTENSION };
      }
      const key = node.directives.find(isKey)?.arguments[0].value.value;
      if (key === undefined || owns(node.name.value)) {
        return undefined;
      }
      const external = parse('type T { f: F @external }').definitions[0].fields[0].directives;
      const fields = node.fields.map((field) =>
        field.name.value === key ? { ...field, directives: [...field.directives, ...external] } : field,
      );
      return { ...node, kind: Kind.OBJECT_TYPE_EXTENSION, fields };
    },
  });
  return print(document);
}
