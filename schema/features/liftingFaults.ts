import { type GraphQLSchema, getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

import type { SdlPosition, TypeDeclaration } from './readDeclarations.ts';
import type { FeatureMap } from './readFeatures.ts';

const MUNICIPALITY_TYPE = 'Municipality';
const MUNICIPALITY_KEY = 'slug';

export interface LiftingFault {
  readonly rule: 'FEATURE_UNBOUND' | 'FEATURE_MUNICIPALITY_KEY';
  readonly position: SdlPosition;
  readonly message: string;
}

/** One type as one subgraph has it, all of its definitions and extensions together. */
interface Declared {
  readonly name: string;
  readonly position: SdlPosition;
  readonly keys: readonly string[];
  readonly resolvableKeys: readonly string[];
  readonly fields: ReadonlySet<string>;
}

/**
 * Where the gate could not ask a second time. A municipality, or an object whose own path leads to one, that a fetch yields is
 * asked for its slug first and for what is gated in another request, by its key. So the subgraph needs that key, and all
 * of the path.
 */
export function findLiftingFaults(
  schema: GraphQLSchema,
  features: FeatureMap,
  types: readonly TypeDeclaration[],
): readonly LiftingFault[] {
  if (features.flags.length === 0) {
    return [];
  }
  const bySubgraph = new Map<string, Map<string, Declared>>();
  for (const type of types) {
    const { subgraph } = type.position;
    const declared = bySubgraph.get(subgraph) ?? new Map<string, Declared>();
    bySubgraph.set(subgraph, declared);
    declared.set(type.name, merge(declared.get(type.name), type));
  }
  return [...bySubgraph.values()].flatMap((declared) => [
    ...municipalityFaults(schema, features, declared),
    ...pathFaults(schema, features, declared),
  ]);
}

function merge(
  known: Declared | undefined,
  { name, position, keys, resolvableKeys, fields }: TypeDeclaration,
): Declared {
  const own = fields.filter(({ isExternal }) => !isExternal).map((field) => field.name);
  return {
    name,
    position: known?.position ?? position,
    keys: [...(known?.keys ?? []), ...keys],
    resolvableKeys: [...(known?.resolvableKeys ?? []), ...resolvableKeys],
    fields: new Set([...(known?.fields ?? []), ...own]),
  };
}

function municipalityFaults(
  schema: GraphQLSchema,
  features: FeatureMap,
  declared: ReadonlyMap<string, Declared>,
): readonly LiftingFault[] {
  const municipality = declared.get(MUNICIPALITY_TYPE);
  if (municipality === undefined) {
    return [];
  }
  const { position } = municipality;
  const fault = (message: string): readonly LiftingFault[] => [{ rule: 'FEATURE_MUNICIPALITY_KEY', position, message }];
  const other = municipality.keys.find((key) => key.trim() !== MUNICIPALITY_KEY);
  if (other !== undefined) {
    return fault(
      `Municipality has the key "${other}", but flags are decided by its slug. Give it @key(fields: "slug") and no other key.`,
    );
  }
  if (municipality.keys.length === 0 && !municipality.fields.has(MUNICIPALITY_KEY)) {
    return fault(
      'Municipality has no slug here, by which flags are decided. Give it slug: ID! and @key(fields: "slug").',
    );
  }
  const hasKey = municipality.resolvableKeys.length > 0;
  if (!hasKey && yieldsMunicipality(schema, declared) && reachesGated(schema, features, declared)) {
    return fault(
      'This subgraph yields municipalities and gates what is on or below them, but cannot be asked for one by its slug, as is needed where several come in one answer. Give Municipality @key(fields: "slug") and a reference resolver.',
    );
  }
  return [];
}

/** Whether a municipality comes out of anything but `Query.municipality(slug:)`. */
function yieldsMunicipality(schema: GraphQLSchema, declared: ReadonlyMap<string, Declared>): boolean {
  return [...declared.values()].some(({ name, fields }) =>
    [...fields].some((field) => {
      const isBySlug = name === schema.getQueryType()?.name && field === 'municipality';
      return !isBySlug && typesIn(schema, name, field).includes(MUNICIPALITY_TYPE);
    }),
  );
}

function reachesGated(schema: GraphQLSchema, features: FeatureMap, declared: ReadonlyMap<string, Declared>): boolean {
  const seen = new Set([MUNICIPALITY_TYPE]);
  for (const name of seen) {
    for (const field of declared.get(name)?.fields ?? []) {
      const returned = typesIn(schema, name, field);
      if (features.fields.has(`${name}.${field}`) || returned.some((type) => features.types.has(type))) {
        return true;
      }
      for (const type of returned) {
        seen.add(type);
      }
    }
  }
  return false;
}

/** Objects that a path of their own binds: in every subgraph that has the type, for a type; that has the field, for a field. */
function pathFaults(
  schema: GraphQLSchema,
  features: FeatureMap,
  declared: ReadonlyMap<string, Declared>,
): readonly LiftingFault[] {
  return [...declared.values()].flatMap(({ name, position, fields, resolvableKeys }) => {
    const ownPaths = [...fields].flatMap((field) => features.fields.get(`${name}.${field}`)?.municipalityPath ?? []);
    const onType = features.types.get(name)?.municipalityPath;
    const paths = [...new Set([...ownPaths, ...(onType === undefined ? [] : [onType])])].filter(
      (path) => !path.startsWith('$'),
    );
    const [path] = paths;
    if (path === undefined || isInterfaceType(schema.getType(name))) {
      return [];
    }
    const missing = paths.find((each) => !answersPath(schema, declared, name, each.split('.')));
    if (missing !== undefined) {
      return [
        {
          rule: 'FEATURE_UNBOUND' as const,
          position,
          message: `@feature names the municipality of ${name} by "${missing}", but this subgraph cannot answer that path. Give it the fields of the path, @shareable if another subgraph has them too.`,
        },
      ];
    }
    return resolvableKeys.some(isPlain)
      ? []
      : [
          {
            rule: 'FEATURE_UNBOUND' as const,
            position,
            message: `@feature names the municipality of ${name} by "${path}", which is asked for before what is gated; for that the subgraph must be able to find ${name} again. Give it a key of plain fields, such as @key(fields: "id"), and a reference resolver.`,
          },
        ];
  });
}

function answersPath(
  schema: GraphQLSchema,
  declared: ReadonlyMap<string, Declared>,
  type: string,
  [field = '', ...rest]: readonly string[],
): boolean {
  const here = declared.get(type);
  // The fields of a key are in every representation.
  const isKey = here?.keys.some((key) => isPlain(key) && key.split(/[\s,]+/).includes(field)) === true;
  if (here === undefined || !(here.fields.has(field) || isKey)) {
    return false;
  }
  const [next] = typesIn(schema, type, field);
  return rest.length === 0 || (next !== undefined && answersPath(schema, declared, next, rest));
}

function isPlain(key: string): boolean {
  return !key.includes('{');
}

/** The types of the objects that a field may hold. */
function typesIn(schema: GraphQLSchema, type: string, field: string): readonly string[] {
  const parent = schema.getType(type);
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field] : undefined;
  if (definition === undefined) {
    return [];
  }
  const named = getNamedType(definition.type);
  return [named.name, ...(isAbstractType(named) ? schema.getPossibleTypes(named).map(({ name }) => name) : [])];
}
