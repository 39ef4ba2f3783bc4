import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { type GraphQLSchema, Kind, type OperationDefinitionNode, parse, print, stripIgnoredCharacters } from 'graphql';

import type {
  CompiledPlan,
  ContextValue,
  EntityCall,
  EntityTarget,
  PlannedRequest,
  TakenField,
} from '../model/CompiledPlan.ts';
import type { ConditionValues } from './conditions.ts';
import { type PlacedFetch, placeFetches } from './fetchNodes.ts';
import { requiredSelections, requiredTypes } from './requiredSelections.ts';
import { markSharedObjects } from './sharedObjects.ts';
import type { TypeSets } from './TypeSets.ts';
import { takenFields } from './takenFields.ts';

export interface PlanCompilation {
  readonly schema: GraphQLSchema;
  readonly types: TypeSets;
  readonly conditions: ConditionValues;
  readonly keyFields: ReadonlySet<string>;
  /** Put fetches of one level to one subgraph into one request. Off: one request per Fetch node, as the planner wrote it. */
  readonly merge: boolean;
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
  /** The selection set of `_entities`, without ignorable characters. */
  readonly selection: string;
  readonly targets: EntityTarget[];
  readonly hasContext: boolean;
}

/** Turns a query plan into requests in executable form, for one set of values of the condition variables. */
export function compilePlan(root: PlanNode | undefined, compilation: PlanCompilation): CompiledPlan {
  const placed = placeFetches(root, compilation.conditions);
  const drafts: RequestDraft[] = [];
  placed.forEach((fetch, position) => {
    addFetch(drafts, fetch, position, compilation);
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
    return {
      subgraph: draft.subgraph,
      kind: first.node.operationKind === 'mutation' ? 'mutation' : 'query',
      ...(draft.calls === undefined ? rootRequest(first, compilation) : entityRequest(draft.calls, compilation)),
      nodes: draft.fetches.flatMap((position) => placed[position]?.node ?? []),
      waitsFor: before[request]?.size ?? 0,
      next: before.flatMap((set, later) => (set.has(request) ? [later] : [])),
    };
  });
  return { requests: markSharedObjects(requests) };
}

/** Puts a fetch into the request that it can share, or into one of its own. */
function addFetch(
  drafts: RequestDraft[],
  { node, path, level }: PlacedFetch,
  position: number,
  { types, merge }: PlanCompilation,
): void {
  const subgraph = node.serviceName;
  if (node.requires === undefined) {
    drafts.push({ subgraph, level, fetches: [position], calls: undefined });
    return;
  }
  const operation = operationOf(node);
  const context = contextValues(node);
  const target: EntityTarget = {
    path,
    requires: requiredSelections(node.requires, types),
    inputRewrites: node.inputRewrites ?? [],
    context,
    sharesObjects: false,
  };
  const call: CallDraft = {
    node,
    operation,
    selection: stripIgnoredCharacters(print(entitySelection(operation))),
    targets: [target],
    hasContext: context.length > 0,
  };
  // The value of a context variable holds for a whole request, so requests with one are not shared.
  const draft =
    merge && !call.hasContext
      ? drafts.find((other) => other.subgraph === subgraph && other.level === level && isShareable(other))
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
    same.targets.push(target);
  }
}

function isShareable(draft: RequestDraft): boolean {
  return draft.calls?.every((call) => !call.hasContext) === true;
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
    return { operation: first.node.operation, operationName, variables, work: { kind: 'entities', calls: [call] } };
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
  { node, operation, targets }: CallDraft,
  responseName: string,
  variable: string,
  compilation: PlanCompilation,
): EntityCall {
  const types = targets.map((target) => requiredTypes(target.requires));
  const onTypes = types.some((set) => set === undefined)
    ? undefined
    : new Set(types.flatMap((set) => [...(set ?? [])]));
  const fields: readonly TakenField[] = takenFields(
    entitySelection(operation),
    { onTypes },
    { ...compilation, outputRewrites: node.outputRewrites ?? [] },
  );
  const echoed = fields
    .filter((field) => field.fields === undefined && field.onTypes === undefined)
    .map((field) => field.responseName)
    .filter((name) => compilation.keyFields.has(name));
  return { responseName, variable, targets, fields, echoed };
}

function operationOf(node: FetchNode): OperationDefinitionNode {
  const { definitions } = parse(node.operation, { noLocation: true });
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) {
    throw new Error(`The planner wrote a fetch without an operation for ${node.serviceName}.`);
  }
  return operation;
}

function entitySelection(operation: OperationDefinitionNode) {
  const [entities, ...others] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || entities.selectionSet === undefined || others.length > 0) {
    throw new Error('The planner wrote an entity fetch that is not one `_entities` field.');
  }
  return entities.selectionSet;
}

/** Context rewrites are paths from the entity upwards (`..`), then down to the value. */
function contextValues(node: FetchNode): readonly ContextValue[] {
  return (node.contextRewrites ?? []).map(({ path, renameKeyTo }) => ({
    variable: renameKeyTo,
    up: path.filter((step) => step === '..').length,
    steps: path.filter((step) => step !== '..'),
  }));
}
