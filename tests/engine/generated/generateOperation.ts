import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

import { createRandom, type Random } from './Random.ts';

export interface GeneratedOperation {
  readonly text: string;
  readonly operationName: string | undefined;
  /** As they come from JSON. */
  readonly variables: Record<string, unknown>;
}

const MAX_DEPTH = 4;
/** Names that mean something to JavaScript, to federation or to the generated types. */
const ODD_ALIASES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'id', 'sku', 'leaf0', 'representations', '_entities'] as const;
const ODD_VARIABLES = ['__proto__', 'constructor', 'representations', 'hasOwnProperty'] as const;

/** An operation of a schema with everything that the language has: all of it valid, most of it small. */
export function generateOperation(schema: GraphQLSchema, seed: number): GeneratedOperation {
  const random = createRandom(seed);
  const mutation = schema.getMutationType();
  const isMutation = mutation !== undefined && mutation !== null && random.chance(15);
  const root = isMutation ? mutation : schema.getQueryType();
  if (root === undefined || root === null) {
    throw new Error('No query type.');
  }
  const writer = new OperationWriter(schema, random);
  const selection = writer.root(root);
  const { fragments, variables } = writer;
  const definitions = variables.size === 0 ? '' : `(${[...variables].map(([name, { type }]) => `$${name}: ${type}`).join(', ')})`;
  const values = [...variables].flatMap(([name, { value }]) => (value === undefined ? [] : [`${JSON.stringify(name)}:${JSON.stringify(value)}`]));
  const hasOther = random.chance(8);
  return {
    text: [`${isMutation ? 'mutation' : 'query'} Generated${definitions} ${selection}`, ...fragments, ...(hasOther ? ['query Other { __typename }'] : [])].join('\n'),
    operationName: hasOther || random.chance(30) ? 'Generated' : undefined,
    // Parsed, so that a variable may be called `__proto__`.
    variables: JSON.parse(`{${values.join(',')}}`),
  };
}

class OperationWriter {
  readonly fragments: string[] = [];
  readonly variables = new Map<string, { readonly type: string; readonly value: unknown }>();
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  /** Fields that may still be written: planning takes much longer for large operations, and finds no more. */
  #budget: number;
  /** What each response name stands for, wherever it is: so that selections can always be merged. */
  readonly #names = new Map<string, string>([['__typename', '__typename']]);

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
    this.#budget = random.pick([3, 5, 7, 9, 12, 20]);
  }

  root(type: GraphQLObjectType): string {
    const fields = Object.values(type.getFields());
    const count = 1 + this.#random.below(this.#random.chance(25) ? 5 : 2);
    const parts = Array.from({ length: count }, () => this.#field(fields[this.#random.below(fields.length)], 0));
    if (this.#random.chance(6)) {
      parts.push(this.#introspection());
    }
    if (this.#random.chance(10)) {
      parts.push(this.#typename());
    }
    return `{ ${parts.join(' ')} }`;
  }

  #selection(type: GraphQLOutputType, depth: number): string {
    const parts = isObjectType(type) || isInterfaceType(type) ? this.#fields(type, depth) : [];
    if (isAbstractType(type)) {
      const types = this.#random.some(this.#schema.getPossibleTypes(type), 55).filter(() => this.#budget > 0);
      for (const possible of types) {
        parts.push(`... on ${possible.name}${this.#conditions()} ${this.#selection(possible, depth + 1)}`);
      }
    }
    if (isObjectType(type) && this.#budget > 0 && this.#random.chance(15)) {
      parts.push(this.#fragment(type, depth));
    }
    if (parts.length === 0 || this.#random.chance(15)) {
      parts.splice(this.#random.below(parts.length + 1), 0, this.#typename());
    }
    return `{ ${parts.join(' ')} }`;
  }

  #fields(type: GraphQLObjectType | GraphQLInterfaceType, depth: number): string[] {
    const fields = Object.values(type.getFields()).filter((field) => !isCompositeType(getNamedType(field.type)) || (depth < MAX_DEPTH && this.#budget > 0));
    const chosen = this.#random.some(fields, [45, 40, 30, 25][depth] ?? 25).slice(0, Math.max(1, Math.min(5, this.#budget)));
    return (chosen.length === 0 ? fields.slice(0, 1) : chosen).map((field) => this.#field(field, depth));
  }

  #field(field: GraphQLField<unknown, unknown> | undefined, depth: number): string {
    if (field === undefined) {
      throw new Error('No field.');
    }
    this.#budget -= 1;
    const args = field.args
      .filter((argument) => isNonNullType(argument.type) || this.#random.chance(60))
      .map((argument) => `${argument.name}: ${this.#argument(argument)}`);
    const call = `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}`;
    const named = getNamedType(field.type);
    const below = isCompositeType(named) ? ` ${this.#selection(named as GraphQLOutputType, depth + 1)}` : '';
    const responseName = this.#responseName(field, call);
    return `${responseName === field.name ? '' : `${responseName}: `}${call}${this.#conditions()}${below}`;
  }

  #responseName({ name, type }: GraphQLField<unknown, unknown>, call: string): string {
    const meaning = `${call} ${String(type)}`;
    const wanted = this.#random.chance(8) ? this.#random.pick(ODD_ALIASES) : this.#random.chance(12) ? `alias${this.#names.size}` : name;
    // Below `_entities` of a fetch, an alias that is a JavaScript name goes through everything; at the root too.
    for (const candidate of [wanted, name]) {
      if (!this.#names.has(candidate) || this.#names.get(candidate) === meaning) {
        this.#names.set(candidate, meaning);
        return candidate;
      }
    }
    const alias = `alias${this.#names.size}`;
    this.#names.set(alias, meaning);
    return alias;
  }

  #typename(): string {
    const alias = this.#random.chance(30) ? `kind${this.#random.below(2)}: ` : '';
    return `${alias}__typename${this.#conditions()}`;
  }

  #introspection(): string {
    return this.#random.pick(['__schema { queryType { name } }', '__type(name: "Size") { name fields { name isDeprecated } }', 'meta: __type(name: "Book") { kind }']);
  }

  #fragment(type: GraphQLObjectType, depth: number): string {
    const interfaces = type.getInterfaces();
    const [wider] = interfaces;
    const on = wider !== undefined && this.#random.chance(40) ? wider : type;
    if (this.#random.chance(40)) {
      return `...${this.#random.chance(50) ? ` on ${on.name}` : ''}${this.#conditions()} ${this.#selection(on === wider ? type : on, depth + 1)}`.replace(
        `on ${wider?.name ?? '-'}`,
        `on ${type.name}`,
      );
    }
    const name = `Part${this.fragments.length}`;
    this.fragments.push('');
    this.fragments[Number(name.slice(4))] = `fragment ${name} on ${on.name} ${this.#selection(on, depth + 1)}`;
    return `...${name}${this.#conditions()}`;
  }

  #argument({ type, defaultValue }: GraphQLArgument): string {
    return this.#random.chance(45) ? this.#variable(type, defaultValue !== undefined) : this.#literal(type, 0);
  }

  /** A variable of the type: with or without a default, given, null or left out. */
  #variable(type: GraphQLInputType, hasDefault: boolean): string {
    const odd = this.#random.pick(ODD_VARIABLES);
    const name = this.#random.chance(10) && !this.variables.has(odd) ? odd : `v${this.variables.size}`;
    const value = toJson(this.#literal(type, 0, true));
    const isRequired = isNonNullType(type);
    const ownDefault = this.#random.chance(35) ? ` = ${this.#literal(type, 0, true)}` : '';
    const mayLack = !isRequired || (ownDefault !== '' && !hasDefault);
    this.variables.set(name, {
      type: `${String(type)}${ownDefault}`,
      value: mayLack && this.#random.chance(25) ? undefined : !isRequired && this.#random.chance(10) ? null : value,
    });
    return `$${name}`;
  }

  #literal(type: GraphQLInputType, depth: number, isConst = false): string {
    if (isNonNullType(type)) {
      return this.#literal(type.ofType, depth, isConst);
    }
    if (isListType(type)) {
      return `[${Array.from({ length: this.#random.below(3) }, () => this.#literal(type.ofType, depth, isConst)).join(', ')}]`;
    }
    switch (getNamedType(type).name) {
      case 'Int':
        return String(this.#random.below(4));
      case 'Colour':
        return this.#random.pick(['RED', 'GREEN']);
      case 'Filter': {
        const inner = depth < 1 && this.#random.chance(30) ? ` inner: ${this.#literal(type, depth + 1, isConst)}` : '';
        const n = !isConst && this.#random.chance(30) ? this.#variableOfInt() : String(this.#random.below(4));
        return `{ n: ${n}${this.#random.chance(40) ? ' colour: GREEN' : ''}${this.#random.chance(30) ? ' tags: ["x", "ü"]' : ''}${inner} }`;
      }
      case 'Json':
        return this.#random.pick(['7', '"text"', '[1, 2]', 'true', '{ a: 1 }']);
      default:
        return `"${1 + this.#random.below(3)}"`;
    }
  }

  #variableOfInt(): string {
    const name = `v${this.variables.size}`;
    this.variables.set(name, { type: 'Int', value: this.#random.chance(80) ? this.#random.below(4) : undefined });
    return `$${name}`;
  }

  /** `@skip`, `@include`, or both, on literals and variables. */
  #conditions(): string {
    if (!this.#random.chance(9)) {
      return '';
    }
    const both = this.#random.chance(20);
    const first = this.#random.pick(['skip', 'include']);
    const conditions = both ? [first, first === 'skip' ? 'include' : 'skip'] : [first];
    return conditions.map((directive) => ` @${directive}(if: ${this.#conditionValue()})`).join('');
  }

  #conditionValue(): string {
    if (this.#random.chance(25)) {
      return String(this.#random.chance(50));
    }
    const name = `c${this.#random.below(3)}`;
    if (!this.variables.has(name)) {
      const hasDefault = this.#random.chance(40);
      this.variables.set(name, {
        type: hasDefault ? `Boolean = ${this.#random.chance(50)}` : 'Boolean!',
        value: hasDefault && this.#random.chance(50) ? undefined : this.#random.chance(50),
      });
    }
    return `$${name}`;
  }
}

/** A constant literal as JSON: enum values become text, names of fields get their quotation marks. */
function toJson(literal: string): unknown {
  const text = literal.replace(/\b(RED|GREEN)\b/g, '"$1"').replace(/([A-Za-z]\w*): /g, '"$1": ').replace(/(["\d\]}]) (?=")/g, '$1, ');
  return JSON.parse(text);
}
