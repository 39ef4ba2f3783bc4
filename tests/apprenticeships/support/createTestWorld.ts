import { readFileSync } from 'node:fs';

import type { IngestReport, IngestRunOptions } from '../../../platform/ingest/IngestSource.ts';
import { silentLogger } from '../../../platform/logger/Logger.ts';
import { createOutboundHttp } from '../../../platform/outbound/createOutboundHttp.ts';
import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import { createApprenticeshipSources } from '../../../subgraphs/apprenticeships/createApprenticeshipSources.ts';
import { createApprenticeshipsSubgraph } from '../../../subgraphs/apprenticeships/createApprenticeshipsSubgraph.ts';
import type { SubgraphReply } from '../../../subgraphs/kit/Subgraph.ts';
import { createTestRegister } from './createTestRegister.ts';
import { type FeedServer, startFeedServer } from './startFeedServer.ts';

export const typeDefs = readFileSync('schema/subgraphs/apprenticeships.graphql', 'utf8');

export type SourceName = 'sprungbrett' | 'bundesagentur';

/** The ingest of both feeds and the subgraph over one database, with one upstream that plays both feeds. */
export async function createTestWorld(database: SqlDatabase, files: Readonly<Record<string, string>>) {
  const feeds: FeedServer = await startFeedServer();
  const register = createTestRegister(files);
  const clock = { at: Date.parse('2027-03-01T06:00:00Z'), now: () => clock.at };
  const sources = createApprenticeshipSources({
    sprungbrettUrl: `${feeds.url}/sprungbrett`,
    jobsucheUrl: `${feeds.url}/jobsuche`,
    jobsucheApiKey: 'test-client',
    database,
    municipalities: register,
    http: createOutboundHttp({ logger: silentLogger, retryDelayMs: 1 }),
    clock,
    logger: silentLogger,
  });
  const subgraph = await createApprenticeshipsSubgraph({
    typeDefs,
    database,
    municipalities: register,
    clock,
    logger: silentLogger,
  });

  return {
    feeds,
    register,
    clock,
    sources,
    subgraph,

    async ingest(name: SourceName, options: Partial<IngestRunOptions> = {}): Promise<IngestReport> {
      const source = sources.find((it) => it.name === name);
      if (source === undefined) {
        throw new Error(`There is no source ${name}.`);
      }
      return source.run({ logger: silentLogger, signal: new AbortController().signal, ...options });
    },

    entities(
      representations: readonly object[],
      selection: string,
      variables: Readonly<Record<string, unknown>> = {},
      declarations = '',
    ): Promise<SubgraphReply> {
      return subgraph.execute({
        query: `query ($representations: [_Any!]! ${declarations}) { _entities(representations: $representations) { ${selection} } }`,
        variables: { representations, ...variables },
      });
    },

    /** Everything that is listed around a municipality, wherever it lies in the world. */
    async list(slug: string, selection = 'title'): Promise<readonly Record<string, unknown>[]> {
      const reply = await subgraph.execute({
        query: `query ($representations: [_Any!]!) { _entities(representations: $representations) {
          ... on Municipality { apprenticeships(first: 100) { nodes { ${selection} } } } } }`,
        variables: { representations: [{ __typename: 'Municipality', slug }] },
      });
      if (reply.errors !== undefined) {
        throw new Error(JSON.stringify(reply.errors));
      }
      const [entity] = Object(reply.data)._entities;
      return entity.apprenticeships.nodes;
    },

    /** Forgets all that was ingested. */
    async clear(): Promise<void> {
      await database.query('truncate apprenticeships, apprenticeship_queries cascade');
      feeds.forget();
      register.replace(files);
      clock.at = Date.parse('2027-03-01T06:00:00Z');
    },

    async close(): Promise<void> {
      await subgraph.close();
      await feeds.close();
    },
  };
}
