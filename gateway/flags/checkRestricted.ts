import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';

import { ERRORS } from '../../schema/errorCodes.ts';

export interface RestrictedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As the client sent them, defaults included. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * What speaks against running an operation for one municipality alone: fields that its schema does not have, and
 * arguments that name another municipality.
 */
export function checkRestricted(
  { document, operation, variables }: RestrictedOperation,
  { slug, schema }: { readonly slug: string; readonly schema: GraphQLSchema },
): readonly GraphQLError[] {
  const problems = validate(schema, document, undefined, { maxErrors: 20 });
  if (problems.length > 0) {
    return problems.map(
      ({ message, nodes = null }) =>
        new GraphQLError(message, { nodes, extensions: { code: ERRORS.GRAPHQL_VALIDATION_FAILED.code } }),
    );
  }
  const errors: GraphQLError[] = [];
  const types = new TypeInfo(schema);
  const check = {
    Field(node: FieldNode) {
      const field = types.getFieldDef();
      const named = field && namedMunicipality(field, node, variables);
      if (named !== undefined && named !== null && named !== slug) {
        errors.push(
          ERRORS.BAD_USER_INPUT.create(
            `The request is for the municipality ${JSON.stringify(slug)} alone and cannot ask for ${JSON.stringify(named)}.`,
            { municipality: slug },
          ),
        );
      }
    },
  };
  visit(operation, visitWithTypeInfo(types, check));
  for (const fragment of document.definitions) {
    if (fragment.kind === Kind.FRAGMENT_DEFINITION) {
      visit(fragment, visitWithTypeInfo(types, check));
    }
  }
  return errors;
}

/** The slug in an argument that says for which municipality a field is asked. */
function namedMunicipality(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: RestrictedOperation['variables'],
): unknown {
  const name = getNamedType(field.type).name === 'Municipality' ? 'slug' : 'municipality';
  return field.args.some((argument) => argument.name === name)
    ? getArgumentValues(field, node, variables)[name]
    : undefined;
}

/** What of an operation's root fields is introspection: all of it, a part, or nothing. */
export function introspectionIn({ document, operation }: RestrictedOperation): 'all' | 'part' | 'nothing' {
  const names = new Set<string>();
  collect(operation.selectionSet);
  const asked = [...names].filter((name) => name !== '__typename');
  const introspected = asked.filter((name) => name.startsWith('__'));
  return introspected.length === 0 ? 'nothing' : introspected.length === asked.length ? 'all' : 'part';

  function collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        names.add(selection.name.value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else {
        for (const fragment of document.definitions) {
          if (fragment.kind === Kind.FRAGMENT_DEFINITION && fragment.name.value === selection.name.value) {
            collect(fragment.selectionSet);
          }
        }
      }
    }
  }
}
