import type { FetchNode, PlanNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
} from 'graphql';

import type { FeatureMap } from '../../schema/features/readFeatures.ts';
import type { FetchGate } from '../model/FetchGate.ts';
import { gateOperation, type LiftedSelections, MUNICIPALITY_KEY, MUNICIPALITY_TYPE } from './gateOperation.ts';

export interface GatePlanOptions {
  /** The supergraph's schema, which knows every type that a fetch can meet. */
  readonly schema: GraphQLSchema;
  readonly features: FeatureMap;
  /** Receives the gate of every fetch that has one; the document is the one that the fetch node carries. */
  readonly onGate: (operation: DocumentNode, gate: FetchGate) => void;
}

/**
 * Rewrites a plan so that every gated selection can be decided before its fetch runs (DESIGN, section 5).
 *
 * A municipality known beforehand (an argument, a representation) leaves the selection where it is, behind a generated
 * Boolean variable or a condition on the representation. A municipality that only this very fetch yields lifts the
 * selection into an entity fetch of its own behind it. The text of every fetch is the same for all flags.
 */
export function gatePlan(node: PlanNode, options: GatePlanOptions): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((child) => gatePlan(child, options)) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause === undefined ? {} : { ifClause: gatePlan(node.ifClause, options) }),
        ...(node.elseClause === undefined ? {} : { elseClause: gatePlan(node.elseClause, options) }),
      };
    case 'Fetch': {
      const { fetch, lifted } = gateFetch(node, options);
      return inSequence(fetch, lifted);
    }
    case 'Flatten': {
      if (node.node.kind !== 'Fetch') {
        throw new Error(
          `The planner put a ${node.node.kind} node into a Flatten node, which the gate does not expect.`,
        );
      }
      const { path } = node;
      const { fetch, lifted } = gateFetch(node.node, options);
      return inSequence(
        { ...node, node: fetch },
        lifted.map((inner) => ({ ...inner, path: [...path, ...inner.path] })),
      );
    }
    case 'Defer':
      throw new Error('The planner deferred a selection, which the API schema does not offer.');
  }
}

interface LiftedFetch {
  readonly path: (string | number)[];
  readonly fetch: FetchNode;
}

function inSequence(first: PlanNode, lifted: readonly LiftedFetch[]): PlanNode {
  if (lifted.length === 0) {
    return first;
  }
  const nodes: PlanNode[] = lifted.map(({ path, fetch }) => ({ kind: 'Flatten', path, node: fetch }));
  return {
    kind: 'Sequence',
    nodes: [first, nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'Parallel', nodes }],
  };
}

function gateFetch(fetch: FetchNode, options: GatePlanOptions): { fetch: FetchNode; lifted: LiftedFetch[] } {
  const original = parse(fetch.operation, { noLocation: true });
  const { document, gate, lifted } = gateOperation(original, options);
  if (gate !== undefined) {
    options.onGate(document, gate);
  }
  return {
    fetch: withOperation(fetch, document, gate),
    lifted: lifted.flatMap((selections) => {
      const inner = gateFetch(toEntityFetch(fetch, selections), options);
      return [
        { path: [...selections.path], fetch: inner.fetch },
        ...inner.lifted.map((deeper) => ({ ...deeper, path: [...selections.path, ...deeper.path] })),
      ];
    }),
  };
}

/** The entity fetch that carries what was lifted out of a fetch, to the same subgraph. */
function toEntityFetch(origin: FetchNode, { document, keyAlias }: LiftedSelections): FetchNode {
  const fetch: FetchNode = {
    kind: 'Fetch',
    serviceName: origin.serviceName,
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: MUNICIPALITY_TYPE,
        selections: [
          { kind: 'Field', name: '__typename' },
          { kind: 'Field', name: keyAlias },
        ],
      },
    ],
    operation: '',
    operationName: undefined,
    operationKind: 'query' as FetchNode['operationKind'],
    ...(keyAlias === MUNICIPALITY_KEY
      ? {}
      : {
          inputRewrites: [
            { kind: 'KeyRenamer', path: [`... on ${MUNICIPALITY_TYPE}`, keyAlias], renameKeyTo: MUNICIPALITY_KEY },
          ],
        }),
  };
  return withOperation(fetch, document, undefined);
}

function withOperation(fetch: FetchNode, document: DocumentNode, gate: FetchGate | undefined): FetchNode {
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const variables = operation?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
  const generated = new Set(['representations', ...(gate?.variables.map(({ name }) => name) ?? [])]);
  return {
    ...fetch,
    operation: stripIgnoredCharacters(print(document)),
    operationDocumentNode: document,
    // The executor fills in what the client sent; representations and generated variables come later.
    variableUsages: variables.filter((name) => !generated.has(name)),
  };
}
