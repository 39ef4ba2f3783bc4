import type { Clock } from '../platform/clock/Clock.ts';
import type { KeyValueStore } from '../platform/keyvalue/KeyValueStore.ts';
import { readSubgraphs } from '../schema/readSubgraphs.ts';
import { createFetcher, type Fetcher } from './fetch/createFetcher.ts';
import { createHttpTransport } from './fetch/createHttpTransport.ts';
import { type CallableSubgraph, createInProcessTransport } from './fetch/createInProcessTransport.ts';

export interface SubgraphFetcherOptions {
  readonly supergraphSdl: string;
  readonly supergraphId: string;
  /** Subgraphs that run in this process, by name; the others are asked over HTTP. */
  readonly inProcess: ReadonlyMap<string, CallableSubgraph>;
  /** Addresses that take the place of the supergraph's own, by subgraph name. */
  readonly subgraphUrls: ReadonlyMap<string, string>;
  /** The only networks where subgraphs are asked, such as `10.0.0.0/8`. Default: all that can be a subgraph's. */
  readonly subgraphNetworks?: readonly string[] | undefined;
  /** Absent: nothing is kept. */
  readonly store?: KeyValueStore | undefined;
  /** Equal fetches in flight run once. Default true. */
  readonly sharesFetches?: boolean;
  readonly clock: Clock;
}

/** The fetcher over all subgraphs of a supergraph. */
export function createSubgraphFetcher({
  supergraphSdl,
  supergraphId,
  inProcess,
  subgraphUrls,
  subgraphNetworks,
  store,
  clock,
  ...rest
}: SubgraphFetcherOptions): Fetcher {
  const transports = new Map(
    readSubgraphs(supergraphSdl).map(({ name, url }) => {
      const callable = inProcess.get(name);
      return [
        name,
        callable === undefined
          ? createHttpTransport({ subgraph: name, url: subgraphUrls.get(name) ?? url, networks: subgraphNetworks })
          : createInProcessTransport(name, callable),
      ] as const;
    }),
  );
  return createFetcher({ transports, supergraphId, store, clock, ...rest });
}
