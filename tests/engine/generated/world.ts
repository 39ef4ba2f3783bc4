import { Supergraph } from '@apollo/federation-internals';
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
} from 'graphql';

import { createEngine, type Engine } from '../../../gateway/engine/createEngine.ts';
import { createApolloDataSource } from '../../../gateway/fetch/createApolloDataSource.ts';
import { isJsonObject, type JsonObject, ownValue } from '../../../gateway/model/Json.ts';
import { WrappedData } from '../../../gateway/model/WrappedData.ts';
import type { SendBytes, SendFetch, SubgraphAnswer } from '../../../gateway/model/SubgraphFetch.ts';
import { isIncluded } from '../../../gateway/model/conditions.ts';
import { createPlanner } from '../../../gateway/plan/createPlanner.ts';
import { startPlannerThread } from '../../../gateway/plan/startPlannerThread.ts';
import { silentLogger } from '../../../platform/logger/Logger.ts';
import type { Planner } from '../../../gateway/plan/Planner.ts';
import { prepareDocument } from '../../../gateway/plan/prepareDocument.ts';
import { outputSelection } from '../../../gateway/response/OutputSelection.ts';
import { visibleErrors } from '../../../gateway/response/visibleErrors.ts';
import type { ResponseError } from '../../../gateway/model/ResponseError.ts';
import { maskError } from '../../../gateway/response/maskError.ts';
import { composeSupergraph } from '../../../schema/composeSupergraph.ts';
import { ERRORS } from '../../../schema/errorCodes.ts';
import { type ApolloExecutor, loadApolloExecutor } from './apolloExecutor.ts';
import { type Faults, subgraphFault } from './faults.ts';
import { generateGraph } from './generateGraph.ts';
import type { GeneratedOperation } from './generateOperation.ts';
import { createLenientSubgraph, type SharedState, type SubgraphResponse } from './lenientSubgraph.ts';

/** What one way of executing an operation answers. */
export interface Outcome {
  /** JSON text. */
  readonly data: string;
  /** Errors that a fetch left, as `path code`. */
  readonly fetchErrors: ReadonlySet<string>;
  /** Paths where a value was not what the schema promises. */
  readonly completionErrors: ReadonlySet<string>;
  /** Whether a list of entities was not as long as it had to be. */
  readonly hasBadList: boolean;
  readonly requests: number;
}

export interface Outcomes {
  readonly apollo: Outcome;
  /** Ours where subgraphs ignore contexts. */
  readonly withoutContexts: Outcome;
  readonly ours: Readonly<Record<'text' | 'parsed' | 'as planned', Outcome>>;
  /** Whether the fast path answered without the full algorithm. */
  readonly isSpliced: boolean;
}

export interface Setting {
  readonly faults: Faults;
  /** Labels of progressive overrides that hold. */
  readonly overrides: ReadonlyMap<string, boolean>;
  /** Subgraphs answer as if arguments from a context were not there: @apollo/gateway does not fill them in. */
  readonly ignoresContexts?: boolean;
}

export interface World {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string }[];
  readonly apiSchema: GraphQLSchema;
  readonly overrideLabels: readonly string[];
  /** Undefined where an operation is not valid, or beyond the bounds of planning. */
  run(operation: GeneratedOperation, setting: Setting): Promise<Outcomes | undefined>;
  close(): Promise<void>;
}

/** The way to the subgraphs for one execution. */
interface Wire {
  ask(subgraph: string, operation: string, variables: JsonObject): Buffer;
  requests: number;
}

let executor: ApolloExecutor | undefined;

/**
 * One generated supergraph, with @apollo/gateway's executor and all ways of ours over the same subgraphs and one planner.
 * `isBounded`: in a thread, as there are operations for which it finds no end. Undefined where the subgraphs do not compose.
 */
export async function createWorld(seed: number, { isBounded }: { isBounded: boolean }): Promise<World | undefined> {
  const { subgraphs } = generateGraph(seed);
  const composition = composeSupergraph(subgraphs.map((subgraph) => ({ ...subgraph, url: `http://${subgraph.name}.example.org` })));
  if (composition.kind === 'failed') {
    return undefined;
  }
  const { supergraphSdl } = composition;
  const planner = rememberPlans(
    isBounded ? await startPlannerThread(supergraphSdl, { logger: silentLogger }) : createPlanner(supergraphSdl),
  );
  executor ??= loadApolloExecutor();
  const apollo = createApollo(supergraphSdl, planner, executor);
  const rewritten = createEngine({ planner, maxTokens: 50_000 });
  const asPlanned = createEngine({ planner, maxTokens: 50_000, isShareable: () => false });
  const hasContexts = subgraphs.some(({ sdl }) => sdl.includes('@fromContext(field'));
  const servers = new Map(
    subgraphs.map(({ name, sdl }) => [name, createLenientSubgraph(name, buildSchema(toPlainSdl(sdl), { assumeValidSDL: true, assumeValid: true }))]),
  );

  function createWire({ faults, ignoresContexts = false }: Setting): Wire {
    const state: SharedState = { count: 0 };
    const wire: Wire = {
      requests: 0,
      ask(subgraph, operation, variables) {
        wire.requests += 1;
        const fault = subgraphFault(faults, subgraph);
        const isEntities = operation.includes('_entities(representations:');
        if (fault === 'down' || (fault === 'down for entities' && isEntities)) {
          throw ERRORS.SUBGRAPH_UNAVAILABLE.create(`The subgraph "${subgraph}" is down.`);
        }
        const response = servers.get(subgraph)?.(operation, variables, { faults, state, ignoresContexts });
        return Buffer.from(JSON.stringify(damaged(response, fault === 'short lists' && !isEntities ? undefined : fault)));
      },
    };
    return wire;
  }

  return {
    subgraphs,
    apiSchema: rewritten.apiSchema,
    overrideLabels: planner.overrideLabels,
    close: () => planner.close(),
    async run(operation, setting) {
      const compilation = await rewritten.compile(operation.text, operation.operationName, setting.overrides);
      if (compilation.kind === 'refused') {
        return undefined;
      }
      const text = await runEngine(rewritten, operation, setting, createWire(setting), true);
      const parsed = await runEngine(rewritten, operation, setting, createWire(setting), false);
      const blind = { ...setting, ignoresContexts: true };
      return {
        apollo: await apollo(operation, blind, createWire(blind)),
        withoutContexts: hasContexts ? await runEngine(rewritten, operation, setting, createWire(blind), false) : parsed,
        ours: {
          text,
          parsed,
          'as planned': await runEngine(asPlanned, operation, setting, createWire(setting), false),
        },
        isSpliced: text.isSpliced,
      };
    },
  };
}

/** Keeps the plans of the last operations, as all ways of executing one ask for the same. */
function rememberPlans(planner: Planner): Planner {
  const plans = new Map<string, ReturnType<Planner['plan']>>();
  return {
    ...planner,
    plan(request) {
      const key = `${JSON.stringify([...request.overrides])}\n${request.prepared}`;
      const known = plans.get(key);
      if (known !== undefined) {
        return known;
      }
      if (plans.size > 20) {
        plans.clear();
      }
      const plan = planner.plan(request);
      plans.set(key, plan);
      return plan;
    },
  };
}

/** An answer as a subgraph sends it that breaks the protocol. */
function damaged(response: SubgraphResponse | undefined, fault: ReturnType<typeof subgraphFault>): unknown {
  switch (fault) {
    case 'no data':
      return { data: null, errors: [{ message: 'Nothing works.', extensions: { code: 'BROKEN' } }] };
    case 'errors without paths':
      return { ...response, errors: [{ message: 'Something is wrong.' }] };
    case 'short lists': {
      const data = Object.entries(response?.data ?? {}).map(([name, value]) => [name, /^_(?:\d+|entities)$/.test(name) && Array.isArray(value) ? value.slice(1) : value]);
      return { ...response, data: Object.fromEntries(data) };
    }
    default:
      return response;
  }
}

async function runEngine(engine: Engine, { text, operationName, variables }: GeneratedOperation, setting: Setting, wire: Wire, withBytes: boolean): Promise<Outcome & { readonly isSpliced: boolean }> {
  const compilation = await engine.compile(text, operationName, setting.overrides);
  if (compilation.kind === 'refused') {
    throw compilation.errors[0];
  }
  const send: SendFetch = async ({ subgraph, operation, variables: sent }) => {
    const { data, errors } = read(wire.ask(subgraph, operation, copy(sent)));
    return { data, errors };
  };
  const sendBytes: SendBytes = async ({ body, subgraph, operation }) => {
    const { variables: sent = {} } = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
    const bytes = wire.ask(subgraph, operation, sent);
    return { bytes, read: () => read(bytes) };
  };
  const result = await engine.execute(compilation.operation, copy(variables), { send, ...(withBytes ? { sendBytes } : {}) });
  const isOfFetch = ({ extensions }: { extensions: Readonly<Record<string, unknown>> }): boolean => extensions.serviceName !== undefined;
  return {
    data: result.data instanceof WrappedData ? result.data.text() : (result.data ?? 'null'),
    fetchErrors: new Set(result.errors.filter(isOfFetch).map(pathAndCode)),
    completionErrors: new Set(result.errors.filter((error) => !isOfFetch(error)).map(({ path = [] }) => path.join('.'))),
    hasBadList: result.errors.some((error) => isOfFetch(error) && error.extensions.code === 'SUBGRAPH_INVALID_RESPONSE'),
    requests: wire.requests,
    isSpliced: result.data instanceof WrappedData,
  };
}

function read(bytes: Buffer): SubgraphAnswer {
  const { data, errors } = JSON.parse(bytes.toString());
  return { data, errors };
}

/** As it comes out on the other side of a wire. */
function copy(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

function pathAndCode({ message, path, extensions }: { message: string; path?: readonly (string | number)[] | undefined; extensions: Readonly<Record<string, unknown>> }): string {
  // Codes of our own register stay, all others are one to the client.
  return `${path === undefined ? 'no path' : path.join('.')} ${maskError({ message, extensions }).extensions?.code}`;
}

/** The executor of @apollo/gateway as `ENGINE=apollo` has it: behind our data source, with the defaults of variables filled in. */
function createApollo(supergraphSdl: string, planner: Planner, { executeQueryPlan, lastCompletionErrors }: ApolloExecutor) {
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
  const apiSchema = supergraph.apiSchema();
  const schema = apiSchema.toGraphQLJSSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();

  return async ({ text, operationName, variables: sent }: GeneratedOperation, { overrides }: Setting, wire: Wire): Promise<Outcome> => {
    const { document, prepared, toClient } = distinctNames(parse(text), operationName, planner);
    const operation = getOperationAST(document);
    const planned = await planner.plan({ text, prepared: print(prepared), overrides });
    if (planned.kind === 'refused') {
      throw planned.errors[0];
    }
    const services = Object.fromEntries([...supergraph.subgraphs().names()].map((name) => [name, dataSource(name, wire, supergraphSchema)]));
    const fragments = Object.fromEntries(
      document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])),
    );
    const renamed = Object.fromEntries(
      (operation?.variableDefinitions ?? []).flatMap(({ variable: { name } }) => {
        const value = ownValue(sent, toClient(name.value));
        return value === undefined ? [] : [[name.value, value]];
      }),
    );
    const { coerced: variables } = getVariableValues(schema, operation?.variableDefinitions ?? [], renamed);
    const conditions = new Map(Object.entries(variables ?? {}).map(([name, value]) => [name, value === true]));
    const selected = {
      schema,
      rootType: schema.getRootType(operation?.operation ?? OperationTypeNode.QUERY)?.name ?? '',
      selection: outputSelection(document, operation as OperationDefinitionNode, {
        schema,
        names: { toClient },
        isIncluded: (selection) => isIncluded(selection, conditions),
      }),
    };
    const result = await executeQueryPlan(
      { kind: 'QueryPlan', node: planned.root },
      services,
      { request: { variables }, metrics: {}, logger: console, context: { state: {} } },
      { schema, operation, fragments },
      supergraphSchema,
      apiSchema,
      {},
    );
    const { data = null, errors: all = [] } = result;
    const isBadList = ({ message }: { message: string }): boolean => message.startsWith('Expected "data._entities"');
    const errors = all.filter((error) => !isBadList(error));
    const failure = errors.find(({ extensions }) => extensions?.serviceName === undefined);
    if (failure !== undefined) {
      throw failure;
    }
    const named = errors.map(({ message, path, extensions }): ResponseError => ({
      message,
      extensions,
      ...(path === undefined ? {} : { path: path.map((step) => (typeof step === 'string' ? toClient(step) : step)) }),
    }));
    return {
      data: JSON.stringify(withNames(data, toClient)),
      fetchErrors: new Set(visibleErrors(named, selected).map(pathAndCode)),
      hasBadList: all.some(isBadList),
      completionErrors: new Set(lastCompletionErrors().map(({ path = [] }) => path.map((step) => (typeof step === 'string' ? toClient(step) : step)).join('.'))),
      requests: wire.requests,
    };
  };
}

/**
 * The operation alone, under the names that our engine plans it with: @apollo/gateway mixes up a client's names with those of
 * keys and required fields. Introspection stays in.
 */
function distinctNames(whole: DocumentNode, operationName: string | undefined, planner: Planner): { readonly document: DocumentNode; readonly prepared: DocumentNode; toClient(name: string): string } {
  const operation = getOperationAST(whole, operationName);
  const alone: DocumentNode = {
    ...whole,
    definitions: whole.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION || definition === operation),
  };
  const { document, names } = prepareDocument(alone, planner.apiSchema, planner.fields);
  const introspection = (operation?.selectionSet.selections ?? []).filter(
    (selection) => selection.kind === Kind.FIELD && (selection.name.value === '__schema' || selection.name.value === '__type'),
  );
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? { ...definition, selectionSet: { ...definition.selectionSet, selections: [...definition.selectionSet.selections, ...introspection] } }
      : definition,
  );
  return { document: introspection.length === 0 ? document : { ...document, definitions }, prepared: document, toClient: names.toClient };
}

/** Data with the client's names. */
function withNames(value: unknown, toClient: (name: string) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => withNames(item, toClient));
  }
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [toClient(name), withNames(inner, toClient)])) : value;
}

function dataSource(subgraph: string, wire: Wire, schema: GraphQLSchema) {
  return createApolloDataSource(subgraph, {
    fetcher: {
      fetch: async ({ operation, calls: [call] }) => read(wire.ask(subgraph, operation, copy(call?.variables ?? {}))),
      fetchBytes: undefined,
      close: async () => {},
    },
    concreteTypes: (condition) => {
      const type = schema.getType(condition);
      return isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [condition];
    },
    decide: (_, { variables }) => [{ variables, positions: undefined }],
    settle: (_, data) => data,
  });
}

/** A schema for the types alone: the directives of federation do not matter to a subgraph that answers. */
function toPlainSdl(sdl: string): string {
  const document = parse(sdl);
  const entities = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.directives?.some((directive) => directive.name.value === 'key') === true ? [definition.name.value] : [],
  );
  const types = sdl.replace(/^extend schema.*$/m, '');
  return entities.length === 0 ? types : `${types}
    scalar _Any union _Entity = ${entities.join(' | ')}
    extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`;
}
