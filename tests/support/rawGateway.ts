import { createGateway, type EngineName, type Gateway } from '../../gateway/createGateway.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { type Logger, silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { FEDERATION, type TestAnswer } from './testGateway.ts';

export interface RawGateway {
  readonly url: string;
  /** Status, head and parsed body of the answer. */
  execute(
    query: string,
    options?: { headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<TestAnswer & { readonly headers: Headers; readonly text: string }>;
  close(): Promise<void>;
}

/** A gateway over subgraphs that exist already, each by its SDL and address: whatever they answer. */
export async function startRawGateway(
  subgraphs: Readonly<Record<string, { readonly sdl: string; readonly url: string }>>,
  {
    engine = 'compiled',
    sharesInFlight = false,
    keepsAnswers = false,
    logger = silentLogger,
  }: { engine?: EngineName; sharesInFlight?: boolean; keepsAnswers?: boolean; logger?: Logger } = {},
): Promise<RawGateway> {
  const composed = composeSupergraph(
    Object.entries(subgraphs).map(([name, { sdl, url }]) => ({ name, url, sdl: FEDERATION + sdl })),
  );
  if (composed.kind === 'failed') {
    throw new Error(composed.problems.map(({ message }) => message).join('\n'));
  }
  const gateway: Gateway = await createGateway({
    supergraphSdl: composed.supergraphSdl,
    engine,
    // One in this thread starts sooner than one of its own.
    ...(engine === 'apollo' ? {} : { planner: createPlanner(composed.supergraphSdl) }),
    sharesInFlight,
    keepsAnswers,
    store: createMemoryStore(),
    clock: systemClock,
    logger,
  });
  const url = `http://127.0.0.1:${await gateway.listen(0)}/graphql`;
  return {
    url,
    async execute(query, { headers, signal } = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
        ...(signal === undefined ? {} : { signal }),
      });
      const text = await response.text();
      const { data, errors, extensions } = JSON.parse(text) as TestAnswer;
      return { status: response.status, headers: response.headers, text, data, errors, extensions };
    },
    close: () => gateway.close(),
  };
}
