import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isUnionType,
  isInterfaceType,
} from 'graphql';

export const SLUGS = ['ahlen', 'bonn', 'celle'] as const;
/** A municipality that subgraphs have and no snapshot holds. */
const STRANGER = 'dorf';

/** An object of the generated data. Its id names its municipality behind the `@`; a municipality's id is its slug. */
export interface Thing {
  readonly type: string;
  readonly id: string;
}

export function slugOf(id: string): string {
  return id.slice(id.lastIndexOf('@') + 1);
}

/** What a field holds: things, lists, numbers or null. It follows from type, id, field and arguments alone. */
export function valueOf(
  schema: GraphQLSchema,
  thing: Thing,
  field: string,
  args: Readonly<Record<string, unknown>>,
): unknown {
  const parent = schema.getType(thing.type);
  const definition = parent !== undefined && 'getFields' in parent ? parent.getFields()[field] : undefined;
  if (definition === undefined || !('args' in definition)) {
    throw new Error(`${thing.type} has no field ${field}.`);
  }
  const slug = slugOf(thing.id);
  switch (field) {
    case 'id':
      return thing.id;
    case 'slug':
      return slug;
    case 'municipality':
      return thing.type === 'Query'
        ? SLUGS.some((each) => each === args.slug)
          ? { type: 'Municipality', id: String(args.slug) }
          : null
        : { type: 'Municipality', id: slug };
  }
  const type: GraphQLOutputType = definition.type;
  const isList = isListType(isNonNullType(type) ? type.ofType : type);
  const seed = hash(thing.type, thing.id, field, JSON.stringify(args));
  const named = getNamedType(type);
  if (named.name === 'Int' || named.name === 'String') {
    const leaf = named.name === 'Int' ? seed % 1_000 : `${field} of ${thing.id}`;
    return isList ? [leaf, leaf] : leaf;
  }
  const slugs = thing.type !== 'Query' ? [slug] : typeof (args.municipality ?? args.town) === 'string' ? [String(args.municipality ?? args.town)] : seed % 3 === 0 ? [...SLUGS, STRANGER] : SLUGS;
  const one = (salt: number, at: string): Thing => {
    if (named.name === 'Municipality') {
      const all = thing.type === 'Query' ? at : (SLUGS[(seed + salt) % SLUGS.length] ?? at);
      return { type: 'Municipality', id: all };
    }
    const concrete =
      isUnionType(named) || isInterfaceType(named) ? ((seed + salt) % 2 === 0 ? 'Note' : 'Fact') : named.name;
    return { type: concrete, id: `${(seed + salt) % 5}@${at}` };
  };
  if (isList) {
    const each = thing.type === 'Query' ? 1 : 1 + (seed % 2);
    return slugs.flatMap((at) => Array.from({ length: each }, (_, salt) => one(salt, at)));
  }
  return seed % 17 === 0 && thing.type !== 'Query' ? null : one(0, slugs[0] ?? 'ahlen');
}

function hash(...texts: readonly string[]): number {
  let h = 2166136261;
  for (const character of texts.join('|')) {
    h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  }
  return (h ^ (h >>> 15)) >>> 0;
}
