import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import type { MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import { createSubgraph } from '../kit/createSubgraph.ts';
import { createStoreGuard } from '../kit/guardStore.ts';
import type { Subgraph } from '../kit/Subgraph.ts';
import { type ContentContext, createContentContext } from './resolve/ContentContext.ts';
import { contentResolvers } from './resolve/contentResolvers.ts';
import { contentMigrations } from './store/contentMigrations.ts';

export interface ContentSubgraphOptions {
  /** schema/subgraphs/content.graphql */
  readonly typeDefs: string;
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Serves municipalities and their content out of the store that the content ingest fills. */
export async function createContentSubgraph({
  typeDefs,
  database,
  municipalities,
  clock,
  logger,
}: ContentSubgraphOptions): Promise<Subgraph> {
  await database.migrate('content', contentMigrations);
  const guard = createStoreGuard({ name: 'content', logger });
  return createSubgraph<ContentContext>({
    name: 'content',
    typeDefs,
    resolvers: contentResolvers,
    createContext: () => createContentContext({ database, municipalities, clock, guard }),
    isReady: async () => {
      await database.query('select 1');
      return true;
    },
    logger,
  });
}
