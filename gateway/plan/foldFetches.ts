import type { FetchNode } from '@apollo/query-planner';
import {
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';

import type { PlacedFetch } from './fetchNodes.ts';
import { entitySelection, operationOf, withEntitySelection } from './fetchOperation.ts';
import type { IsNonNullIn } from './nonNullFields.ts';
import { type BroughtFields, reads } from './reads.ts';

/**
 * Folds an entity fetch into a later one for the same entities, where nobody needs its fields sooner: the later request carries
 * them along, and one request less is sent.
 *
 * The answer stays the same. The later fetch needs all that the earlier one needs, so an entity that is sent by it gets the
 * fields of both. One that lacks what only the later fetch requires still gets the fields of the earlier, which runs for
 * just those (`leftover`). No other fetch reads the fields, and an error in a field of one cannot take those of the
 * other along, as the fields of both are nullable, in the supergraph and in the subgraph.
 */
export function foldFetches(
  placed: readonly PlacedFetch[],
  schema: GraphQLSchema,
  { isShareable, isNonNullIn }: { isShareable: (node: FetchNode) => boolean; isNonNullIn: IsNonNullIn },
): readonly PlacedFetch[] {
  const entityFetches = placed.map((fetch) =>
    isShareable(fetch.node) ? describe(fetch, schema, isNonNullIn) : undefined,
  );
  if (placed.some(({ node }) => (node.contextRewrites?.length ?? 0) > 0)) {
    return placed;
  }
  const result = [...placed];
  const taken = new Set<number>();
  entityFetches.forEach((early, i) => {
    const into =
      early === undefined || taken.has(i)
        ? -1
        : entityFetches.findIndex((late, j) => {
            return (
              late !== undefined &&
              j !== i &&
              !taken.has(j) &&
              canCarry(early, late) &&
              placed.every((other, k) => k === i || k === j || !reads(other, early))
            );
          });
    const late = entityFetches[into];
    if (early !== undefined && late !== undefined) {
      taken.add(i).add(into);
      result[i] = { ...early.fetch, foldedInto: into };
      result[into] = { ...late.fetch, node: joined(early, late), leftover: early.fetch };
    }
  });
  // Nobody waits for a fetch that went elsewhere; what was before it stays before its successors.
  const waitedFor = (positions: readonly number[]): readonly number[] =>
    positions.flatMap((position) =>
      result[position]?.foldedInto === undefined ? [position] : waitedFor(placed[position]?.after ?? []),
    );
  return result.map((fetch) => ({ ...fetch, after: [...new Set(waitedFor(fetch.after))] }));
}

/** An entity fetch of the plain kind: for one type, with nullable fields. */
interface EntityFetch extends BroughtFields {
  readonly fetch: PlacedFetch;
  readonly type: string;
  readonly selections: readonly SelectionNode[];
  /** Required fields, each as JSON text. */
  readonly requires: ReadonlySet<string>;
}

function describe(fetch: PlacedFetch, schema: GraphQLSchema, isNonNullIn: IsNonNullIn): EntityFetch | undefined {
  const { node, path } = fetch;
  const [required, ...more] = node.requires ?? [];
  const rewrites = [...(node.inputRewrites ?? []), ...(node.outputRewrites ?? [])];
  if (required?.kind !== 'InlineFragment' || more.length > 0 || rewrites.length > 0) {
    return undefined;
  }
  const [fragment, ...others] = entitySelection(operationOf(node)).selections;
  const type = fragment?.kind === Kind.INLINE_FRAGMENT ? fragment.typeCondition?.name.value : undefined;
  if (
    fragment?.kind !== Kind.INLINE_FRAGMENT ||
    type === undefined ||
    type !== required.typeCondition ||
    others.length > 0
  ) {
    return undefined;
  }
  const { selections } = fragment.selectionSet;
  if (
    (fragment.directives?.length ?? 0) > 0 ||
    !selections.every(
      (selection) =>
        isNullableField(selection, type, schema) &&
        !(selection.kind === Kind.FIELD && isNonNullIn(node.serviceName, type, selection.name.value)),
    )
  ) {
    return undefined;
  }
  return {
    fetch,
    path,
    type,
    selections,
    responseNames: new Set(
      selections
        .filter((selection): selection is FieldNode => selection.kind === Kind.FIELD)
        .map((field) => (field.alias ?? field.name).value),
    ),
    requires: new Set(required.selections.map((selection) => JSON.stringify(selection))),
  };
}

function isNullableField(selection: SelectionNode, typeName: string, schema: GraphQLSchema): boolean {
  const type = schema.getType(typeName);
  if (selection.kind !== Kind.FIELD || !(isObjectType(type) || isInterfaceType(type))) {
    return false;
  }
  const field = type.getFields()[selection.name.value];
  return field !== undefined && !isNonNullType(field.type);
}

function canCarry(early: EntityFetch, late: EntityFetch): boolean {
  return (
    early.fetch.node.serviceName === late.fetch.node.serviceName &&
    early.path.join() === late.path.join() &&
    early.type === late.type &&
    early.fetch.level < late.fetch.level &&
    [...early.requires].every((required) => late.requires.has(required)) &&
    ![...early.responseNames].some((name) => late.responseNames.has(name)) &&
    !reads(late.fetch, early)
  );
}

/** The later fetch with the fields of both. */
function joined(early: EntityFetch, late: EntityFetch): FetchNode {
  const operation = operationOf(late.fetch.node);
  const fields: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [...early.selections, ...late.selections] };
  const fragment: SelectionNode = {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: late.type } },
    selectionSet: fields,
  };
  const known = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const document: OperationDefinitionNode = {
    ...withEntitySelection(operation, { kind: Kind.SELECTION_SET, selections: [fragment] }),
    variableDefinitions: [
      ...(operation.variableDefinitions ?? []),
      ...(operationOf(early.fetch.node).variableDefinitions ?? []).filter(
        ({ variable }) => !known.has(variable.name.value),
      ),
    ],
  };
  return {
    ...late.fetch.node,
    operation: stripIgnoredCharacters(print(document)),
    operationDocumentNode: { kind: Kind.DOCUMENT, definitions: [document] },
    variableUsages: [
      ...new Set([...(late.fetch.node.variableUsages ?? []), ...(early.fetch.node.variableUsages ?? [])]),
    ],
  };
}
