import { setMaxListeners } from 'node:events';

import { serveHealth } from '../platform/health/serveHealth.ts';
import { createRunLog, type RunLog } from '../platform/ingest/createRunLog.ts';
import type { IngestProgress, IngestReport, IngestSource } from '../platform/ingest/IngestSource.ts';
import { createJobQueue } from '../platform/jobs/createJobQueue.ts';
import { createOutboundHttp } from '../platform/outbound/createOutboundHttp.ts';
import type { SqlDatabase } from '../platform/sql/SqlDatabase.ts';
import type { MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { createApprenticeshipSources } from '../subgraphs/apprenticeships/createApprenticeshipSources.ts';
import { createContentIngest } from '../subgraphs/content/createContentIngest.ts';
import { createHousingMaintenance } from '../subgraphs/housing/createHousingMaintenance.ts';
import { openDatabase, openMunicipalities, type Parts } from './openParts.ts';
import { ConfigError } from './readConfig.ts';

/** Where the upstream systems are; a source without an address does not exist. */
export interface Upstreams {
  readonly cmsUrl: string | undefined;
  readonly sprungbrettUrl: string | undefined;
  readonly jobsucheUrl: string | undefined;
  readonly jobsucheApiKey: string | undefined;
}

export interface IngestParts {
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
}

/** Everything that is pulled: the CMS and the feeds. */
export function createSources(
  { logger, clock }: Parts,
  { database, municipalities }: IngestParts,
  { cmsUrl, ...feeds }: Upstreams,
): readonly IngestSource[] {
  const options = { database, municipalities, http: createOutboundHttp({ logger }), clock, logger };
  return [
    ...(cmsUrl === undefined ? [] : [createContentIngest({ ...options, cmsUrl })]),
    ...createApprenticeshipSources({ ...options, ...feeds }),
  ];
}

export interface RunOptions {
  readonly source: IngestSource;
  readonly runs: RunLog;
  readonly municipalities?: readonly string[];
  /** Believe a source that became empty or much shorter. */
  readonly acceptShrunken?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/** One run of one source, kept in the run log and summed up in one line. */
export async function runSource(
  { logger }: Parts,
  { source, runs, signal, onProgress, municipalities, acceptShrunken = false }: RunOptions,
): Promise<IngestReport> {
  setMaxListeners(0, signal); // every request of the run listens to it
  const report = await source.run({
    logger: logger.child({ source: source.name }),
    signal,
    acceptShrunken,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(municipalities === undefined ? {} : { municipalities }),
  });
  await runs.add(report);
  const { accepted, changed, removed, rejections, failures } = report;
  const seconds = (report.finishedAt.getTime() - report.startedAt.getTime()) / 1_000;
  logger.info(
    { source: source.name, accepted, changed, removed, rejected: rejections.length, failed: failures.length, seconds },
    'ingest run ended',
  );
  for (const { part, reason } of failures.slice(0, 20)) {
    logger.warn({ source: source.name, part, reason }, 'part not ingested; what was stored before stays');
  }
  return report;
}

/** Runs every source at each tick of the schedule, and the exchange's own clean-up, once over all processes. */
export async function scheduleIngest(
  parts: Parts,
  { database }: IngestParts,
  sources: readonly IngestSource[],
  { runNow }: { runNow: boolean },
): Promise<void> {
  const { config, logger, clock, closers } = parts;
  const runs = await createRunLog(database);
  const queue = await createJobQueue({ database, logger });
  closers.add(() => queue.close());
  for (const source of sources) {
    const name = `ingest-${source.name}`;
    await queue.work(name, async (_payload, signal) => {
      await runSource(parts, { source, runs, signal });
    });
    await queue.schedule(name, config.ingestCron, 'Europe/Berlin');
    if (runNow) {
      await queue.send(name);
    }
  }
  const maintenance = createHousingMaintenance({ database, clock, logger });
  await queue.work(maintenance.name, () => maintenance.run());
  await queue.schedule(maintenance.name, maintenance.cron, 'Europe/Berlin');
}

/** The role `ingest` as its own process. */
export async function startIngest(parts: Parts): Promise<void> {
  const { config, logger, closers } = parts;
  if (config.cmsUrl === undefined) {
    throw new ConfigError(['CMS_URL: the role "ingest" needs the address of the CMS, such as https://cms.example.org']);
  }
  const municipalities = await openMunicipalities(parts);
  const database = await openDatabase(parts, { statementTimeoutMs: 30_000 });
  const sources = createSources(parts, { database, municipalities }, config);
  await scheduleIngest(parts, { database, municipalities }, sources, { runNow: true });
  const runs = await createRunLog(database);
  const health = await serveHealth({
    port: config.port,
    host: config.host,
    isReady: async () =>
      (await Promise.all(sources.map(({ name }) => runs.lastSuccess(name)))).every((at) => at !== undefined),
  });
  closers.add(() => health.close());
  logger.info(
    {
      sources: sources.map(({ name }) => name),
      cron: config.ingestCron,
      health: `http://${config.host}:${health.port}/health/ready`,
    },
    'ingest runs',
  );
}
