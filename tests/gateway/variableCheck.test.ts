import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, getOperationAST, getVariableValues, type OperationDefinitionNode, parse } from 'graphql';

import { compileVariableCheck } from '../../gateway/operation/compileVariableCheck.ts';

const schema = buildSchema(`
  type Query { a(weight: Float, id: ID): Int }
  enum Color { RED GREEN }
  input Filter { color: Color }
  scalar Day
`);
const TYPES = ['Int', 'Int!', '[Int]', '[Int!]!', '[[Int]]', 'Float', 'String!', 'ID', 'Boolean!', 'Color', '[Color!]'];
const UNKNOWN = ['Filter', '[Filter!]', 'Day', 'Missing'];
const value = fc.oneof(
  { maxDepth: 3 },
  fc.constantFrom(
    null,
    undefined,
    'RED',
    'BLUE',
    '',
    'toString',
    '__proto__',
    true,
    0,
    -0,
    1.5,
    2 ** 31,
    -(2 ** 31),
    1e21,
  ),
  fc.integer(),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.array(fc.constantFrom('RED', 'GREEN'), { maxLength: 2 }),
  fc.jsonValue({ maxDepth: 2 }),
);

function operationWith(types: readonly string[]): OperationDefinitionNode {
  const text = `query (${types.map((type, i) => `$v${i}: ${type}`).join(' ')}) { a }`;
  return getOperationAST(parse(text)) as OperationDefinitionNode;
}

describe('variables that are taken as they are', () => {
  it('are those that coercion leaves as they are', () => {
    let accepted = 0;
    const typesAndValues = fc.array(fc.tuple(fc.constantFrom(...TYPES, ...UNKNOWN), value), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(typesAndValues, (pairs) => {
        const operation = operationWith(pairs.map(([type]) => type));
        const variables = Object.fromEntries(pairs.map(([, given], i) => [`v${i}`, given]));
        if (compileVariableCheck(schema, operation)(variables)) {
          accepted++;
          expect(getVariableValues(schema, operation.variableDefinitions ?? [], variables)).toEqual({
            coerced: variables,
          });
        }
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it.each([
    ['Int!', 7],
    ['[Int!]!', [1, 2]],
    ['Float', 1.5],
    ['String', 'a'],
    ['ID!', 'a'],
    ['Boolean', false],
    ['[Color!]', ['RED']],
  ])('are those of type %s', (type, given) => {
    expect(compileVariableCheck(schema, operationWith([type]))({ v0: given })).toBe(true);
  });
});
