import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';

import { Choices } from './Choices.ts';
import { SLUGS } from './data.ts';

export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const MAX_DEPTH = 4;

/** An operation with aliases, arguments as literals and variables, named and inline fragments, and conditions. */
export function generateOperation(schema: GraphQLSchema, numbers: readonly number[]): GeneratedOperation {
  const choices = new Choices(numbers);
  const fragments: string[] = [];
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  let aliases = 0;
  const root = schema.getQueryType();
  if (root === undefined || root === null) {
    throw new Error('No query type.');
  }
  const selection = select(root, 0);
  const head = definitions.length === 0 ? '' : `(${definitions.join(', ')})`;
  return { query: [`query Generated${head} ${selection}`, ...fragments].join('\n'), variables };

  function select(type: GraphQLNamedType, depth: number): string {
    const parts: string[] = [];
    if (isObjectType(type) || isInterfaceType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => depth < MAX_DEPTH || !isCompositeType(getNamedType(field.type)),
      );
      const count = 1 + choices.below(depth === 0 ? 3 : 4);
      for (let i = 0; i < count; i++) {
        const field = fields[choices.below(fields.length)];
        if (field !== undefined) {
          parts.push(writeField(field, depth, i === 0 ? '' : condition()));
        }
      }
    }
    if (isAbstractType(type)) {
      for (const possible of schema.getPossibleTypes(type)) {
        if (choices.chance(60)) {
          parts.push(`... on ${possible.name}${condition()} ${select(possible, depth + 1)}`);
        }
      }
    }
    if (isUnionType(type) || choices.chance(10)) {
      parts.unshift('__typename');
    }
    const body = `{ ${parts.join(' ')} }`;
    if (depth > 0 && isObjectType(type) && choices.chance(15)) {
      fragments.push(`fragment P${fragments.length} on ${type.name} ${body}`);
      return `{ ...P${fragments.length - 1}${condition()} __typename }`;
    }
    return depth > 0 && choices.chance(10) ? `{ ...${condition()} ${body} __typename }` : body;
  }

  /** Of every selection one field is there: the planner leaves objects without any out. */
  function writeField(field: GraphQLField<unknown, unknown>, depth: number, directive: string): string {
    const args = field.args
      .map(({ name, type }) => {
        const named = getNamedType(type).name;
        const value = named === 'Int' ? choices.below(3) : choices.pick([...SLUGS, 'nowhere'] as [string, ...string[]]);
        if (!choices.chance(40)) {
          return `${name}: ${JSON.stringify(value)}`;
        }
        const variable = `v${definitions.length}`;
        const hasDefault = choices.chance(30);
        definitions.push(`$${variable}: ${type}${hasDefault ? ` = ${JSON.stringify(value)}` : ''}`);
        if (!hasDefault) {
          variables[variable] = value;
        }
        return `${name}: $${variable}`;
      })
      .join(', ');
    const type = getNamedType(field.type);
    const below = isCompositeType(type) ? ` ${select(type, depth + 1)}` : '';
    // Every field has a name of its own, so that no two of one name differ.
    const alias = ['id', 'slug'].includes(field.name) && !choices.chance(20) ? '' : `a${aliases++}: `;
    return `${alias}${field.name}${args === '' ? '' : `(${args})`}${directive}${below}`;
  }

  function condition(): string {
    if (!choices.chance(8)) {
      return '';
    }
    const directive = choices.pick(['skip', 'include']);
    if (choices.chance(50)) {
      return ` @${directive}(if: ${choices.chance(50)})`;
    }
    const variable = `c${definitions.length}`;
    const value = choices.chance(50);
    if (choices.chance(30)) {
      definitions.push(`$${variable}: Boolean = ${value}`);
    } else {
      definitions.push(`$${variable}: Boolean!`);
      variables[variable] = value;
    }
    return ` @${directive}(if: $${variable})`;
  }
}
