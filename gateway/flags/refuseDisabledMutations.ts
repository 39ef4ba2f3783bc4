import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLObjectType,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

import { ERRORS } from '../../schema/errorCodes.ts';
import { isFlagEnabled, type MunicipalitySnapshot } from '../../schema/municipalities/Municipality.ts';
import { conditionValuesIn, isIncluded } from '../model/conditions.ts';
import { argumentOf } from './documentParts.ts';
import type { GateSchema } from './GateSchema.ts';
import { readSlug } from './slugOf.ts';

/**
 * The errors of an operation whose mutations are switched off for the municipality that they name; empty: it may run.
 * One disabled mutation refuses the whole operation, so that nothing is written before the refusal.
 */
export function refuseDisabledMutations(
  operation: OperationDefinitionNode,
  {
    document,
    gates: { schema, features },
    variables,
    snapshot,
  }: {
    document: DocumentNode;
    gates: GateSchema;
    variables: Readonly<Record<string, unknown>>;
    snapshot: MunicipalitySnapshot;
  },
): readonly GraphQLError[] {
  const type = schema.getMutationType();
  if (operation.operation !== OperationTypeNode.MUTATION || type === undefined || type === null) {
    return [];
  }
  const errors: GraphQLError[] = [];
  const conditions = conditionValuesIn(variables);
  collect(operation.selectionSet, type);
  return errors;

  function collect(selections: SelectionSetNode, mutation: GraphQLObjectType): void {
    for (const selection of selections.selections) {
      if (!isIncluded(selection, conditions)) {
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
      const place = own?.municipalityPath;
      const value =
        argumentOf(selection, field, 'municipality') ??
        (place?.startsWith('$') === true ? argumentOf(selection, field, place.slice(1)) : undefined);
      if (isMissing(value)) {
        continue;
      }
      const slug = value === undefined ? undefined : readSlug(value, variables);
      const flag = flags.find((each) => slug !== undefined && !isFlagEnabled(snapshot, slug, each));
      const path = [selection.alias?.value ?? selection.name.value];
      if (slug === undefined || !snapshot.municipalities.has(slug)) {
        errors.push(
          ERRORS.MUNICIPALITY_UNKNOWN.create(
            `No municipality has the slug ${JSON.stringify(slug ?? null)}.`,
            { slug: slug ?? null },
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

  /** A variable that must be sent and was not sent as a slug: the executor's to report. */
  function isMissing(value: ValueNode | undefined): boolean {
    return (
      value?.kind === Kind.VARIABLE &&
      readSlug(value, variables) === undefined &&
      operation.variableDefinitions?.find(({ variable }) => variable.name.value === value.name.value)?.type.kind ===
        Kind.NON_NULL_TYPE
    );
  }
}
