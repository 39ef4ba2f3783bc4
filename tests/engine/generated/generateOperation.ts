import { type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema, getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType } from 'graphql';

import { createRandom, type Random } from './Random.ts';

export interface GeneratedOperation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation of a schema, with aliases, arguments, fragments, and conditions on literals and variables. */
export function generateOperation(schema: GraphQLSchema, seed: number): GeneratedOperation {
  const random = createRandom(seed);
  const mutation = schema.getMutationType();
  const isMutation = mutation !== undefined && mutation !== null && random.chance(15);
  const root = isMutation ? mutation : schema.getQueryType();
  if (root === undefined || root === null) {
    throw new Error('No query type.');
  }
  const writer = new OperationWriter(schema, random);
  const selection = writer.selection(root, 0);
  const { fragments, variables } = writer;
  const definitions = variables.size === 0 ? '' : `(${[...variables].map(([name, { type }]) => `$${name}: ${type}`).join(', ')})`;
  return {
    text: [`${isMutation ? 'mutation' : 'query'} Generated${definitions} ${selection}`, ...fragments].join('\n'),
    variables: Object.fromEntries([...variables].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))),
  };
}

const MAX_DEPTH = 4;

class OperationWriter {
  readonly fragments: string[] = [];
  readonly variables = new Map<string, { readonly type: string; readonly value: unknown }>();
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  #aliases = 0;
  #inAbstract = 0;

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
  }

  selection(type: GraphQLOutputType, depth: number): string {
    const parts: string[] = [];
    if (isObjectType(type) || isInterfaceType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => !isCompositeType(getNamedType(field.type)) || depth < MAX_DEPTH,
      );
      const chosen = this.#random.some(fields, depth === 0 ? 20 : 40);
      for (const field of chosen.length === 0 ? fields.slice(0, 1) : chosen) {
        parts.push(this.#field(type.name, field.name, depth));
      }
    }
    if (isAbstractType(type)) {
      for (const possible of this.#random.some(this.#schema.getPossibleTypes(type), 60)) {
        this.#inAbstract++;
        parts.push(`... on ${possible.name}${this.#condition()} ${this.selection(possible, depth + 1)}`);
        this.#inAbstract--;
      }
    } else if (this.#random.chance(12) && isObjectType(type) && depth > 0) {
      parts.push(this.#fragment(type, depth));
    }
    if (parts.length === 0 || this.#random.chance(15)) {
      parts.unshift(this.#random.chance(30) ? `kind${this.#aliases++}: __typename` : '__typename');
    }
    return `{ ${parts.join(' ')} }`;
  }

  #field(parent: string, name: string, depth: number): string {
    const type = this.#schema.getType(parent) as GraphQLObjectType;
    const field = type.getFields()[name];
    if (field === undefined) {
      throw new Error(`No field ${parent}.${name}.`);
    }
    const args = field.args
      .filter(() => this.#random.chance(60))
      .map((argument) => {
        const named = getNamedType(argument.type).name;
        if (this.#random.chance(40)) {
          const variable = `v${this.variables.size}`;
          const value = named === 'Int' ? this.#random.below(4) : String(1 + this.#random.below(3));
          this.variables.set(variable, { type: `${named} = ${named === 'Int' ? 2 : '"2"'}`, value: this.#random.chance(30) ? undefined : value });
          return `${argument.name}: $${variable}`;
        }
        return `${argument.name}: ${named === 'Int' ? this.#random.below(4) : `"${1 + this.#random.below(3)}"`}`;
      });
    // Aliased where fields of one name may differ in arguments or, below an abstract type, in type.
    const isAmbiguous = args.length > 0 || (name !== 'id' && this.#inAbstract > 0 && this.#random.chance(85));
    const alias = isAmbiguous || this.#random.chance(10) ? `alias${this.#aliases++}: ` : '';
    const below = isCompositeType(getNamedType(field.type)) ? ` ${this.selection(getNamedType(field.type) as GraphQLOutputType, depth + 1)}` : '';
    return `${alias}${name}${args.length > 0 ? `(${args.join(', ')})` : ''}${this.#condition()}${below}`;
  }

  #fragment(type: GraphQLObjectType, depth: number): string {
    const name = `Part${this.fragments.length}`;
    this.fragments.push('');
    this.fragments[Number(name.slice(4))] = `fragment ${name} on ${type.name} ${this.selection(type, depth + 1)}`;
    return `...${name}${this.#condition()}`;
  }

  #condition(): string {
    if (!this.#random.chance(8)) {
      return '';
    }
    const directive = this.#random.pick(['skip', 'include']);
    if (this.#random.chance(30)) {
      return ` @${directive}(if: ${this.#random.chance(50)})`;
    }
    const variable = `c${this.#random.below(3)}`;
    this.variables.set(variable, { type: 'Boolean!', value: this.variables.get(variable)?.value ?? this.#random.chance(50) });
    return ` @${directive}(if: $${variable})`;
  }
}
