import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { GatewayExecutionResult, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import {
  type DocumentNode,
  GraphQLError,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  valueFromASTUntyped,
} from 'graphql';

import { ERRORS } from '../schema/errorCodes.ts';
import type { MunicipalitySnapshot } from '../schema/municipalities/Municipality.ts';
import { createSubgraphFetcher, type SubgraphFetcherOptions } from './createSubgraphFetcher.ts';
import type { CompiledOperation } from './engine/CompiledOperation.ts';
import type { RewrittenPlan } from './engine/compileOperation.ts';
import { createEngine, type EngineAnswer, type Opening } from './engine/createEngine.ts';
import { compileShape, type Shape } from './fetch/compileShape.ts';
import type { Fetcher } from './fetch/createFetcher.ts';
import { pruneAnswer } from './fetch/pruneAnswer.ts';
import { createInFlight } from './fetch/shareInFlight.ts';
import { applyWaysOff } from './flags/applyWaysOff.ts';
import { createRefusal } from './flags/createRefusal.ts';
import { type DecidedCall, decideFetch } from './flags/decideFetch.ts';
import { createGateSchema } from './flags/GateSchema.ts';
import { gatePlan } from './flags/gatePlan.ts';
import { isAskedBy } from './flags/isAskedBy.ts';
import { openPlan, type PlacedGate } from './flags/openPlan.ts';
import { settleAnswer } from './flags/settleAnswer.ts';
import { readSlug } from './flags/slugOf.ts';
import { DisabledFeatures } from './model/DisabledFeatures.ts';
import type { FetchGate } from './model/FetchGate.ts';
import type { FetchFacts, FetchObserver } from './model/FetchObserver.ts';
import type { GatewayContext } from './model/GatewayContext.ts';
import type { JsonObject } from './model/Json.ts';
import type { OpenForm } from './model/OpenForm.ts';
import type { KnownRequest, OperationEngine, OperationOutcome } from './model/OperationEngine.ts';
import type { GatedFields, PlanDescription, PlanRecorder } from './model/PlanDescription.ts';
import { RawJson } from './model/RawJson.ts';
import type { RequestState } from './model/RequestState.ts';
import type { RequestTrace, TraceAttributes } from './model/RequestTrace.ts';
import type {
  DividedFetch,
  FetchSender,
  SendBytes,
  SubgraphAnswer,
  SubgraphFetch,
  TextFetch,
} from './model/SubgraphFetch.ts';
import { WrappedData } from './model/WrappedData.ts';
import {
  createDecideOverride,
  type DecideOverride,
  decideOverrides,
  type OverrideDecisions,
} from './operation/decideOverrides.ts';
import { limitOperation, type OperationLimits } from './operation/limitOperation.ts';
import { describePlan } from './plan/describePlan.ts';
import type { Planner } from './plan/Planner.ts';
import type { IsKnown } from './plan/witnesses.ts';
import { sendGatedBytes } from './sendGatedBytes.ts';

export interface CompiledEngineOptions extends SubgraphFetcherOptions {
  /** Decides labels of progressive `@override`s. Default: by percentage alone. */
  readonly decideOverride?: DecideOverride;
  /** The planner of the supergraph; the engine closes it. */
  readonly planner: Planner;
  readonly limits: OperationLimits;
  /** Whether requests carry municipalities; without any, every flag is on and nothing is gated. */
  readonly isGated: boolean;
  /** Equal queries that arrive while one of them runs get its outcome. Default true. */
  readonly sharesRequests?: boolean;
}

/** Our own engine: operations compiled once, the gate on their plans, our fetcher under their requests. */
export function createCompiledEngine({
  planner,
  limits,
  decideOverride = createDecideOverride(),
  isGated,
  sharesRequests = true,
  ...options
}: CompiledEngineOptions): OperationEngine {
  const { supergraphSdl } = options;
  const fetcher = createSubgraphFetcher(options);
  const gates = new WeakMap<DocumentNode, FetchGate>();
  /** By the nodes of a fetch. */
  const shapes = new WeakMap<readonly FetchNode[], Shape>();
  /** The snapshots for which operations met a municipality that is not in them, by id. */
  const strangers = new WeakMap<CompiledOperation, string>();
  const knownIn = new WeakMap<MunicipalitySnapshot, IsKnown>();
  const inFlight = createInFlight<OperationOutcome>(({ data }, callers) => {
    if (data instanceof WrappedData) {
      data.shareAmong(callers);
    }
  });
  const engine = createEngine({
    planner,
    limitRules: [limitOperation(limits)],
    maxTokens: limits.maxTokens,
    rewritePlan: isGated ? gate : (root) => ({ root }),
    // A gated fetch is decided by itself, so it is sent by itself.
    isShareable: (node) => gateOf([node]) === undefined,
    isAside: (node) => gateOf([node])?.isLifted === true,
  });

  const gateSchema = createGateSchema(supergraphSdl, planner.supergraphSchema);
  const refuse = createRefusal(gateSchema);

  function gateOf([node]: readonly FetchNode[]): FetchGate | undefined {
    return node?.operationDocumentNode === undefined ? undefined : gates.get(node.operationDocumentNode);
  }

  /** What an answer to a gated fetch may hold. */
  function shapeOf({ nodes, operation }: Pick<SubgraphFetch, 'nodes' | 'operation'>): Shape {
    const shape = shapes.get(nodes) ?? compileShape(parse(operation, { noLocation: true }), gateSchema.concreteTypes);
    shapes.set(nodes, shape);
    return shape;
  }

  function gate(plan: PlanNode): RewrittenPlan {
    const placed: PlacedGate[] = [];
    const root = gatePlan(plan, {
      gates: gateSchema,
      onGate: (document, fetchGate, path) => {
        gates.set(document, fetchGate);
        placed.push({ gate: fetchGate, path });
      },
    });
    return placed.length === 0 ? { root } : { root, open: () => openPlan(plan, placed, gateSchema) };
  }

  /**
   * Whether a request may take the open form of its operation: nothing can be off for it, as far as it is known now. Who asks
   * to see the plan sees the gated form.
   */
  function openFor(
    operation: CompiledOperation,
    { flags, named }: OpenForm,
    variables: JsonObject,
    { snapshot, observer }: RequestState,
  ): Opening | undefined {
    if (snapshot === undefined || observer !== undefined) {
      return undefined;
    }
    const { id, onEverywhere, municipalities } = snapshot;
    const isOpen =
      strangers.get(operation) !== id &&
      flags.every((flag) => onEverywhere?.has(flag)) &&
      named.every((value) => municipalities.has(readSlug(value, variables) ?? ''));
    return isOpen ? { isKnown: isKnownIn(snapshot), onStranger: () => strangers.set(operation, id) } : undefined;
  }

  function isKnownIn(snapshot: MunicipalitySnapshot): IsKnown {
    const { municipalities } = snapshot;
    const isKnown = knownIn.get(snapshot) ?? ((slug) => municipalities.has(slug));
    knownIn.set(snapshot, isKnown);
    return isKnown;
  }

  function send(fetch: SubgraphFetch, state: RequestState): Promise<SubgraphAnswer> {
    return sendDecided(fetch, decideFetch(gateOf(fetch.nodes), fetch, state), state);
  }

  async function sendDecided(
    fetch: SubgraphFetch,
    calls: readonly DecidedCall[],
    state: RequestState,
  ): Promise<SubgraphAnswer> {
    const { subgraph, operation, operationName, kind, variables, nodes } = fetch;
    const gate = gateOf(nodes);
    const representations = Array.isArray(variables.representations) ? variables.representations.length : 0;
    const prepared = { subgraph, operation, operationName, kind, identity: nodes, calls, representations };
    const { observer } = state;
    const answer = await (observer === undefined
      ? fetcher.fetch(prepared, state)
      : observed(fetch, observer, (facts) => fetcher.fetch({ ...prepared, facts }, state)));
    // Once more: what a subgraph answers to a part that was left out changes nothing.
    return gate === undefined || (gate.answer === undefined && calls[0]?.isWhole === true)
      ? answer
      : { ...answer, data: settleAnswer(pruneAnswer(answer.data, shapeOf(fetch), calls), gate, fetch, state) };
  }

  function sendBytes(
    fetch: TextFetch,
    fetchBytes: NonNullable<Fetcher['fetchBytes']>,
    state: RequestState,
  ): ReturnType<SendBytes> {
    const gate = gateOf(fetch.nodes);
    return gate === undefined
      ? fetchBytes(fetch, state)
      : sendGatedBytes(fetch, { gate, fetchBytes, shape: () => shapeOf(fetch), state });
  }

  async function execute(operation: CompiledOperation, sent: JsonObject, state: RequestState): Promise<EngineAnswer> {
    const variables = withDefaults(operation.operation, sent);
    const trace = recordingOf(state);
    const { document } = operation;
    const decide = () => refuse({ document, operation: operation.operation, variables }, state);
    const refusals = trace === undefined ? decide() : await trace.stage('flags', async () => decide());
    if (refusals.length > 0) {
      const errors = refusals.map(({ message, path = [], extensions }) => ({ message, path, extensions }));
      return { data: 'null', errors };
    }
    const run = (inner: RequestState) =>
      engine.execute(operation, variables, senderOf(inner), (form, planVariables) =>
        openFor(operation, form, planVariables, state),
      );
    const answer = await (trace === undefined
      ? run(state)
      : trace.stage('execute', (inner) => run({ ...state, trace: inner })));
    const { data } = answer;
    state.disabled.settle({
      data: () => (data === undefined ? null : JSON.parse(textOf(data))),
      isAsked: isAskedBy(operation.document, operation.operation, variables),
      toClient: (name) => operation.names.toClient(name),
    });
    const ways = applyWaysOff(state.disabled, state.snapshot);
    if (ways.errors.length === 0) {
      return answer;
    }
    const errors = ways.errors.map(({ message, path = [], extensions }) => ({ message, path, extensions }));
    return ways.isRejected ? { data: 'null', errors } : { ...answer, errors: [...answer.errors, ...errors] };
  }

  function senderOf(state: RequestState): FetchSender {
    const { fetchBytes } = fetcher;
    const trace = recordingOf(state);
    const below = (inner: RequestTrace): RequestState => ({ ...state, trace: inner });
    return {
      send:
        trace === undefined
          ? (fetch) => send(fetch, state)
          : (fetch) => trace.fetch(fetch, (inner) => send(fetch, below(inner))),
      sendBytes:
        fetchBytes === undefined || state.observer?.wantsFacts === true
          ? undefined
          : trace === undefined
            ? (fetch) => sendBytes(fetch, fetchBytes, state)
            : (fetch) => tracedBytes(trace, fetch, (inner) => sendBytes(fetch, fetchBytes, below(inner))),
    };
  }

  function overridesFor(request: { readonly requestId: string }): OverrideDecisions {
    return decideOverrides(engine.overrideLabels, decideOverride, request);
  }

  async function executeAlone(
    operation: CompiledOperation,
    variables: JsonObject,
    state: Omit<RequestState, 'disabled'>,
  ): Promise<OperationOutcome> {
    const disabled = new DisabledFeatures();
    const { requestId, snapshot, deadlineAt, signal, trace, observer } = state;
    const ownState = { requestId, snapshot, disabled, deadlineAt, signal, trace, observer };
    const { data, errors } = await execute(operation, variables, ownState);
    return { data, errors, disabled: disabled.list() };
  }

  /** What an outcome depends on besides the supergraph: the operation, its variables, and the municipalities as they are. */
  function executeKnown(
    { query, operationName, variables, mayWrite }: KnownRequest,
    state: Omit<RequestState, 'disabled'>,
  ): Promise<OperationOutcome> | undefined {
    const overrides = overridesFor(state);
    const operation = engine.known(query, operationName, overrides);
    const isQuery = operation?.operation.operation === OperationTypeNode.QUERY;
    if (operation === undefined || !(isQuery || mayWrite)) {
      return undefined;
    }
    recordingOf(state)?.describe(attributesOf(operation));
    if (!sharesRequests || !isQuery) {
      return executeAlone(operation, variables, state);
    }
    const labels = JSON.stringify([...overrides]);
    const key = `${state.snapshot?.id ?? ''}\n${labels}\n${operationName ?? ''}\n${JSON.stringify(variables)}\n${query}`;
    return inFlight.share(key, state.signal, (signal) => executeAlone(operation, variables, { ...state, signal }));
  }

  async function executeBehindApollo({
    source,
    request,
    context,
  }: GatewayGraphQLRequestContext): Promise<GatewayExecutionResult> {
    const { state, recorder } = context as GatewayContext;
    const trace = recordingOf(state);
    const compile = () => engine.compile(source, request.operationName, overridesFor(state));
    const compilation = await (trace === undefined ? compile() : trace.stage('operation', compile));
    if (compilation.kind === 'refused') {
      return { errors: compilation.errors.map(withStatus) };
    }
    trace?.describe(attributesOf(compilation.operation));
    const variables = request.variables ?? {};
    const { data, errors } = await execute(compilation.operation, variables, state);
    return {
      ...(data === undefined ? {} : { data: toData(data) }),
      ...(errors.length === 0 ? {} : { errors: errors.map(toGraphQLError) }),
      ...(recorder === undefined ? {} : { extensions: { plan: describe(compilation.operation, variables, recorder) } }),
    };
  }

  function describe(operation: CompiledOperation, sent: JsonObject, recorder?: PlanRecorder): PlanDescription {
    const variables = withDefaults(operation.operation, sent);
    // What is not given is taken for true, so that the description shows the most.
    const conditions = operation.conditionVariables.map(
      (name) => [name, variables[operation.names.toClient(name)] !== false] as const,
    );
    return describePlan({
      root: operation.root,
      plan: operation.variant(conditions.map(([, value]) => value)).plan,
      conditions: Object.fromEntries(conditions.map(([name, value]) => [operation.names.toClient(name), value])),
      gatedBy: (node) => gatedFields(gateOf([node])),
      runOf: (node) => recorder?.runOf(node),
    });
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
    explain: async (text, operationName, variables) => {
      const compilation = await engine.compile(text, operationName);
      return compilation.kind === 'refused'
        ? { kind: 'refused', errors: compilation.errors }
        : { kind: 'planned', plan: describe(compilation.operation, variables) };
    },
    accepts: async (text, operationName) => (await engine.compile(text, operationName)).kind === 'compiled',
    close: async () => {
      await Promise.all([fetcher.close(), engine.close()]);
    },
  };
}

/** The trace of a request that is in the sample. */
function recordingOf({ trace }: Pick<RequestState, 'trace'>): RequestTrace | undefined {
  return trace?.isRecording === true ? trace : undefined;
}

function attributesOf({ operation }: CompiledOperation): TraceAttributes {
  const { operation: type, name } = operation;
  return { 'graphql.operation.type': type, ...(name === undefined ? {} : { 'graphql.operation.name': name.value }) };
}

/** The same under a span of its own, where something is sent. */
function tracedBytes(
  trace: RequestTrace,
  fetch: TextFetch,
  send: (trace: RequestTrace) => ReturnType<SendBytes>,
): ReturnType<SendBytes> {
  let sent: ReturnType<SendBytes>;
  const traced = trace.fetch(fetch, (inner): Promise<unknown> | undefined => {
    sent = send(inner);
    return sent === undefined || !('parts' in sent) ? sent : allOf(sent);
  });
  // A failure is told by the answer itself.
  traced?.catch(() => {});
  return sent;
}

function allOf({ parts }: DividedFetch): Promise<unknown> | undefined {
  return parts.length === 0 ? undefined : Promise.all(parts.map(({ answer }) => answer));
}

/** Runs a fetch under the eyes of an observer. */
async function observed(
  fetch: SubgraphFetch,
  observer: FetchObserver,
  run: (facts: FetchFacts | undefined) => Promise<SubgraphAnswer>,
): Promise<SubgraphAnswer> {
  const facts = observer.wantsFacts
    ? { entities: countEntities(fetch.variables), kept: 0, sent: 0, shared: 0, bytes: 0 }
    : undefined;
  const end = observer.begin(fetch);
  try {
    const answer = await run(facts);
    if (facts !== undefined) {
      facts.bytes = Buffer.byteLength(JSON.stringify(answer.data ?? null));
    }
    end(facts, undefined);
    return answer;
  } catch (error) {
    end(facts, error);
    throw error;
  }
}

/** Requests of several fetches have several lists of representations. */
function countEntities(variables: JsonObject): number {
  return Object.entries(variables).reduce(
    (count, [name, value]) =>
      count + (/^representations(?:_\d+)?$/.test(name) && Array.isArray(value) ? value.length : 0),
    0,
  );
}

function gatedFields(gate: FetchGate | undefined): readonly GatedFields[] {
  if (gate === undefined) {
    return [];
  }
  const conditions = [...gate.entities.values()].flatMap(({ conditions: own }) => own);
  return [
    ...gate.variables.map(({ flags, fields }) => ({ flags, fields: fields.map((field) => field.join('.')) })),
    ...conditions.map(({ flags, paths }) => ({ flags, fields: paths.map((path) => path.join('.')) })),
    ...gate.unbound.map(({ flags, field }) => ({ flags, fields: [field.join('.')] })),
  ];
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
function toData(data: string | WrappedData): Record<string, unknown> | null {
  if (data === 'null') {
    return null;
  }
  const raw: object = new RawJson(textOf(data));
  return raw as Record<string, unknown>;
}

function textOf(data: string | WrappedData): string {
  return typeof data === 'string' ? data : data.text();
}

/** Tells Apollo Server the status of a refusal that is not the client's doing. */
function withStatus(error: GraphQLError): GraphQLError {
  const { code, status } = ERRORS.OVERLOADED;
  return error.extensions.code === code
    ? new GraphQLError(error.message, {
        extensions: { ...error.extensions, http: { status, headers: new Map([['retry-after', '1']]) } },
      })
    : error;
}

function toGraphQLError({ message, path, extensions }: EngineAnswer['errors'][number]): GraphQLError {
  return new GraphQLError(message, { ...(path === undefined ? {} : { path }), extensions });
}
