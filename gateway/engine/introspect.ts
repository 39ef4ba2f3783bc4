import { type DocumentNode, executeSync, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';

import type { JsonObject } from '../model/Json.ts';
import type { OutputSelection } from '../response/OutputSelection.ts';

/** Answers the `__schema` and `__type` fields of an operation, by their names in the merged answer. */
export type Introspect = (variables: JsonObject) => JsonObject;

/** Undefined where the operation asks for none. Without variables the answer is made once. */
export function compileIntrospection(
  schema: GraphQLSchema,
  rootType: string,
  selection: OutputSelection,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Introspect | undefined {
  const selections = selection
    .fieldsOf(rootType)
    .flatMap((field) => (field.kind === 'introspection' ? field.nodes : []));
  if (selections.length === 0) {
    return undefined;
  }
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const introspection: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } }, ...fragments],
  };
  const run: Introspect = (variableValues) => {
    const { data, errors } = executeSync({ schema, document: introspection, rootValue: {}, variableValues });
    if (data === undefined || data === null) {
      throw new Error('Introspection failed.', { cause: errors?.[0] });
    }
    return data;
  };
  if ((operation.variableDefinitions?.length ?? 0) > 0) {
    return run;
  }
  let once: JsonObject | undefined;
  return () => {
    once ??= run({});
    return once;
  };
}
