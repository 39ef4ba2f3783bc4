import { type DocumentNode, getOperationAST, type GraphQLSchema, parse } from 'graphql';

import { createApolloEngine } from '../../../gateway/createApolloEngine.ts';
import { createCompiledEngine } from '../../../gateway/createCompiledEngine.ts';
import { DisabledFeatures } from '../../../gateway/model/DisabledFeatures.ts';
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
import type { MunicipalitySnapshot } from '../../../schema/municipalities/Municipality.ts';
import type { RecordedCall } from '../../support/testGateway.ts';
import { SLUGS } from './data.ts';
import { FLAGS, type GeneratedSubgraph, generateGraph } from './graph.ts';
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
  engine(options?: { isGated?: boolean; store?: KeyValueStore; kind?: 'compiled' | 'apollo' }): RunningEngine;
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
    engine({ isGated = true, store, kind = 'compiled' } = {}) {
      const options = {
        supergraphSdl,
        supergraphId: 'generated',
        inProcess,
        subgraphUrls: new Map<string, string>(),
        store,
        clock: systemClock,
      };
      const engine =
        kind === 'apollo'
          ? createApolloEngine({ ...options, logger: silentLogger })
          : createCompiledEngine({ ...options, planner: keptOpen(planner), limits: DEFAULT_LIMITS, isGated });
      const loaded = engine.gateway.load({ apollo: {} as never }).then(({ executor }) => executor as never);
      return { run: async (operation, snapshot) => run(await loaded, operation, snapshot, { calls, schema: planner.apiSchema }) };
    },
  };
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

/** A snapshot in which a function decides over every flag. */
export function toSnapshot(isOn: Decide, id: string): MunicipalitySnapshot {
  const municipalities = new Map(
    SLUGS.map((slug) => [
      slug,
      {
        slug,
        modules: Object.assign(new Map(), { isOn: (flag: string) => isOn(slug, flag), reasonOf: () => 'STATIC' }),
      },
    ]),
  );
  const onEverywhere = new Set(FLAGS.filter((flag) => SLUGS.every((slug) => isOn(slug, flag))));
  return { id, loadedAt: new Date(0), municipalities, onEverywhere } as unknown as MunicipalitySnapshot;
}
