import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';

/** Marks a value that is none of its type. */
export const INVALID: unique symbol = Symbol('invalid');

/**
 * A scalar or enum value as it goes to the client, or `INVALID`. Unlike a resolver's value, one that a subgraph sent as JSON has
 * been coerced once: what is not of its type then is a fault and not to be guessed at. An `ID` may come as an integer.
 */
export function completeLeaf(type: GraphQLLeafType, value: unknown): unknown {
  if (isEnumType(type)) {
    return typeof value === 'string' && type.getValue(value) !== undefined ? value : INVALID;
  }
  if (!isSpecifiedScalarType(type)) {
    return value;
  }
  switch (type.name) {
    case 'Int':
      return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31 - 1 + Number(value < 0)
        ? value
        : INVALID;
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value) ? value : INVALID;
    case 'Boolean':
      return typeof value === 'boolean' ? value : INVALID;
    case 'ID':
      return typeof value === 'number' && Number.isInteger(value) ? String(value) : stringOrInvalid(value);
    default:
      return stringOrInvalid(value);
  }
}

function stringOrInvalid(value: unknown): unknown {
  return typeof value === 'string' ? value : INVALID;
}
