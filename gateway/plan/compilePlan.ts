import type { FetchNode, PlanNode } from '@apollo/query-planner';
import {
  type GraphQLSchema,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';

import type {
  CompiledPlan,
  ContextValue,
  EchoedKey,
  EntityCall,
  EntityTarget,
  LeftoverRequest,
  PlannedFetch,
  PlannedRequest,
  TakenField,
  Witness,
} from '../model/CompiledPlan.ts';
import type { ConditionValues } from '../model/conditions.ts';
import { type EchoContext, withEchoedKeys } from './echoedKeys.ts';
import type { EntityKeys } from './entityKeys.ts';
import { type PlacedFetch, placeFetches } from './fetchNodes.ts';
import { entitySelection, operationOf, sentOperation, withEntitySelection } from './fetchOperation.ts';
import { foldFetches } from './foldFetches.ts';
import type { IsNonNullIn } from './nonNullFields.ts';
import { passAside } from './passAside.ts';
import { requiredSelections, requiredTypes } from './requiredSelections.ts';
import { markSharedObjects } from './sharedObjects.ts';
import type { TypeSets } from './TypeSets.ts';
import { takenFields } from './takenFields.ts';
import { mayYield } from './witnesses.ts';

export interface PlanCompilation {
  readonly schema: GraphQLSchema;
  readonly types: TypeSets;
  readonly conditions: ConditionValues;
  readonly keysOf: EntityKeys;
  readonly isNonNullIn: IsNonNullIn;
  /** Which Fetch nodes may share a request with others; the others are sent as the planner wrote them. */
  readonly isShareable: (node: FetchNode) => boolean;
  /** Which entity fetches hold up nobody who reads nothing of them (see `passAside`). */
  readonly isAside: (node: FetchNode) => boolean;
  readonly witnesses: readonly Witness[];
}

/** Requests of one subgraph that go out together. */
interface RequestDraft {
  readonly subgraph: string;
  readonly level: number;
  readonly fetches: number[];
  readonly calls: CallDraft[] | undefined;
}

interface CallDraft {
  readonly node: FetchNode;
  readonly operation: OperationDefinitionNode;
  /** What is taken of each entity. */
  readonly selectionSet: SelectionSetNode;
  readonly echoed: readonly EchoedKey[];
  /** The selection set of `_entities`, without ignorable characters. */
  readonly selection: string;
  readonly targets: EntityTarget[];
  readonly isShareable: boolean;
}

/** Turns a query plan into requests in executable form, for one set of values of the condition variables. */
export function compilePlan(root: PlanNode | undefined, compilation: PlanCompilation): CompiledPlan {
  const { conditions, schema } = compilation;
  const planned = passAside(placeFetches(root, conditions), compilation.isAside);
  const placed = foldFetches(planned, schema, compilation);
  const drafts: RequestDraft[] = [];
  placed.forEach((fetch, position) => {
    if (fetch.foldedInto === undefined) {
      addFetch(drafts, fetch, position, compilation);
    }
  });

  const requestOf = new Map<number, number>();
  drafts.forEach((draft, request) => {
    for (const position of draft.fetches) {
      requestOf.set(position, request);
    }
  });
  const before = drafts.map(
    (draft) =>
      new Set(draft.fetches.flatMap((position) => placed[position]?.after ?? []).map((after) => requestOf.get(after))),
  );
  const requests = drafts.map((draft, request): PlannedRequest => {
    const first = placed[draft.fetches[0] ?? 0];
    if (first === undefined) {
      throw new Error('A request without a fetch.');
    }
    const form = draft.calls === undefined ? rootRequest(first, compilation) : entityRequest(draft.calls, compilation);
    return {
      subgraph: draft.subgraph,
      kind: first.node.operationKind === 'mutation' ? 'mutation' : 'query',
      ...form,
      witnesses: compilation.witnesses.filter((witness) => mayYield(form.work, witness)),
      nodes: draft.fetches.flatMap((position) => placed[position]?.node ?? []),
      waitsFor: before[request]?.size ?? 0,
      next: before.flatMap((set, later) => (set.has(request) ? [later] : [])),
    };
  });
  const fetches = planned.map(({ node }, position): PlannedFetch => {
    const foldedInto = placed[position]?.foldedInto;
    return { node, request: requestOf.get(foldedInto ?? position) ?? -1, isFolded: foldedInto !== undefined };
  });
  return { requests: markSharedObjects(requests), fetches, witnesses: compilation.witnesses };
}

/** Puts a fetch into the request that it can share, or into one of its own. */
function addFetch(drafts: RequestDraft[], fetch: PlacedFetch, position: number, compilation: PlanCompilation): void {
  const { level, node } = fetch;
  const subgraph = node.serviceName;
  if (node.requires === undefined) {
    drafts.push({ subgraph, level, fetches: [position], calls: undefined });
    return;
  }
  const call = callDraft(fetch, compilation);
  const draft = call.isShareable
    ? drafts.find(
        (other) =>
          other.subgraph === subgraph && other.level === level && other.calls?.every((one) => one.isShareable) === true,
      )
    : undefined;
  if (draft?.calls === undefined) {
    drafts.push({ subgraph, level, fetches: [position], calls: [call] });
    return;
  }
  draft.fetches.push(position);
  const same = draft.calls.find((other) => other.selection === call.selection && sameRewrites(other.node, node));
  if (same === undefined) {
    draft.calls.push(call);
  } else {
    same.targets.push(...call.targets);
  }
}

function callDraft({ node, path, leftover }: PlacedFetch, compilation: PlanCompilation): CallDraft {
  const echo: EchoContext = {
    subgraph: node.serviceName,
    requires: node.requires ?? [],
    conditions: compilation.conditions,
    keysOf: compilation.keysOf,
  };
  const { selectionSet, echoed } = withEchoedKeys(entitySelection(operationOf(node)), echo);
  // What is sent may hold less than what is taken: the gate puts names of its own into an answer.
  const sent = sentOperation(node);
  const context = contextValues(node);
  const target: EntityTarget = {
    path,
    requires: requiredSelections(node.requires ?? [], compilation.types),
    inputRewrites: node.inputRewrites ?? [],
    context,
    sharesObjects: false,
    leftover: leftover === undefined ? undefined : leftoverRequest(leftover, compilation),
  };
  return {
    node,
    operation: withEntitySelection(sent, withEchoedKeys(entitySelection(sent), echo).selectionSet),
    selectionSet,
    echoed: echoed.map(({ name, typeCondition }) => ({ name, onTypes: compilation.types.possible(typeCondition) })),
    selection: stripIgnoredCharacters(print(selectionSet)),
    targets: [target],
    // The value of a context variable holds for a whole request.
    isShareable: context.length === 0 && compilation.isShareable(node),
  };
}

function leftoverRequest(fetch: PlacedFetch, compilation: PlanCompilation): LeftoverRequest {
  const { work, ...form } = entityRequest([callDraft(fetch, compilation)], compilation);
  return {
    request: {
      subgraph: fetch.node.serviceName,
      kind: 'query',
      ...form,
      nodes: [fetch.node],
      witnesses: [],
      waitsFor: 0,
      next: [],
    },
    calls: work.kind === 'entities' ? work.calls : [],
  };
}

function sameRewrites(one: FetchNode, other: FetchNode): boolean {
  return JSON.stringify(one.outputRewrites ?? []) === JSON.stringify(other.outputRewrites ?? []);
}

type RequestForm = Pick<PlannedRequest, 'operation' | 'operationName' | 'variables' | 'work'>;

function rootRequest({ node, path }: PlacedFetch, compilation: PlanCompilation): RequestForm {
  const rootType = compilation.schema.getRootType(operationOf(node).operation);
  const fields = takenFields(
    operationOf(node).selectionSet,
    rootType === undefined || rootType === null ? {} : { parentType: rootType.name },
    { ...compilation, outputRewrites: node.outputRewrites ?? [] },
  );
  return {
    operation: node.operation,
    operationName: node.operationName,
    variables: node.variableUsages ?? [],
    work: { kind: 'root', path, fields },
  };
}

function entityRequest(drafts: readonly CallDraft[], compilation: PlanCompilation): RequestForm {
  const [first, ...others] = drafts;
  if (first === undefined) {
    throw new Error('A request without a call.');
  }
  const operationName = first.node.operationName;
  const variables = [...new Set(drafts.flatMap((draft) => draft.node.variableUsages ?? []))];
  if (others.length === 0) {
    const call = entityCall(first, '_entities', 'representations', compilation);
    const operation = stripIgnoredCharacters(print(first.operation));
    return { operation, operationName, variables, work: { kind: 'entities', calls: [call] } };
  }
  const calls = drafts.map((draft, i) => entityCall(draft, `_${i}`, `representations_${i}`, compilation));
  const definitions = new Set(
    drafts.flatMap((draft) =>
      (draft.operation.variableDefinitions ?? [])
        .filter((definition) => definition.variable.name.value !== 'representations')
        .map((definition) => stripIgnoredCharacters(print(definition))),
    ),
  );
  const header = [...calls.map((call) => `$${call.variable}:[_Any!]!`), ...definitions].join(' ');
  const body = drafts.map((draft, i) => `_${i}:_entities(representations:$representations_${i})${draft.selection}`);
  return {
    operation: `query${operationName === undefined ? '' : ` ${operationName}`}(${header}){${body.join(' ')}}`,
    operationName,
    variables,
    work: { kind: 'entities', calls },
  };
}

function entityCall(
  { node, selectionSet, targets, echoed }: CallDraft,
  responseName: string,
  variable: string,
  compilation: PlanCompilation,
): EntityCall {
  const types = targets.map((target) => requiredTypes(target.requires));
  const onTypes = types.some((set) => set === undefined)
    ? undefined
    : new Set(types.flatMap((set) => [...(set ?? [])]));
  const fields: readonly TakenField[] = takenFields(
    selectionSet,
    { onTypes },
    { ...compilation, outputRewrites: node.outputRewrites ?? [] },
  );
  return { responseName, variable, targets, fields, echoed };
}

/** Context rewrites are paths from the entity upwards (`..`), then down to the value. */
function contextValues(node: FetchNode): readonly ContextValue[] {
  return (node.contextRewrites ?? []).map(({ path, renameKeyTo }) => ({
    variable: renameKeyTo,
    up: path.filter((step) => step === '..').length,
    steps: path.filter((step) => step !== '..'),
  }));
}
