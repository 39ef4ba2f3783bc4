import { type GraphQLSchema, getNamedType, isAbstractType } from 'graphql';

import type { ResponseError, ResponsePath } from '../model/ResponseError.ts';
import type { OutputField, OutputSelection } from './OutputSelection.ts';

/**
 * Errors with paths that end where the client's selection does: what a plan fetched for itself, such as a field that another one
 * requires, has no place in the answer (GraphQL specification, section 7.1.2). The object around it is named instead, once.
 */
export function visibleErrors(
  errors: readonly ResponseError[],
  { schema, rootType, selection }: { schema: GraphQLSchema; rootType: string; selection: OutputSelection },
): readonly ResponseError[] {
  const said = new Set<string>();
  return errors.flatMap((error) => {
    const path = error.path && visiblePath(error.path, [[rootType, selection]], schema);
    if (path === undefined || path.length === error.path?.length) {
      return [error];
    }
    const key = JSON.stringify([path, error.message]);
    if (said.has(key)) {
      return [];
    }
    said.add(key);
    return [{ ...error, path }];
  });
}

/** Types that an object may have, each with what is selected of it. */
type Candidates = readonly (readonly [typeName: string, selection: OutputSelection])[];

function visiblePath(path: ResponsePath, root: Candidates, schema: GraphQLSchema): ResponsePath {
  let candidates = root;
  for (const [depth, step] of path.entries()) {
    if (typeof step === 'number') {
      continue;
    }
    const fields = candidates.flatMap(([typeName, selection]) =>
      selection.fieldsOf(typeName).filter(({ outputName }) => outputName === step),
    );
    if (fields.length === 0) {
      return path.slice(0, depth);
    }
    candidates = fields.flatMap((field) => candidatesBelow(field, schema));
  }
  return path;
}

function candidatesBelow(field: OutputField, schema: GraphQLSchema): Candidates {
  if (field.kind !== 'field' || field.selection === undefined) {
    return [];
  }
  const { selection } = field;
  const type = getNamedType(field.type);
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return types.map(({ name }) => [name, selection]);
}
