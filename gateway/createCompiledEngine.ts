import type { FetchNode } from '@apollo/query-planner';
import type { GatewayExecutionResult, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  GraphQLError,
  type OperationDefinitionNode,
  OperationTypeNode,
  valueFromASTUntyped,
} from 'graphql';

import { readFeatures } from '../schema/features/readFeatures.ts';
import { createSubgraphFetcher, type SubgraphFetcherOptions } from './createSubgraphFetcher.ts';
import type { Compilation, CompiledOperation } from './engine/CompiledOperation.ts';
import { createEngine, type EngineAnswer } from './engine/createEngine.ts';
import { compileShape, type Shape } from './fetch/compileShape.ts';
import { pruneAnswer } from './fetch/pruneAnswer.ts';
import { createInFlight } from './fetch/shareInFlight.ts';
import { decideFetch } from './flags/decideFetch.ts';
import { gatePlan } from './flags/gatePlan.ts';
import { refuseDisabledMutations } from './flags/refuseDisabledMutations.ts';
import { DisabledFeatures } from './model/DisabledFeatures.ts';
import type { FetchGate } from './model/FetchGate.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import type { JsonObject } from './model/Json.ts';
import type { KnownRequest, OperationEngine, OperationOutcome } from './model/OperationEngine.ts';
import { RawJson } from './model/RawJson.ts';
import type { RequestState } from './model/RequestState.ts';
import type { SubgraphAnswer, SubgraphFetch } from './model/SubgraphFetch.ts';
import { limitOperation, type OperationLimits } from './operation/limitOperation.ts';

export interface CompiledEngineOptions extends SubgraphFetcherOptions {
  readonly limits: OperationLimits;
  /** Whether requests carry municipalities; without any, every flag is on and nothing is gated. */
  readonly isGated: boolean;
  /** Equal queries that arrive while one of them runs get its outcome. Default true. */
  readonly sharesRequests?: boolean;
}

/** A gate and what an answer to the fetch may hold. */
interface GatedNode {
  readonly gate: FetchGate;
  readonly shape: Shape;
}

/** Our own engine: operations compiled once, the gate on their plans, our fetcher under their requests. */
export function createCompiledEngine({
  limits,
  isGated,
  sharesRequests = true,
  ...options
}: CompiledEngineOptions): OperationEngine {
  const { supergraphSdl } = options;
  const features = readFeatures(supergraphSdl);
  const fetcher = createSubgraphFetcher(options);
  const gates = new WeakMap<DocumentNode, GatedNode>();
  const inFlight = createInFlight<OperationOutcome>();
  /** Operations none of whose fetches has a gate: their answers may travel in bytes. */
  const ungated = new WeakSet<CompiledOperation>();
  let hasGate = false;

  const engine = createEngine({
    supergraphSdl,
    validationRules: [limitOperation(limits)],
    maxTokens: limits.maxTokens,
    rewritePlan: (node) =>
      isGated
        ? gatePlan(node, {
            schema: engine.supergraphSchema,
            features,
            onGate: (document, gate) => {
              hasGate = true;
              gates.set(document, { gate, shape: compileShape(document) });
            },
          })
        : node,
    // A gated fetch is decided by itself, so it is sent by itself.
    isShareable: (node) => gateOf([node]) === undefined,
  });

  function gateOf([node]: readonly FetchNode[]): GatedNode | undefined {
    return node?.operationDocumentNode === undefined ? undefined : gates.get(node.operationDocumentNode);
  }

  function compile(text: string, operationName: string | undefined): Compilation {
    const known = engine.known(text, operationName);
    if (known !== undefined) {
      return { kind: 'compiled', operation: known };
    }
    hasGate = false; // set by `rewritePlan` while this compiles
    const compilation = engine.compile(text, operationName);
    if (compilation.kind === 'compiled' && !hasGate) {
      ungated.add(compilation.operation);
    }
    return compilation;
  }

  async function send(fetch: SubgraphFetch, state: RequestState): Promise<SubgraphAnswer> {
    const { subgraph, operation, operationName, kind, variables, nodes, responsePath } = fetch;
    const gated = gateOf(nodes);
    const calls = decideFetch(gated?.gate, { variables, path: responsePath }, state);
    const representations = Array.isArray(variables.representations) ? variables.representations.length : 0;
    const answer = await fetcher.fetch(
      { subgraph, operation, operationName, kind, identity: nodes, calls, representations },
      state,
    );
    // Once more: what a subgraph answers to a part that was left out changes nothing.
    return gated === undefined ? answer : { ...answer, data: pruneAnswer(answer.data, gated.shape, calls) };
  }

  async function execute(operation: CompiledOperation, sent: JsonObject, state: RequestState): Promise<EngineAnswer> {
    const variables = withDefaults(operation.operation, sent);
    const refusals = refuseDisabledMutations(operation.operation, {
      document: operation.document,
      schema: engine.apiSchema,
      features,
      variables,
      snapshot: state.snapshot,
    });
    if (refusals.length > 0) {
      const errors = refusals.map(({ message, path = [], extensions }) => ({ message, path, extensions }));
      return { data: 'null', encoding: 'utf8', errors };
    }
    const { fetchBytes } = fetcher;
    return engine.execute(operation, variables, {
      send: (fetch) => send(fetch, state),
      ...(fetchBytes !== undefined && ungated.has(operation) ? { sendBytes: (fetch) => fetchBytes(fetch, state) } : {}),
    });
  }

  async function executeAlone(
    operation: CompiledOperation,
    variables: JsonObject,
    state: Omit<RequestState, 'disabled'>,
  ): Promise<OperationOutcome> {
    const disabled = new DisabledFeatures();
    const answer = await execute(operation, variables, { ...state, disabled });
    return { ...answer, disabled: disabled.list() };
  }

  /** What an outcome depends on besides the supergraph: the operation, its variables, and the municipalities as they are. */
  function executeKnown(
    { query, operationName, variables }: KnownRequest,
    state: Omit<RequestState, 'disabled'>,
  ): Promise<OperationOutcome> | undefined {
    const operation = engine.known(query, operationName);
    if (operation === undefined) {
      return undefined;
    }
    if (!sharesRequests || operation.operation.operation !== OperationTypeNode.QUERY) {
      return executeAlone(operation, variables, state);
    }
    const key = `${state.snapshot?.id ?? ''}\n${operationName ?? ''}\n${JSON.stringify(variables)}\n${query}`;
    return inFlight.share(key, state.signal, (signal) => executeAlone(operation, variables, { ...state, signal }));
  }

  async function executeBehindApollo({
    source,
    request,
    context,
  }: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> {
    const { state } = context as GatewayContext;
    const compilation = compile(source, request.operationName);
    if (compilation.kind === 'refused') {
      return { errors: compilation.errors };
    }
    const { data, encoding, errors } = await execute(compilation.operation, request.variables ?? {}, state);
    return {
      ...(data === undefined ? {} : { data: toData(data, encoding) }),
      ...(errors.length === 0 ? {} : { errors: errors.map(toGraphQLError) }),
    };
  }

  return {
    gateway: {
      async load() {
        return { executor: executeBehindApollo };
      },
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: engine.apiSchema, coreSupergraphSdl: supergraphSdl });
        return () => {};
      },
      async stop() {},
    },
    execute: executeKnown,
    close: () => fetcher.close(),
  };
}

/** Defaults of variables count for flags as they do for fields. */
function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, variables: JsonObject): JsonObject {
  const missing = variableDefinitions.filter(
    ({ variable, defaultValue }) => defaultValue !== undefined && !Object.hasOwn(variables, variable.name.value),
  );
  if (missing.length === 0) {
    return variables;
  }
  const completed: JsonObject = Object.assign(Object.create(null), variables);
  for (const { variable, defaultValue } of missing) {
    completed[variable.name.value] = defaultValue === undefined ? undefined : valueFromASTUntyped(defaultValue);
  }
  return completed;
}

/** Data for a pipeline that looks at it only to tell null from an object. */
function toData(text: string, encoding: EngineAnswer['encoding']): Record<string, unknown> | null {
  if (text === 'null') {
    return null;
  }
  const raw: object = new RawJson(encoding === 'latin1' ? Buffer.from(text, 'latin1').toString('utf8') : text);
  return raw as Record<string, unknown>;
}

function toGraphQLError({ message, path, extensions }: EngineAnswer['errors'][number]): GraphQLError {
  return new GraphQLError(message, { ...(path === undefined ? {} : { path }), extensions });
}
