import {
  type DocumentNode,
  type GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';

import { ERRORS } from '../../schema/errorCodes.ts';
import type { FeatureMap } from '../../schema/features/readFeatures.ts';
import { isFlagEnabled, type MunicipalitySnapshot } from '../../schema/municipalities/Municipality.ts';

/**
 * The errors of an operation whose mutations are switched off for the municipality that they name; empty: it may run.
 * One disabled mutation refuses the whole operation, so that nothing is written before the refusal.
 */
export function refuseDisabledMutations(
  operation: OperationDefinitionNode,
  {
    document,
    schema,
    features,
    variables,
    snapshot,
  }: {
    document: DocumentNode;
    schema: GraphQLSchema;
    features: FeatureMap;
    variables: Readonly<Record<string, unknown>>;
    snapshot: MunicipalitySnapshot | undefined;
  },
): readonly GraphQLError[] {
  const type = schema.getMutationType();
  if (
    operation.operation !== OperationTypeNode.MUTATION ||
    type === undefined ||
    type === null ||
    snapshot === undefined
  ) {
    return [];
  }
  const errors: GraphQLError[] = [];
  collect(operation.selectionSet, type);
  return errors;

  function collect(selections: SelectionSetNode, mutation: GraphQLObjectType): void {
    for (const selection of selections.selections) {
      if (!isIncluded(selection)) {
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, mutation);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        for (const definition of document.definitions) {
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value) {
            collect(definition.selectionSet, mutation);
          }
        }
        continue;
      }
      const field = mutation.getFields()[selection.name.value];
      const own = features.fields.get(`${mutation.name}.${selection.name.value}`);
      const returned = field === undefined ? undefined : features.types.get(getNamedType(field.type).name);
      const flags = [own?.flag, returned?.flag].filter((each) => each !== undefined);
      const [first] = flags;
      if (first === undefined || field === undefined) {
        continue;
      }
      const given = getArgumentValues(field, selection, variables);
      const named = own?.municipalityPath?.startsWith('$') === true ? own.municipalityPath.slice(1) : 'municipality';
      const slug = given[field.args.some(({ name }) => name === 'municipality') ? 'municipality' : named];
      const flag = flags.find(
        (each) => snapshot !== undefined && typeof slug === 'string' && !isFlagEnabled(snapshot, slug, each),
      );
      const path = [selection.alias?.value ?? selection.name.value];
      if (typeof slug !== 'string' || !snapshot?.municipalities.has(slug)) {
        errors.push(
          ERRORS.MUNICIPALITY_UNKNOWN.create(
            `No municipality has the slug ${JSON.stringify(slug)}.`,
            { slug },
            { path },
          ),
        );
      } else if (flag !== undefined) {
        errors.push(
          ERRORS.FEATURE_DISABLED.create(
            `The municipality "${slug}" has switched "${flag}" off.`,
            { flag, municipality: slug },
            { path },
          ),
        );
      }
    }
  }

  function isIncluded(node: Parameters<typeof getDirectiveValues>[1]): boolean {
    return (
      getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false
    );
  }
}
