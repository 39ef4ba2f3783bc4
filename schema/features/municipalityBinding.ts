import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

const MUNICIPALITY_TYPE = 'Municipality';
const MUNICIPALITY_ARGUMENT = 'municipality';

/** How clients come to each type: by type name, one way there (`Query.pages.nodes`). */
export interface Ways {
  /** Ways on which no municipality is known. */
  readonly free: ReadonlyMap<string, string>;
  /** Ways below a Municipality, or below a root field that takes one as its argument. */
  readonly bound: ReadonlyMap<string, string>;
}

/** Whether the municipality that decides over a gated field is known wherever the field is asked for. */
export type MunicipalityBinding =
  | { readonly kind: 'bound' }
  | { readonly kind: 'partly'; readonly freeWay: string }
  | { readonly kind: 'unbound'; readonly freeWay: string };

/** Follows every way from the root types of a supergraph. */
export function findWays(schema: GraphQLSchema): Ways {
  const free = new Map<string, string>();
  const bound = new Map<string, string>();
  for (const root of rootTypes(schema)) {
    for (const field of accessibleFields(root)) {
      const way = `${root.name}.${field.name}`;
      follow(getNamedType(field.type), way, hasMunicipalityArgument(field) ? bound : free);
    }
  }
  const municipality = schema.getType(MUNICIPALITY_TYPE);
  if (municipality !== undefined) {
    follow(municipality, MUNICIPALITY_TYPE, bound);
  }
  return { free, bound };

  function follow(start: GraphQLNamedType, startWay: string, ways: Map<string, string>): void {
    const waiting: (readonly [GraphQLNamedType, string])[] = [[start, startWay]];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [type, way] = next;
      if (ways.has(type.name) || (ways === free && type.name === MUNICIPALITY_TYPE)) {
        continue;
      }
      ways.set(type.name, way);
      if (isAbstractType(type)) {
        waiting.push(...schema.getPossibleTypes(type).map((possible) => [possible, way] as const));
      }
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of accessibleFields(type)) {
          waiting.push([getNamedType(field.type), `${way}.${field.name}`]);
        }
      }
    }
  }
}

/** How the field of a type is bound when its `@feature` names no path. */
export function bindField(
  schema: GraphQLSchema,
  ways: Ways,
  type: string,
  field: GraphQLField<unknown, unknown> | undefined,
): MunicipalityBinding {
  if (type === MUNICIPALITY_TYPE) {
    return { kind: 'bound' };
  }
  if (isRootType(schema, type)) {
    if (field === undefined || !hasMunicipalityArgument(field)) {
      return { kind: 'unbound', freeWay: `${type}.${field?.name ?? ''}` };
    }
    // A mutation without it is refused.
    const argument = field.args.find(({ name }) => name === MUNICIPALITY_ARGUMENT);
    const mayBeLeftOut = argument !== undefined && !isNonNullType(argument.type) && argument.defaultValue === undefined;
    return mayBeLeftOut && type !== schema.getMutationType()?.name
      ? { kind: 'partly', freeWay: `${type}.${field.name} without its argument` }
      : { kind: 'bound' };
  }
  // An interface's fields are also asked for on objects that are come to by their own name.
  const named = schema.getType(type);
  const names = [type, ...(isInterfaceType(named) ? schema.getPossibleTypes(named).map(({ name }) => name) : [])];
  const freeWay = names.map((name) => ways.free.get(name)).find((way) => way !== undefined);
  if (freeWay === undefined) {
    return { kind: 'bound' };
  }
  return names.some((name) => ways.bound.has(name)) ? { kind: 'partly', freeWay } : { kind: 'unbound', freeWay };
}

/**
 * What is wrong with the path that a `@feature` names; undefined: nothing. `$name` is an argument of the field, anything
 * else a dotted path from the type to the slug.
 */
export function findPathFault(
  schema: GraphQLSchema,
  path: string,
  type: string,
  field: GraphQLField<unknown, unknown> | undefined,
): string | undefined {
  if (path.startsWith('$')) {
    const name = path.slice(1);
    const argument = field?.args.find((each) => each.name === name);
    if (field === undefined) {
      return `a type has no arguments; name a path from ${type} to the slug`;
    }
    if (argument === undefined) {
      const known = field.args.map((each) => `$${each.name}`).join(', ');
      return `${type}.${field.name} has no argument "${name}"${known === '' ? '' : ` (it has ${known})`}`;
    }
    return isSlug(argument.type) ? undefined : `the argument "${name}" is ${argument.type}, not a String or an ID`;
  }
  const segments = path.split('.');
  let current: GraphQLType | undefined = schema.getType(type);
  for (const [index, segment] of segments.entries()) {
    if (!isObjectType(current) && !isInterfaceType(current)) {
      return `${String(current)} has no fields, so "${segment}" is not to be had from it`;
    }
    const step: GraphQLField<unknown, unknown> | undefined = current.getFields()[segment];
    if (step === undefined) {
      return segment === '' ? 'a part of it is empty' : `${current.name} has no field "${segment}"`;
    }
    if (step.args.some(isRequiredArgument)) {
      return `${current.name}.${segment} cannot be asked for without arguments`;
    }
    if (index === segments.length - 1) {
      return isSlug(step.type) ? undefined : `${current.name}.${segment} is ${step.type}, not a String or an ID`;
    }
    const inner: GraphQLType = isNonNullType(step.type) ? step.type.ofType : step.type;
    if (isListType(inner)) {
      return `${current.name}.${segment} is a list, which names no single municipality`;
    }
    current = inner;
  }
  return undefined;
}

export function isRootType(schema: GraphQLSchema, type: string): boolean {
  return rootTypes(schema).some(({ name }) => name === type);
}

function rootTypes(schema: GraphQLSchema) {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) => type ?? []);
}

function accessibleFields(type: GraphQLNamedType): readonly GraphQLField<unknown, unknown>[] {
  return isObjectType(type) || isInterfaceType(type)
    ? Object.values(type.getFields()).filter(
        (field) => !isInaccessible(field) && !isInaccessible(getNamedType(field.type)),
      )
    : [];
}

function isInaccessible({ astNode }: Pick<GraphQLField<unknown, unknown> | GraphQLNamedType, 'astNode'>): boolean {
  return astNode?.directives?.some(({ name }) => name.value === 'inaccessible') === true;
}

export function hasMunicipalityArgument({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.some(({ name, type }) => name === MUNICIPALITY_ARGUMENT && isSlug(type));
}

function isSlug(type: GraphQLType): boolean {
  const inner = isNonNullType(type) ? type.ofType : type;
  return inner.toString() === 'String' || inner.toString() === 'ID';
}
