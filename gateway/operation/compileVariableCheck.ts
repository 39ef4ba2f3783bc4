import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLSchema,
  GraphQLString,
  type GraphQLType,
  isEnumType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

import { type JsonObject, ownValue } from '../model/Json.ts';

type Check = (value: unknown) => boolean;

/** A GraphQL Int has 32 bits (GraphQL specification, section 3.5.1). */
const isInt: Check = (value) => Number.isInteger(value) && value === (value as number) << 0;

const CHECKS = new Map<GraphQLType, Check>([
  [GraphQLString, (value) => typeof value === 'string'],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLInt, isInt],
  [GraphQLFloat, (value) => typeof value === 'number' && Number.isFinite(value)],
  [GraphQLID, (value) => typeof value === 'string'],
]);

/**
 * Whether all variables are given in the form that their coercion leaves as it is (GraphQL specification, section 6.1.2). False
 * says only that somebody must look closer: at what is missing or null, at input objects, at single values in the place of lists.
 */
export function compileVariableCheck(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (variables: JsonObject) => boolean {
  const checks = variableDefinitions.map(({ variable, type }): readonly [string, Check] => [
    variable.name.value,
    checkOf(typeFromAST(schema, type)),
  ]);
  return (variables) => checks.every(([name, check]) => check(ownValue(variables, name)));
}

function checkOf(type: GraphQLType | undefined): Check {
  if (isNonNullType(type)) {
    return checkOf(type.ofType);
  }
  if (isListType(type)) {
    const ofItem = checkOf(type.ofType);
    return (value) => Array.isArray(value) && value.every(ofItem);
  }
  if (isEnumType(type)) {
    return (value) => typeof value === 'string' && type.getValue(value) !== undefined;
  }
  return (type === undefined ? undefined : CHECKS.get(type)) ?? (() => false);
}
