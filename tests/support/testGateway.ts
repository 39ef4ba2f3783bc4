import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Tracer } from '@opentelemetry/api';

import { createGateway, type EngineName } from '../../gateway/createGateway.ts';
import type { DecideOverride } from '../../gateway/operation/decideOverrides.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import type { Planner } from '../../gateway/plan/Planner.ts';

import { systemClock } from '../../platform/clock/Clock.ts';
import type { KeyValueStore } from '../../platform/keyvalue/KeyValueStore.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { createSubgraph } from '../../subgraphs/kit/createSubgraph.ts';
import type { Subgraph } from '../../subgraphs/kit/Subgraph.ts';
import { registerOf, snapshotOf } from './municipalitiesOf.ts';

/** The head that every test SDL needs. */
export const FEDERATION = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@composeDirective", "@requires", "@inaccessible", "@override"])
    @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature"])
    @composeDirective(name: "@feature")
  directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT
  directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
`;

export interface TestSubgraph {
  readonly sdl: string;
  readonly resolvers: object;
  /** Over HTTP: what it sends instead of its answer. */
  readonly spoil?: (answer: SubgraphJson, call: RecordedCall) => unknown;
}

/** The body of a subgraph's answer. */
export interface SubgraphJson {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly unknown[];
}

/** What crossed the boundary to one subgraph. */
export interface RecordedCall {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of a request over HTTP. */
  readonly headers?: IncomingHttpHeaders;
}

export interface TestAnswer {
  readonly status: number;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors:
    | readonly { message: string; path?: readonly (string | number)[]; extensions: Record<string, unknown> }[]
    | undefined;
  readonly extensions: { readonly features?: { readonly disabled: readonly Record<string, unknown>[] } } | undefined;
}

export interface TestGateway {
  readonly url: string;
  execute(query: string, variables?: Record<string, unknown>): Promise<TestAnswer>;
  calls(subgraph: string): readonly RecordedCall[];
  setMunicipalities(modules: Readonly<Record<string, Record<string, unknown>>>): void;
  close(): Promise<void>;
}

/** A store that keeps nothing: every fetch is seen. */
export const forgetfulStore: KeyValueStore = {
  getMany: async (keys) => keys.map(() => undefined),
  setMany: async () => {},
  deleteMany: async () => {},
  isReachable: () => true,
  close: async () => {},
};

/** Composes subgraphs, runs them over real HTTP or in process, and puts a gateway in front. `municipalities`: slug to modules; absent: no register. */
export async function createTestGateway({
  subgraphs,
  municipalities,
  overHttp = false,
  down = [],
  engine,
  decideOverride,
  planToken,
  tracer,
  planner = createPlanner,
  keepsAnswers = true,
  store = forgetfulStore,
}: {
  subgraphs: Readonly<Record<string, TestSubgraph>>;
  municipalities?: Readonly<Record<string, Record<string, unknown>>>;
  overHttp?: boolean;
  /** Subgraphs that stop listening before the first request. */
  down?: readonly string[];
  engine?: EngineName;
  decideOverride?: DecideOverride;
  planToken?: string;
  tracer?: Tracer | undefined;
  /** Default: one in this thread, which starts sooner than one of its own. */
  planner?: (supergraphSdl: string) => Planner | Promise<Planner>;
  keepsAnswers?: boolean;
  store?: KeyValueStore;
}): Promise<TestGateway> {
  const recorded = new Map<string, RecordedCall[]>();
  const inProcess = new Map<string, Pick<Subgraph, 'execute'>>();
  const servers: Subgraph[] = [];
  const fronts: Server[] = [];
  const urls = new Map<string, string>();
  for (const [name, { sdl, resolvers, spoil }] of Object.entries(subgraphs)) {
    const calls: RecordedCall[] = [];
    recorded.set(name, calls);
    const server = await createSubgraph({
      name,
      typeDefs: FEDERATION + sdl,
      resolvers,
      createContext: () => ({}),
      logger: silentLogger,
    });
    servers.push(server);
    const execute: Subgraph['execute'] = (call) => {
      calls.push({ query: call.query, variables: call.variables ?? {} });
      return server.execute(call);
    };
    inProcess.set(name, { execute });
    urls.set(name, overHttp ? await listenRecorded(server, calls, fronts, spoil) : 'http://127.0.0.1:1/graphql');
  }
  const composed = composeSupergraph(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: urls.get(name) ?? '', sdl: FEDERATION + sdl })),
  );
  if (composed.kind === 'failed') {
    throw new Error(composed.problems.map(({ message }) => message).join('\n'));
  }
  let snapshot = snapshotOf(municipalities ?? {}, composed.supergraphSdl);
  const gateway = await createGateway({
    supergraphSdl: composed.supergraphSdl,
    ...(overHttp ? {} : { inProcess }),
    ...(municipalities === undefined ? {} : { municipalities: registerOf(() => snapshot) }),
    ...(engine === undefined ? {} : { engine }),
    ...(decideOverride === undefined ? {} : { decideOverride }),
    planToken,
    tracer,
    ...(engine === 'apollo' ? {} : { planner: await planner(composed.supergraphSdl) }),
    keepsAnswers,
    store,
    clock: systemClock,
    logger: silentLogger,
  });
  await Promise.all(servers.filter(({ name }) => down.includes(name)).map((server) => server.close()));
  const port = await gateway.listen(0);
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    url,
    execute: async (query, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const body = (await response.json()) as Omit<TestAnswer, 'status'>;
      return { status: response.status, data: body.data, errors: body.errors, extensions: body.extensions };
    },
    calls: (subgraph) => recorded.get(subgraph) ?? [],
    setMunicipalities: (all) => {
      snapshot = snapshotOf(all, composed.supergraphSdl);
    },
    close: async () => {
      await gateway.close();
      for (const front of fronts) {
        front.closeAllConnections();
        front.close();
      }
      await Promise.all(servers.filter(({ name }) => !down.includes(name)).map((server) => server.close()));
    },
  };
}

/** Puts a server in front of the subgraph that notes each request and hands it on over HTTP. */
async function listenRecorded(
  subgraph: Subgraph,
  calls: RecordedCall[],
  fronts: Server[],
  spoil: TestSubgraph['spoil'],
): Promise<string> {
  const target = `http://127.0.0.1:${await subgraph.listen(0)}/graphql`;
  const front = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = Buffer.concat(chunks).toString('utf8');
    const { query, variables = {} } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const call = { query, variables, headers: request.headers };
    calls.push(call);
    try {
      const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const { status, headers } = answer;
      response.writeHead(status, {
        'content-type': headers.get('content-type') ?? '',
        ...(headers.has('cache-control') ? { 'cache-control': headers.get('cache-control') ?? '' } : {}),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      response.end(spoil === undefined ? bytes : JSON.stringify(spoil(JSON.parse(bytes.toString('utf8')), call)));
    } catch {
      response.destroy();
    }
  });
  fronts.push(front);
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(front.address() as AddressInfo).port}/graphql`;
}
