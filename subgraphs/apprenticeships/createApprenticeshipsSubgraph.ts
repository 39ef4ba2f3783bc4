import { sql } from 'kysely';

import type { Clock } from '../../platform/clock/Clock.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import type { MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import { createSubgraph } from '../kit/createSubgraph.ts';
import { createStoreGuard } from '../kit/guardStore.ts';
import type { Subgraph } from '../kit/Subgraph.ts';
import { createLoaders } from './read/createLoaders.ts';
import { type ApprenticeshipContext, createResolvers } from './resolvers.ts';
import type { ApprenticeshipTables } from './storage/ApprenticeshipTables.ts';
import { apprenticeshipMigrations, MIGRATION_OWNER } from './storage/migrations.ts';

export interface ApprenticeshipsSubgraphOptions {
  /** The text of schema/subgraphs/apprenticeships.graphql. */
  readonly typeDefs: string;
  /** Outlives the subgraph: whoever opened it closes it. */
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The subgraph of apprenticeships: stateless over the database that the ingest of the feeds fills. */
export async function createApprenticeshipsSubgraph({
  typeDefs,
  database,
  municipalities,
  clock,
  logger,
}: ApprenticeshipsSubgraphOptions): Promise<Subgraph> {
  await database.migrate(MIGRATION_OWNER, apprenticeshipMigrations);
  const tables = database.as<ApprenticeshipTables>();
  const guard = createStoreGuard({ name: 'apprenticeships', logger });
  return createSubgraph<ApprenticeshipContext>({
    name: 'apprenticeships',
    typeDefs,
    resolvers: createResolvers({ municipalities, clock }),
    createContext: () => ({ loaders: createLoaders(tables, guard) }),
    isReady: async () => {
      await sql`select 1`.execute(tables);
      return true;
    },
    logger,
  });
}
