import {
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

import { isJsonObject, type JsonObject } from '../../../gateway/model/Json.ts';
import { canonical } from '../offlineSubgraphs.ts';
import { hash } from './Random.ts';

export interface SubgraphResponse {
  readonly data: unknown;
  readonly errors?: readonly { readonly message: string; readonly path: readonly (string | number)[] }[];
}

/** An object of the generated data: its type and what identifies it. */
interface Thing {
  readonly type: string;
  readonly id: string;
  /** Fields that came with the representation. */
  readonly given: JsonObject;
}

type Fault = 'null' | 'error' | 'wrong' | 'missing' | undefined;

/**
 * A subgraph whose data follow from type, id, field and arguments, so that every way of asking gives the same answers. With
 * `faultPercent` some fields are null, fail, have a value of another type or are left out, whatever the schema promises:
 * no rule of GraphQL is enforced on the way out.
 */
export function createLenientSubgraph(
  schema: GraphQLSchema,
  { seed, faultPercent }: { readonly seed: number; readonly faultPercent: number },
) {
  const documents = new Map<string, DocumentNode>();

  return (text: string, variables: JsonObject): SubgraphResponse => {
    const document = documents.get(text) ?? parse(text);
    documents.set(text, document);
    const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    if (operation === undefined) {
      throw new Error('No operation.');
    }
    for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
      if (variables[variable.name.value] === undefined && defaultValue !== undefined) {
        variables = { ...variables, [variable.name.value]: valueFromASTUntyped(defaultValue) };
      }
    }
    const errors: { message: string; path: (string | number)[] }[] = [];
    const path: (string | number)[] = [];
    const rootType = schema.getRootType(operation.operation)?.name ?? '';
    const data = select(operation.selectionSet, { type: rootType, id: 'root', given: {} });
    return errors.length === 0 ? { data } : { data, errors };

    function select(set: SelectionSetNode, thing: Thing, into: JsonObject = {}): JsonObject {
      for (const selection of set.selections) {
        const skips = (selection.directives ?? []).some((directive) => {
          const condition = directive.arguments?.[0]?.value;
          const value = condition === undefined ? true : valueFromASTUntyped(condition, variables);
          return directive.name.value === 'skip' ? value === true : value === false;
        });
        if (skips) {
          continue;
        }
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          const condition = selection.typeCondition?.name.value;
          if (condition === undefined || isA(thing.type, condition)) {
            select(selection.selectionSet, thing, into);
          }
        } else if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const args: JsonObject = {};
          for (const argument of selection.arguments ?? []) {
            args[argument.name.value] = valueFromASTUntyped(argument.value, variables);
          }
          path.push(name);
          const value = resolve(thing, selection.name.value, args, selection.selectionSet, into[name]);
          path.pop();
          if (value !== undefined) {
            into[name] = value;
          }
        } else {
          throw new Error('Fetches hold no named fragments.');
        }
      }
      return into;
    }

    function isA(type: string, condition: string): boolean {
      const wanted = schema.getType(condition);
      const actual = schema.getType(type);
      return type === condition || (isAbstractType(wanted) && isObjectType(actual) && schema.isSubType(wanted, actual));
    }

    function resolve(
      thing: Thing,
      name: string,
      args: JsonObject,
      set: SelectionSetNode | undefined,
      existing: unknown,
    ): unknown {
      if (name === '__typename') {
        return thing.type;
      }
      if (name === '_entities' && Array.isArray(args.representations) && set !== undefined) {
        return args.representations.map((representation: unknown, i) => {
          path.push(i);
          const entity = isJsonObject(representation) ? entityOf(representation, set) : null;
          path.pop();
          return entity;
        });
      }
      const type = schema.getType(thing.type);
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
      if (field === undefined) {
        throw new Error(`The subgraph was asked for ${thing.type}.${name}, which it does not have.`);
      }
      for (const argument of field.args) {
        args[argument.name] ??= argument.defaultValue ?? null;
      }
      if (name === 'id' || name === 'sku') {
        return name === 'id' ? thing.id : `sku-${thing.id}`;
      }
      return valueOf(field.type, [thing.type, thing.id, name, canonical(args)], thing, args, set, existing);
    }

    function entityOf(representation: JsonObject, set: SelectionSetNode): unknown {
      const type = String(representation.__typename);
      const id = String(representation.id ?? String(representation.sku).replace('sku-', ''));
      return hash(seed, 'entity', type, id) % 200 < faultPercent ? null : select(set, { type, id, given: representation });
    }

    function valueOf(
      type: GraphQLOutputType,
      key: readonly (string | number)[],
      thing: Thing,
      args: JsonObject,
      set: SelectionSetNode | undefined,
      existing: unknown,
    ): unknown {
      const fault = faultAt(key);
      if (fault === 'missing') {
        return undefined;
      }
      if (fault === 'error') {
        errors.push({ message: `${key.join('.')} failed`, path: [...path] });
        return null;
      }
      const nullable: GraphQLOutputType = isNonNullType(type) ? type.ofType : type;
      const isNull = !isNonNullType(type) && hash('null', ...key) % 12 === 0;
      if (fault === 'null' || isNull) {
        return null;
      }
      if (isListType(nullable)) {
        const before = Array.isArray(existing) ? existing : [];
        return Array.from({ length: hash('length', ...key) % 4 }, (_, i) => {
          path.push(i);
          const item = valueOf(nullable.ofType, [...key, i], thing, args, set, before[i]) ?? null;
          path.pop();
          return item;
        });
      }
      const named = getNamedType(nullable);
      if (set !== undefined) {
        const types = isAbstractType(named) ? schema.getPossibleTypes(named).map((t) => t.name) : [named.name];
        const typeName = types[hash('type', ...key) % types.length] ?? named.name;
        const id = typeof args.id === 'string' ? args.id : typeName === 'Size' ? key.join('/') : String(1 + (hash('id', ...key) % 3));
        return select(set, { type: typeName, id, given: {} }, isJsonObject(existing) ? existing : {});
      }
      if (fault === 'wrong') {
        // Not an integer for an ID: that is a value of the type, which @apollo/gateway does not write as text (docs/engines.md).
        const integer = named.name === 'ID' ? -7.5 : -7;
        return ['no such value', 3.5, integer, true][hash('wrong', ...key) % 4];
      }
      return leaf(named.name, isEnumType(named) ? named.getValues().map((value) => value.name) : [], key, thing);
    }

    function leaf(type: string, names: readonly string[], key: readonly (string | number)[], { given }: Thing): unknown {
      const number = hash('leaf', ...key);
      // No 0 and no false: @apollo/gateway loses such values where the planner renames a field.
      switch (type) {
        case 'Int':
          return (1 + (number % 1000)) * (number % 4 < 2 ? 1 : -1);
        case 'Float':
          return (1 + (number % 1000)) / -8;
        case 'Boolean':
          return true;
        case 'Json':
          return [{ a: [1, 'ä"\\', null], b: { c: 0.25 } }, 'text', 7, [true, {}]][number % 4];
        case 'String': {
          const { __typename: _, id: _id, sku: _sku, ...required } = given;
          const text = ['plain', 'Grüße aus "Lindau"', 'two\nlines \\ and a tab\t', '日本 🏔'][number % 4] ?? '';
          return key.includes('derived') ? `${text} from ${canonical(required)}` : text;
        }
        case 'ID':
          return `id-${number % 100}`;
        default:
          return names[number % names.length] ?? 'NONE';
      }
    }

    function faultAt(key: readonly (string | number)[]): Fault {
      const number = hash(seed, 'fault', ...key);
      return number % 100 < faultPercent ? (['null', 'error', 'wrong', 'missing'] as const)[(number >>> 8) % 4] : undefined;
    }
  };
}
