import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { type DocumentNode, getOperationAST, type GraphQLSchema, parse } from 'graphql';

import { createApolloEngine } from '../../../gateway/createApolloEngine.ts';
import { createCompiledEngine } from '../../../gateway/createCompiledEngine.ts';
import { DisabledFeatures } from '../../../gateway/model/DisabledFeatures.ts';
import type { OperationEngine } from '../../../gateway/model/OperationEngine.ts';
import { RawJson } from '../../../gateway/model/RawJson.ts';
import type { RequestState } from '../../../gateway/model/RequestState.ts';
import { DEFAULT_LIMITS } from '../../../gateway/operation/limitOperation.ts';
import { createPlanner } from '../../../gateway/plan/createPlanner.ts';
import type { Planner } from '../../../gateway/plan/Planner.ts';
import { systemClock } from '../../../platform/clock/Clock.ts';
import type { KeyValueStore } from '../../../platform/keyvalue/KeyValueStore.ts';
import { silentLogger } from '../../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../../schema/composeSupergraph.ts';
import { type FeatureMap, readFeatures } from '../../../schema/features/readFeatures.ts';
import type { MunicipalitySnapshot, WayOff } from '../../../schema/municipalities/Municipality.ts';
import type { RecordedCall } from '../../support/testGateway.ts';
import { SLUGS } from './data.ts';
import { FLAGS, type GeneratedSubgraph, generateGraph, MODULES } from './graph.ts';
import type { GeneratedOperation } from './operation.ts';
import type { Decide } from './oracle.ts';
import { createGeneratedSubgraph } from './subgraph.ts';

export interface Answer {
  readonly data: unknown;
  /** The answer as a client gets it: data, error paths and what was left out. */
  readonly text: string;
  readonly calls: readonly RecordedCall[];
}

export interface World {
  readonly subgraphs: readonly GeneratedSubgraph[];
  readonly apiSchema: GraphQLSchema;
  readonly supergraphSchema: GraphQLSchema;
  readonly features: FeatureMap;
  engine(options?: EngineOfWorld): RunningEngine;
  close(): Promise<void>;
}

export interface EngineOfWorld {
  readonly isGated?: boolean;
  readonly store?: KeyValueStore;
  readonly kind?: 'compiled' | 'apollo';
  /** The subgraphs are asked over HTTP, so that answers travel in bytes. */
  readonly overHttp?: boolean;
}

export interface RunningEngine {
  run(operation: GeneratedOperation, snapshot: () => MunicipalitySnapshot): Promise<Answer>;
}

/** Composes a generated graph; undefined where composition refuses it. */
export function createWorld(numbers: readonly number[]): World | undefined {
  const subgraphs = generateGraph(numbers);
  const composed = composeSupergraph(subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.invalid`, sdl })));
  if (composed.kind === 'failed') {
    return undefined;
  }
  const { supergraphSdl } = composed;
  const planner = createPlanner(supergraphSdl);
  const calls: RecordedCall[] = [];
  const engines: Promise<OperationEngine>[] = [];
  const servers: Server[] = [];
  const inProcess = new Map(
    subgraphs.map(({ name, sdl }) => {
      const answer = createGeneratedSubgraph(sdl);
      const execute: typeof answer = (call) => {
        calls.push({ query: call.query, variables: call.variables ?? {} });
        return answer(call);
      };
      return [name, { execute }];
    }),
  );
  return {
    subgraphs,
    apiSchema: planner.apiSchema,
    supergraphSchema: planner.supergraphSchema,
    features: readFeatures(supergraphSdl),
    async close() {
      await Promise.all(engines.splice(0).map(async (engine) => (await engine).close()));
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
    },
    engine({ isGated = true, store, kind = 'compiled', overHttp = false } = {}) {
      const running = start({ isGated, store, kind, overHttp });
      engines.push(running);
      const loaded = running.then(({ gateway }) => gateway.load({ apollo: {} as never }));
      return {
        run: async (operation, snapshot) => {
          const { executor } = await loaded;
          return run(executor as never, operation, snapshot, { calls, schema: planner.apiSchema });
        },
      };
    },
  };

  async function start({
    isGated,
    store,
    kind,
    overHttp,
  }: Required<Omit<EngineOfWorld, 'store'>> & { store: KeyValueStore | undefined }): Promise<OperationEngine> {
    const options = {
        supergraphSdl,
        supergraphId: 'generated',
        inProcess: overHttp ? new Map() : inProcess,
        subgraphUrls: overHttp ? await listen() : new Map<string, string>(),
        store,
        clock: systemClock,
      };
      return kind === 'apollo'
          ? createApolloEngine({ ...options, logger: silentLogger })
          : createCompiledEngine({ ...options, planner: keptOpen(planner), limits: DEFAULT_LIMITS, isGated });
  }

  /** The subgraphs behind addresses of their own. */
  async function listen(): Promise<ReadonlyMap<string, string>> {
    const urls = await Promise.all(
      [...inProcess].map(async ([name, { execute }]) => {
        const server = createServer(async (request, response) => {
          const { query, variables } = (await json(request)) as { query: string; variables?: Record<string, unknown> };
          const { data, errors } = await execute({ query, variables });
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ data, errors }));
        });
        servers.push(server);
        await once(server.listen(0, '127.0.0.1'), 'listening');
        return [name, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`] as const;
      }),
    );
    return new Map(urls);
  }
}

/** A planner that several engines use, and none closes. */
function keptOpen(planner: Planner): Planner {
  return { ...planner, close: async () => {} };
}

const documents = new Map<string, DocumentNode>();

type Executor = (context: object) => Promise<{ data?: unknown; errors?: readonly { path?: unknown }[] }>;

async function run(
  executor: Executor,
  { query, variables }: GeneratedOperation,
  snapshot: () => MunicipalitySnapshot,
  { calls, schema }: { calls: RecordedCall[]; schema: GraphQLSchema },
): Promise<Answer> {
  calls.length = 0;
  const disabled = new DisabledFeatures();
  const state: RequestState = {
    requestId: 'generated',
    get snapshot() {
      return snapshot();
    },
    disabled,
    deadlineAt: Date.now() + 60_000,
    signal: new AbortController().signal,
  };
  const document = documents.get(query) ?? parse(query);
  documents.set(query, document);
  const context = {
    source: query,
    schema,
    document,
    operation: getOperationAST(document),
    operationName: undefined,
    queryHash: query,
    request: { query, variables },
    context: { state },
    metrics: {},
    logger: silentLogger,
  };
  const result = await executor(context);
  const data: unknown = result.data instanceof RawJson ? JSON.parse(result.data.text) : (result.data ?? null);
  const errors = (result.errors ?? []).map(({ path }) => path);
  return { data, text: JSON.stringify({ data, errors, disabled: disabled.list() }), calls: [...calls] };
}

/** Takes every municipality for a known one. */
class KnowsAll extends Map<string, unknown> {
  override has(): boolean {
    return true;
  }
}

/**
 * A snapshot in which a function decides over every flag. `knowsAll`: it says that it holds each municipality. `whenOff`: what all
 * of them say to every module that is off.
 */
export function toSnapshot(
  isOn: Decide,
  id: string,
  { knowsAll = false, whenOff = 'extensions' }: { readonly knowsAll?: boolean; readonly whenOff?: WayOff } = {},
): MunicipalitySnapshot {
  const modules = MODULES.map((name) => [name, { options: { whenOff } }] as const);
  const entries = SLUGS.map((slug) => [
      slug,
      {
        slug,
        modules: Object.assign(new Map(modules), { isOn: (flag: string) => isOn(slug, flag), reasonOf: () => 'STATIC' }),
      },
    ] as const);
  const municipalities = knowsAll ? new KnowsAll(entries) : new Map(entries);
  const onEverywhere = new Set(FLAGS.filter((flag) => SLUGS.every((slug) => isOn(slug, flag))));
  return { id, loadedAt: new Date(0), municipalities, onEverywhere } as unknown as MunicipalitySnapshot;
}
