import { execute, type GraphQLSchema, getNamedType, parse } from 'graphql';

import type { FeatureMap } from '../../../schema/features/readFeatures.ts';
import { type Thing, slugOf, valueOf } from './data.ts';

/** Whether a municipality has a flag on. */
export type Decide = (slug: string, flag: string) => boolean;

/** A thing and what encloses it. */
interface Placed {
  readonly thing: Thing;
  /** The nearest municipality around it, or that of the root field's argument. */
  readonly enclosing: string | undefined;
}

/**
 * The answer as it must be: one schema, one executor, and data from which the modules that are off have been taken out. It
 * states the rules of DESIGN, section 5, once more and without a plan.
 */
export async function expectedData(
  schema: GraphQLSchema,
  features: FeatureMap,
  isOn: Decide,
  { query, variables }: { query: string; variables: Record<string, unknown> },
): Promise<unknown> {
  const { data } = await execute({
    schema,
    document: parse(query),
    variableValues: variables,
    fieldResolver: (source: Placed | undefined, args, _context, { parentType, fieldName, returnType }) => {
      const thing = source?.thing ?? { type: 'Query', id: 'root' };
      const root = thing.type === 'Query' && typeof args.municipality === 'string' ? args.municipality : undefined;
      const around = root ?? (thing.type === 'Municipality' ? thing.id : source?.enclosing);
      const own = features.fields.get(`${parentType.name}.${fieldName}`);
      const path = own?.municipalityPath ?? features.types.get(thing.type)?.municipalityPath;
      const deciding =
        around ?? (path === undefined ? undefined : path.startsWith('$') ? String(args[path.slice(1)]) : slugOf(thing.id));
      const returned = features.types.get(getNamedType(returnType).name);
      if (own !== undefined && !isOnFor(deciding, own.flag)) {
        return null;
      }
      // A type with a path of its own is decided over object by object where nothing else is known.
      if (returned !== undefined && (deciding !== undefined || returned.municipalityPath === undefined)) {
        if (!isOnFor(deciding, returned.flag)) {
          return null;
        }
      }
      return place(valueOf(schema, thing, fieldName, args), around);
    },
    typeResolver: ({ thing }: Placed) => thing.type,
  });
  return data;

  function isOnFor(slug: string | undefined, flag: string): boolean {
    return slug !== undefined && isOn(slug, flag);
  }

  function place(value: unknown, enclosing: string | undefined): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => place(item, enclosing));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const thing = value as Thing;
    const gate = features.types.get(thing.type);
    if (gate !== undefined) {
      const slug = enclosing ?? (gate.municipalityPath === undefined ? undefined : slugOf(thing.id));
      if (!isOnFor(slug, gate.flag)) {
        return null;
      }
    }
    return { thing, enclosing } satisfies Placed;
  }
}
