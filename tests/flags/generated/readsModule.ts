import { type GraphQLSchema, getNamedType, isAbstractType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

import { type FeatureMap, moduleOf } from '../../../schema/features/readFeatures.ts';

/** Whether an operation selects anything that a module gates: a field, a gated type, or what may be an object of one. */
export function readsModule(schema: GraphQLSchema, features: FeatureMap, query: string, module: string): boolean {
  const info = new TypeInfo(schema);
  let reads = false;
  const note = (flag: string | undefined) => {
    reads ||= flag !== undefined && moduleOf(flag) === module;
  };
  visit(
    parse(query),
    visitWithTypeInfo(info, {
      Field(field) {
        const parent = info.getParentType();
        const returned = info.getType();
        const parents = isAbstractType(parent) ? schema.getPossibleTypes(parent) : parent ? [parent] : [];
        for (const { name } of [...parents, ...(parent ? [parent] : [])]) {
          note(features.fields.get(`${name}.${field.name.value}`)?.flag);
        }
        const named = returned ? getNamedType(returned) : undefined;
        for (const { name } of isAbstractType(named) ? schema.getPossibleTypes(named) : named ? [named] : []) {
          note(features.types.get(name)?.flag);
        }
      },
    }),
  );
  return reads;
}
