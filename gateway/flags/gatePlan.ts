import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { type DocumentNode, Kind, type OperationDefinitionNode, print, stripIgnoredCharacters } from 'graphql';

import { type FetchGate, STAMP } from '../model/FetchGate.ts';
import { parseDocument } from '../model/parseDocument.ts';
import type { FetchBase } from './enclosing.ts';
import type { GateSchema } from './GateSchema.ts';
import { gateOperation } from './gateOperation.ts';
import type { LiftedSelections } from './lifts.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

export interface GatePlanOptions {
  readonly gates: GateSchema;
  /**
   * Receives the gate of every fetch that has one; the document is the one that the fetch node carries, and the path that of the
   * objects which the fetch completes.
   */
  readonly onGate: (operation: DocumentNode, gate: FetchGate, path: readonly string[]) => void;
}

/**
 * Rewrites a plan so that every gated selection can be decided before its fetch runs (DESIGN, section 5).
 *
 * A municipality known beforehand (an argument, a representation) leaves the selection where it is, behind a generated
 * Boolean variable or a condition on the representation. A municipality that only this very fetch yields lifts the
 * selection into an entity fetch of its own behind it. A municipality that encloses an entity of another type is written
 * into that entity's representation by the fetch that yields it (a stamp), and taken out before the fetch is sent. The
 * text of every fetch is the same for all flags.
 */
export function gatePlan(root: PlanNode, { gates, onGate }: GatePlanOptions): PlanNode {
  if (gates.features.flags.length === 0) {
    return root;
  }
  const surroundings = surroundingsOf(root, gates);
  // A fetch that needs stamps is found after the fetch that must make them: again, until none is new.
  const wanted = new Set<string>();
  for (;;) {
    const before = wanted.size;
    const found: Rewriting['found'] = [];
    const gated = rewrite(root, [], { gates, surroundings, wanted, found });
    if (wanted.size === before) {
      for (const [document, gate, path] of found) {
        onGate(document, gate, path);
      }
      return gated;
    }
  }
}

interface Rewriting {
  readonly gates: GateSchema;
  readonly surroundings: Surroundings;
  /** Paths of objects that need stamps, joined by line breaks. */
  readonly wanted: Set<string>;
  readonly found: (readonly [DocumentNode, FetchGate, path: readonly string[]])[];
}

function rewrite(node: PlanNode, path: readonly string[], rewriting: Rewriting): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((child) => rewrite(child, path, rewriting)) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause === undefined ? {} : { ifClause: rewrite(node.ifClause, path, rewriting) }),
        ...(node.elseClause === undefined ? {} : { elseClause: rewrite(node.elseClause, path, rewriting) }),
      };
    case 'Fetch':
      return gateFetch(node, { base: rewriting.surroundings.baseAt(path), path, position: [] }, rewriting);
    case 'Flatten': {
      if (node.node.kind !== 'Fetch') {
        throw new Error(
          `The planner put a ${node.node.kind} node into a Flatten node, which the gate does not expect.`,
        );
      }
      const here = [...path, ...node.path.map(String)];
      const base = rewriting.surroundings.baseAt(here);
      return gateFetch(node.node, { base, path: here, position: node.path }, rewriting);
    }
    case 'Defer':
      throw new Error('The planner deferred a selection, which the API schema does not offer.');
  }
}

interface FetchPlace {
  readonly base: FetchBase;
  /** Of the objects that the fetch completes, from the top of the answer. */
  readonly path: readonly string[];
  /** The same from where the plan node stands. */
  readonly position: readonly (string | number)[];
  /** Whether it was taken out of another fetch. Default false. */
  readonly isLifted?: boolean;
}

/** A fetch with its gate, and behind it those that carry what was lifted out of it. */
function gateFetch(fetch: FetchNode, place: FetchPlace, rewriting: Rewriting): PlanNode {
  const { base, path, position, isLifted = false } = place;
  const { gates, wanted, found } = rewriting;
  const original = fetch.operationDocumentNode ?? parseDocument(fetch.operation);
  const gated = gateOperation(original, {
    gates,
    subgraph: fetch.serviceName,
    base,
    isLifted,
    wantsStamp: (below) => wanted.has([...path, ...below].join('\n')),
    wantsStampBelow: (below) => {
      const start = `${[...path, ...below].join('\n')}\n`;
      return [...wanted].some((each) => each.startsWith(start));
    },
  });
  if (gated.gate !== undefined) {
    found.push([gated.answered, gated.gate, path]);
  }
  if (gated.needsStamp) {
    wanted.add(path.join('\n'));
  }
  const rewritten =
    gated.answered === original ? fetch : withOperation(fetch, gated.document, gated.answered, gated.gate);
  const first = atPosition(gated.needsStamp ? withStamp(rewritten) : rewritten, position);
  const lifted = gated.lifted.map((selections) =>
    gateFetch(
      toEntityFetch(fetch, selections),
      {
        base: selections.base,
        path: [...path, ...selections.path],
        position: [...position, ...selections.path],
        isLifted: true,
      },
      rewriting,
    ),
  );
  const [only, ...others] = lifted;
  return only === undefined
    ? first
    : { kind: 'Sequence', nodes: [first, others.length === 0 ? only : { kind: 'Parallel', nodes: lifted }] };
}

function atPosition(fetch: FetchNode, position: readonly (string | number)[]): PlanNode {
  return position.length === 0 ? fetch : { kind: 'Flatten', path: [...position], node: fetch };
}

/** The entity fetch that carries what was lifted out of a fetch, to the same subgraph. */
function toEntityFetch(origin: FetchNode, { document, type, requires, renames }: LiftedSelections): FetchNode {
  const fetch: FetchNode = {
    kind: 'Fetch',
    serviceName: origin.serviceName,
    requires: [...requires],
    operation: '',
    operationName: undefined,
    operationKind: 'query' as FetchNode['operationKind'],
    ...(renames.length === 0
      ? {}
      : {
          inputRewrites: renames.map(({ alias, to }) => ({
            kind: 'KeyRenamer',
            path: [`... on ${type}`, alias],
            renameKeyTo: to,
          })),
        }),
  };
  return withOperation(fetch, document, document, undefined);
}

/** The representations carry the slug of the municipality that encloses them; null where none does. */
function withStamp(fetch: FetchNode): FetchNode {
  return {
    ...fetch,
    requires: (fetch.requires ?? []).map((required) =>
      required.kind === 'InlineFragment'
        ? { ...required, selections: [...required.selections, { kind: 'Field', name: STAMP }] }
        : required,
    ),
  };
}

export function withOperation(
  fetch: FetchNode,
  sent: DocumentNode,
  answered: DocumentNode,
  gate: FetchGate | undefined,
): FetchNode {
  const operation = sent.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const variables = operation?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
  const generated = new Set(['representations', ...(gate?.variables.map(({ name }) => name) ?? [])]);
  return {
    ...fetch,
    operation: stripIgnoredCharacters(print(sent)),
    operationDocumentNode: answered,
    // The executor fills in what the client sent; representations and generated variables come later.
    variableUsages: [...variables.filter((name) => !generated.has(name)), ...(gate?.ownVariables ?? [])],
  };
}
