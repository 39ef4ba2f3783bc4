import {
  type DocumentNode,
  execute,
  type GraphQLSchema,
  type GraphQLFieldResolver,
  isUnionType,
  parse,
} from 'graphql';
import { buildSubgraphSchema } from '@apollo/subgraph';

import { type Thing, valueOf } from './data.ts';

/** A subgraph over the generated data. Its schema is real, and so is its executor. */
export function createGeneratedSubgraph(sdl: string) {
  const schema: GraphQLSchema = buildSubgraphSchema({ typeDefs: parse(sdl) });
  const documents = new Map<string, DocumentNode>();
  const fieldResolver: GraphQLFieldResolver<Thing | undefined, unknown> = (source, args, _context, info) => {
    if (info.fieldName === '_entities') {
      return (args.representations as readonly Record<string, string>[]).map(({ __typename = '', id, slug }) => ({
        type: __typename,
        id: id ?? slug ?? '',
      }));
    }
    return valueOf(schema, source ?? { type: 'Query', id: 'root' }, info.fieldName, args);
  };
  // The library's own resolvers look for reference resolvers and `__typename`; the data need none.
  const entity = schema.getType('_Entity');
  if (isUnionType(entity)) {
    entity.resolveType = (thing: Thing) => thing.type;
  }
  const query = schema.getQueryType()?.getFields();
  if (query?._entities !== undefined) {
    query._entities.resolve = fieldResolver;
  }
  return async ({ query, variables }: { query: string; variables?: Readonly<Record<string, unknown>> | undefined }) => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const { data, errors } = await execute({
      schema,
      document,
      variableValues: { ...variables },
      fieldResolver,
      typeResolver: (thing: Thing) => thing.type,
    });
    return { data, errors, maxAgeSeconds: 60 };
  };
}
