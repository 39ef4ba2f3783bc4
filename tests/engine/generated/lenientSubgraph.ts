import {
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
  valueFromASTUntyped,
} from 'graphql';

import { createBareObject, isJsonObject, type JsonObject } from '../../../gateway/model/Json.ts';
import { canonical } from '../offlineSubgraphs.ts';
import { type Faults, fieldFault, hasFault } from './faults.ts';
import { hash } from './Random.ts';

export interface SubgraphResponse {
  readonly data: unknown;
  readonly errors?: readonly SubgraphError[];
}

interface SubgraphError {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An object of the generated data: its type and what identifies it. */
interface Thing {
  readonly type: string;
  readonly id: string;
  /** Fields that came with the representation. */
  readonly given: JsonObject;
}

/** What all subgraphs of one execution share. */
export interface SharedState {
  /** Mutations so far. */
  count: number;
}

export interface Circumstances {
  readonly faults: Faults;
  readonly state: SharedState;
  /** Arguments from a context count for nothing. */
  readonly ignoresContexts: boolean;
}

type Key = readonly (string | number)[];

/**
 * A subgraph whose data follow from type, id, field and arguments, so that every way of asking gives the same answers. It checks
 * what it is asked as every GraphQL server does, but no rule of GraphQL is enforced on the way out: with faults some fields
 * are null, fail, have a value of another type or are left out, whatever the schema promises.
 */
export function createLenientSubgraph(name: string, schema: GraphQLSchema) {
  const documents = new Map<string, DocumentNode>();
  const concrete = concreteTypes(schema);

  function read(text: string): DocumentNode {
    let document = documents.get(text);
    if (document === undefined) {
      document = parse(text, { noLocation: true });
      const problems = validate(schema, document);
      if (problems.length > 0) {
        throw new Error(`The subgraph ${name} was asked ${text}: ${problems.map(({ message }) => message).join(' ')}`);
      }
      documents.set(text, document);
    }
    return document;
  }

  return (text: string, sent: JsonObject, { faults, state, ignoresContexts }: Circumstances): SubgraphResponse => {
    const operation = read(text).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    if (operation === undefined) {
      throw new Error('No operation.');
    }
    const bound = getVariableValues(schema, operation.variableDefinitions ?? [], sent);
    if (bound.coerced === undefined) {
      throw new Error(`The subgraph ${name} was sent ${canonical(sent)} for ${text}: ${bound.errors[0]?.message}`);
    }
    const variables = bound.coerced;
    const errors: SubgraphError[] = [];
    const path: (string | number)[] = [];
    const rootType = schema.getRootType(operation.operation)?.name ?? '';
    const data = select(operation.selectionSet, { type: rootType, id: 'root', given: {} });
    return errors.length === 0 ? { data } : { data, errors };

    function select(set: SelectionSetNode, thing: Thing, into: JsonObject = createBareObject()): JsonObject {
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
          const responseName = (selection.alias ?? selection.name).value;
          path.push(responseName);
          const value = resolve(thing, selection, into[responseName]);
          path.pop();
          if (value !== undefined) {
            into[responseName] = value;
          }
        } else {
          throw new Error('Fetches hold no named fragments.');
        }
      }
      if (hasFault(faults, 'extra', thing.type, thing.id)) {
        into.notAskedFor = { id: 7 };
      }
      return into;
    }

    function isA(type: string, condition: string): boolean {
      const wanted = schema.getType(condition);
      const actual = schema.getType(type);
      return type === condition || (isAbstractType(wanted) && isObjectType(actual) && schema.isSubType(wanted, actual));
    }

    function resolve(thing: Thing, node: FieldNode, existing: unknown): unknown {
      const field = node.name.value;
      if (field === '__typename') {
        return thing.type;
      }
      const type = schema.getType(thing.type);
      const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
      if (definition === undefined) {
        throw new Error(`The subgraph ${name} was asked for ${thing.type}.${field}, which it does not have.`);
      }
      const args = getArgumentValues(definition, node, variables);
      if (ignoresContexts) {
        for (const argument of definition.args.filter(isFromContext)) {
          delete args[argument.name];
        }
      }
      const set = node.selectionSet;
      if (field === '_entities' && Array.isArray(args.representations) && set !== undefined) {
        return args.representations.map((representation: unknown, i) => {
          path.push(i);
          const entity = isJsonObject(representation) ? entityOf(representation, set) : null;
          path.pop();
          return entity;
        });
      }
      if (thing.type === 'Mutation') {
        state.count += 1;
        if (field.endsWith('Count')) {
          return state.count * Number(args.by ?? 1);
        }
      }
      const key = [thing.type, thing.id, field, ...(Object.keys(args).length === 0 ? [] : [canonical(args)])];
      const keyValue = valueOfKey(field, thing);
      if (keyValue !== undefined && Object.hasOwn(thing.given, field)) {
        return thing.given[field];
      }
      return valueOf(definition.type, key, { thing, definition, args, set, leaf: keyValue }, existing);
    }

    function entityOf(representation: JsonObject, set: SelectionSetNode): unknown {
      const type = String(representation.__typename);
      const id = identityOf(representation);
      if (id === undefined || hasFault(faults, 'entity', type, id)) {
        return null;
      }
      return select(set, { type: concrete(type, id), id, given: representation });
    }

    function valueOf(
      type: GraphQLOutputType,
      key: Key,
      asked: {
        readonly thing: Thing;
        readonly definition: GraphQLField<unknown, unknown>;
        readonly args: JsonObject;
        readonly set: SelectionSetNode | undefined;
        readonly leaf: unknown;
      },
      existing: unknown,
    ): unknown {
      const { thing, definition, args, set } = asked;
      const fault = fieldFault(faults, key);
      if (fault === 'missing') {
        return undefined;
      }
      if (fault === 'error') {
        const code = ['DENIED', undefined, 'NOT_FOUND'][hash('code', ...key) % 3];
        errors.push({ message: `${key.join('.')} failed`, path: [...path], ...(code === undefined ? {} : { extensions: { code } }) });
        return null;
      }
      const nullable: GraphQLOutputType = isNonNullType(type) ? type.ofType : type;
      const isNull = asked.leaf === undefined && !isNonNullType(type) && hash('null', ...key) % 12 === 0;
      if (fault === 'null' || isNull) {
        return null;
      }
      if (fault === 'wrong') {
        return wrongValue(key);
      }
      if (isListType(nullable)) {
        const before = Array.isArray(existing) ? existing : [];
        return Array.from({ length: hash('length', ...key) % 4 }, (_, i) => {
          path.push(i);
          const item = valueOf(nullable.ofType, [...key, i], asked, before[i]) ?? null;
          path.pop();
          return item;
        });
      }
      const named = getNamedType(nullable);
      if (set === undefined) {
        return asked.leaf !== undefined ? asked.leaf : leaf(named.name, isEnumType(named) ? named.getValues().map(({ name: value }) => value) : [], key, asked);
      }
      const types = isAbstractType(named) ? schema.getPossibleTypes(named).map((t) => t.name) : [named.name];
      const typeName = types[hash('type', ...key) % types.length] ?? named.name;
      const isValue = typeName === 'Size' || typeName === 'Stall' || typeName === 'Origin';
      const isOrigin = definition.name === 'origin';
      const id = isOrigin ? thing.id : isValue ? key.join('/') : typeof args.id === 'string' ? args.id : String(1 + (hash('id', ...key) % 3));
      const child = { type: isAbstractType(named) ? typeName : concrete(typeName, id), id: fittingId(typeName, id), given: {} };
      return select(set, child, isJsonObject(existing) ? existing : createBareObject());
    }

    function leaf(
      type: string,
      names: readonly string[],
      key: Key,
      { thing: { given }, definition }: { readonly thing: Thing; readonly definition: GraphQLField<unknown, unknown> },
    ): unknown {
      const number = hash('leaf', ...key);
      switch (type) {
        case 'Int':
          return number % 7 === 0 ? 0 : (1 + (number % 1000)) * (number % 4 < 2 ? 1 : -1);
        case 'Float':
          return number % 7 === 0 ? 0 : (1 + (number % 1000)) / -8;
        case 'Boolean':
          return number % 2 === 0;
        case 'Json':
          return [{ a: [1, 'ä"\\', null], b: { c: 0.25 } }, 'text', 7, [true, {}], false, ''][number % 6];
        case 'Instant':
          return `2026-11-${10 + (number % 20)}T10:00:00Z`;
        case 'String': {
          const text = ['plain', 'Grüße aus "Lindau"', 'two\nlines \\ and a tab\t', '日本 🏔', ''][number % 5] ?? '';
          const required = requiredOf(definition);
          return required === undefined ? text : `${text} from ${canonical(pick(given, required))}`;
        }
        case 'ID':
          return `id-${number % 100}`;
        default:
          return names[number % names.length] ?? 'NONE';
      }
    }
  };

  /** An id that its type goes with: below `Media` the type follows from the id. */
  function fittingId(type: string, id: string): string {
    const index = concrete.types.indexOf(type);
    return index === -1 ? id : String(index + concrete.types.length * (1 + (Number(id) % 2)));
  }
}

/** Which concrete type a `Media` has, for the subgraph that knows: it follows from the id. */
function concreteTypes(schema: GraphQLSchema) {
  const media = schema.getType('Media');
  const types = isInterfaceType(media) ? schema.getPossibleTypes(media).map(({ name }) => name) : [];
  return Object.assign(
    (type: string, id: string): string => (type === 'Media' ? (types[Number(id) % types.length] ?? types[0] ?? type) : type),
    { types },
  );
}

/** The value of a key field, which follows from the object's id; undefined for other fields. */
function valueOfKey(field: string, { id, type }: Thing): unknown {
  switch (field) {
    case 'id':
      return id;
    case 'sku':
      return `sku-${id}`;
    case 'code':
      // Null for some: they are known by another key only.
      return type === 'Origin' || Number(id) % 3 !== 0 ? `code-${id}` : null;
    case 'number':
      return Number(id);
    case 'region':
      return `region-${id}`;
    default:
      return undefined;
  }
}

function identityOf({ id, sku, code, number, origin }: JsonObject): string | undefined {
  const inner = isJsonObject(origin) ? origin.code : undefined;
  const key = id ?? sku ?? code ?? number ?? inner;
  return typeof key === 'string' || typeof key === 'number' ? String(key).replace(/^(?:sku|code)-/, '') : undefined;
}

function isFromContext({ astNode }: GraphQLArgument): boolean {
  return astNode?.directives?.some(({ name }) => name.value === 'fromContext') === true;
}

/** The selection of `@requires` on a field. */
function requiredOf({ astNode }: GraphQLField<unknown, unknown>): SelectionSetNode | undefined {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'requires');
  const fields = directive?.arguments?.[0]?.value;
  if (fields?.kind !== Kind.STRING) {
    return undefined;
  }
  const [definition] = parse(`{${fields.value}}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
}

/** The part of a value that a selection names. */
function pick(value: unknown, set: SelectionSetNode): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => pick(item, set));
  }
  if (!isJsonObject(value)) {
    return value ?? null;
  }
  return Object.fromEntries(
    set.selections.flatMap((selection) =>
      selection.kind === Kind.FIELD
        ? [[selection.name.value, selection.selectionSet === undefined ? value[selection.name.value] : pick(value[selection.name.value], selection.selectionSet)]]
        : [],
    ),
  );
}

function wrongValue(key: Key): unknown {
  return ['no such value', 3.5, -7, true, { wrong: 1 }, ['wrong'], 2 ** 40][hash('wrong', ...key) % 7];
}

