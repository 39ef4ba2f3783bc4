import { createRunLog, type RunLog } from '../platform/ingest/createRunLog.ts';
import type { IngestSource } from '../platform/ingest/IngestSource.ts';
import type { SqlDatabase } from '../platform/sql/SqlDatabase.ts';
import type { MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { SUBGRAPHS } from '../schema/subgraphs.ts';
import type { Subgraph } from '../subgraphs/kit/Subgraph.ts';
import { EXAMPLE_OPERATION } from './exampleOperation.ts';
import { createSources, runSource, scheduleIngest } from './ingest.ts';
import type { Parts } from './openParts.ts';
import { seedDemoOffers } from './seedHousingOffers.ts';
import { startDemo } from './startDemo.ts';
import { listen, openGateway } from './startGateway.ts';
import { createSubgraphOf, openMailer } from './startSubgraphs.ts';

/**
 * Every role in one process. Without CMS_URL demo upstreams stand in for the outer systems; they speak the same wire
 * formats, so the same adapters run. The gateway listens once there is something to answer with; on a first start everything
 * that it waits for goes on side by side.
 */
export async function startAll(
  parts: Parts,
  { municipalities, database: opening }: { municipalities: MunicipalityRegister; database: Promise<SqlDatabase> },
): Promise<void> {
  const { config, closers } = parts;
  const isDemo = config.cmsUrl === undefined;
  const [database, upstreams] = await Promise.all([
    opening,
    isDemo ? startDemo(parts, { port: 0, host: '127.0.0.1' }) : config,
  ]);
  if (isDemo) {
    parts.logger.info({ cms: upstreams.cmsUrl }, 'no CMS_URL is set: demo upstreams stand in for the outer systems');
  }
  const mailer = openMailer(parts);

  const inProcess = new Map<string, Subgraph>(
    await Promise.all(
      SUBGRAPHS.map(
        async ({ name }) => [name, await createSubgraphOf(name, parts, { database, municipalities, mailer })] as const,
      ),
    ),
  );
  const sources = createSources(parts, { database, municipalities }, upstreams);
  const runs = await createRunLog(database);
  const unread = await findUnread(sources, runs);
  const isFirstStart = unread.length > 0;
  const [gateway] = await Promise.all([
    openGateway(parts, { municipalities, inProcess }),
    ...unread.map((source) => readOnce(parts, source, runs)),
    isDemo && isFirstStart ? seedDemoOffers(parts, { database, municipalities }) : undefined,
  ]);
  if (closers.signal.aborted) {
    return;
  }
  const url = await listen(parts, gateway);
  await scheduleIngest(parts, { database, municipalities }, sources, { runNow: !isFirstStart });
  if (isDemo && !isFirstStart) {
    // What an interrupted first start left undone, and what has expired since.
    const seeding = seedDemoOffers(parts, { database, municipalities }).catch((error: unknown) =>
      parts.logger.warn({ err: error }, 'demo housing offers are incomplete'),
    );
    closers.add(() => seeding);
  }
  process.stdout.write(welcome(url, { hasGraphiql: config.hasGraphiql, isDemo }));
}

/** The sources that were never read before. */
async function findUnread(sources: readonly IngestSource[], runs: RunLog): Promise<readonly IngestSource[]> {
  const lastSuccesses = await Promise.all(sources.map(({ name }) => runs.lastSuccess(name)));
  return sources.filter((_, i) => lastSuccesses[i] === undefined);
}

/** Reads a source so that the first answers hold something of it. */
async function readOnce(parts: Parts, source: IngestSource, runs: RunLog): Promise<void> {
  const { logger, closers } = parts;
  logger.info({ source: source.name }, 'first start: reading everything once');
  let shownTenths = 0;
  const running = runSource(parts, {
    source,
    runs,
    signal: closers.signal,
    onProgress: ({ done, total, label }) => {
      const tenths = Math.floor((done * 10) / Math.max(total, 1));
      if (tenths > shownTenths) {
        shownTenths = tenths;
        logger.info({ source: source.name, done, total }, `${label} read`);
      }
    },
  });
  closers.add(() => running.then(noResult, noResult)); // the store stays open until the run has let go of it
  await running;
}

function noResult(): void {}

function welcome(url: string, { hasGraphiql, isDemo }: { hasGraphiql: boolean; isDemo: boolean }): string {
  return `
Civigraph answers at ${url}/graphql${hasGraphiql ? `, the explorer is at ${url}/graphiql` : ''}${isDemo ? ' (demo data)' : ''}

Try:
${EXAMPLE_OPERATION}
As one line:
curl -s ${url}/graphql -H 'content-type: application/json' -d '{"query":"{ municipality(slug: \\"augsburg\\") { name modules { name enabled } } }"}'
`;
}
