import { readFileSync } from 'node:fs';

import type { IngestReport, IngestSource } from '../../../platform/ingest/IngestSource.ts';
import { type Logger, silentLogger } from '../../../platform/logger/Logger.ts';
import { createOutboundHttp } from '../../../platform/outbound/createOutboundHttp.ts';
import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import type {
  Municipality,
  MunicipalityRegister,
  MunicipalitySlug,
} from '../../../schema/municipalities/Municipality.ts';
import { createContentIngest } from '../../../subgraphs/content/createContentIngest.ts';
import { createContentSubgraph } from '../../../subgraphs/content/createContentSubgraph.ts';
import type { Subgraph } from '../../../subgraphs/kit/Subgraph.ts';
import { openTestDatabase } from '../../support/database.ts';
import { modulesOf } from '../../support/modulesOf.ts';

export const MODULES = ['events', 'locations', 'news', 'offers', 'apprenticeships', 'housing', 'language-courses'];

export interface ContentWorld {
  readonly database: SqlDatabase;
  readonly subgraph: Subgraph;
  readonly source: IngestSource;
  readonly clock: { nowMs: number };
  /** What was logged as a warning or worse. */
  readonly warnings: { readonly fields: unknown; readonly message: string }[];
  ingest(municipalities?: readonly string[]): Promise<IngestReport>;
  /** The data; fails when there are errors. */
  // biome-ignore lint/suspicious/noExplicitAny: expectations look into answers of any shape
  query(text: string, variables?: Record<string, unknown>): Promise<Record<string, any>>;
  /** Codes and messages of the errors of a query. */
  errorsOf(text: string): Promise<readonly { code: unknown; message: string }[]>;
  close(): Promise<void>;
}

export interface ContentWorldOptions {
  readonly cmsUrl: string;
  readonly municipalities: readonly Municipality[];
  readonly now?: string;
  /** Stays open, and is emptied first. Default: one of its own, which takes seconds. */
  readonly database?: SqlDatabase;
}

/** An empty database with subgraph and ingest over it. */
export async function createContentWorld({
  cmsUrl,
  municipalities,
  now = '2030-01-02T08:00:00Z',
  database: shared,
}: ContentWorldOptions): Promise<ContentWorld> {
  const database = shared ?? (await openTestDatabase());
  const clock = { nowMs: Date.parse(now) };
  const warnings: { fields: unknown; message: string }[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (fields, message) => warnings.push({ fields, message }),
    error: (fields, message) => warnings.push({ fields, message }),
    child: () => logger,
  };
  const parts = {
    database,
    municipalities: registerOf(municipalities),
    clock: { now: () => clock.nowMs },
    logger,
  };
  const typeDefs = readFileSync('schema/subgraphs/content.graphql', 'utf8');
  const subgraph = await createContentSubgraph({ ...parts, typeDefs });
  await database.query('truncate content_region, content_part, content_entry');
  const source = createContentIngest({ ...parts, cmsUrl, http: createOutboundHttp({ logger, retryDelayMs: 1 }) });
  return {
    database,
    subgraph,
    source,
    clock,
    warnings,
    ingest: (slugs) =>
      source.run({
        ...(slugs === undefined ? {} : { municipalities: slugs }),
        logger,
        signal: new AbortController().signal,
      }),
    query: async (query, variables) => {
      const { data, errors } = await subgraph.execute({ query, variables });
      if (errors !== undefined || data === null || data === undefined) {
        throw new Error(JSON.stringify(errors));
      }
      return JSON.parse(JSON.stringify(data));
    },
    errorsOf: async (query) => {
      const { errors } = await subgraph.execute({ query });
      return (errors ?? []).map(({ message, extensions }) => ({ code: extensions?.code, message }));
    },
    close: async () => {
      await subgraph.close();
      if (shared === undefined) {
        await database.close();
      }
    },
  };
}

export function municipalityOf(slug: string, fields: Partial<Municipality> = {}): Municipality {
  return {
    slug: slug as MunicipalitySlug,
    name: slug,
    prefix: undefined,
    country: 'DE',
    timeZone: 'Europe/Berlin',
    adminCodes: [],
    postcode: undefined,
    location: undefined,
    languages: [],
    hidden: false,
    cmsRegion: slug,
    modules: modulesOf(Object.fromEntries(MODULES.map((name) => [name, name !== 'housing']))),
    ...fields,
  };
}

function registerOf(municipalities: readonly Municipality[]): MunicipalityRegister {
  const snapshot = {
    id: 'test',
    loadedAt: new Date(0),
    municipalities: new Map(municipalities.map((municipality) => [municipality.slug, municipality])),
  };
  return {
    current: () => snapshot,
    problems: () => [],
    refusals: () => ({ count: 0 }),
    onChange: () => () => {},
    close: async () => {},
  };
}
