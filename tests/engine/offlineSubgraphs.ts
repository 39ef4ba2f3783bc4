import {
  buildSchema,
  executeSync,
  GraphQLError,
  type GraphQLScalarType,
  type GraphQLSchema,
  parse,
  validate,
  valueFromASTUntyped,
} from 'graphql';

import { isJsonObject, type JsonObject } from '../../gateway/model/Json.ts';

/** A value of a subgraph given as a table: its type and its fields (named with their arguments where they have some). */
export type TableValue = { readonly t: string; readonly f: JsonObject };

export interface TableSubgraph {
  readonly sdl: string;
  readonly roots: JsonObject;
  readonly entities: readonly { readonly representation: JsonObject; readonly value: unknown }[];
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

export type AnswerOperation = (operation: string, variables: JsonObject) => Answer;

/** JSON text with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/** A subgraph that answers from a table, so that any plan over it can be executed. */
export function createTableSubgraph({ sdl, roots, entities }: TableSubgraph): AnswerOperation {
  const schema = buildSubgraphSchema(sdl);
  const exact = new Map(entities.map(({ representation, value }) => [canonical(representation), value]));
  const mostSpecific = [...entities].sort(
    (one, other) => canonical(other.representation).length - canonical(one.representation).length,
  );
  const entityFor = (representation: unknown): unknown => {
    const key = canonical(representation);
    if (exact.has(key)) {
      return exact.get(key);
    }
    const entry = mostSpecific.find((candidate) => isPart(candidate.representation, representation));
    if (entry === undefined) {
      throw new Error(`The table has no entity for ${key}`);
    }
    return entry.value;
  };
  const checked = (value: unknown): unknown => {
    if (isJsonObject(value) && typeof value.error === 'string') {
      throw new GraphQLError(value.error);
    }
    return value;
  };
  return (operation, variableValues) => {
    const document = parse(operation);
    const errors = validate(schema, document);
    if (errors.length > 0) {
      return { errors: errors.map((error) => error.toJSON()) };
    }
    const result = executeSync({
      schema,
      document,
      variableValues,
      rootValue: roots.Query ?? { t: 'Query', f: {} },
      typeResolver: (value) => (isJsonObject(value) && typeof value.t === 'string' ? value.t : undefined),
      fieldResolver: (source: TableValue, args: JsonObject, _context, { fieldName }) => {
        if (fieldName === '_entities' && Array.isArray(args.representations)) {
          return args.representations.map((representation: unknown) => {
            try {
              return checked(entityFor(representation));
            } catch (error) {
              return error;
            }
          });
        }
        const key = Object.keys(args).length > 0 ? `${fieldName}(${canonical(args)})` : fieldName;
        if (!Object.hasOwn(source.f, key)) {
          throw new Error(`The table has no ${source.t}.${key}`);
        }
        return checked(source.f[key]);
      },
    });
    return JSON.parse(JSON.stringify(result));
  };
}

/** A schema whose `_Any` takes every value. */
export function buildSubgraphSchema(sdl: string): GraphQLSchema {
  const schema = buildSchema(sdl, { assumeValidSDL: true, assumeValid: true });
  const any = schema.getType('_Any') as GraphQLScalarType | undefined;
  if (any !== undefined) {
    any.parseValue = (value) => value;
    any.parseLiteral = (node) => valueFromASTUntyped(node);
  }
  return schema;
}

function isPart(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.length === whole.length && part.every((item, i) => isPart(item, whole[i]));
  }
  if (isJsonObject(part)) {
    return isJsonObject(whole) && Object.entries(part).every(([name, value]) => isPart(value, whole[name]));
  }
  return part === whole;
}
