import type { Clock } from '../../platform/clock/Clock.ts';
import type { IngestSource } from '../../platform/ingest/IngestSource.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import type { OutboundHttp } from '../../platform/outbound/OutboundHttp.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import type { MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import { createJobsucheFeed } from './feeds/jobsuche/createJobsucheFeed.ts';
import { createSprungbrettFeed } from './feeds/sprungbrett/createSprungbrettFeed.ts';
import { createFeedSource } from './ingest/createFeedSource.ts';

export interface ApprenticeshipSourcesOptions {
  /** The address that answers `?location=`; absent: the source does not exist. */
  readonly sprungbrettUrl?: string | undefined;
  /** The address above `/pc/v6/jobs`; absent: the source does not exist. */
  readonly jobsucheUrl?: string | undefined;
  /** The client id for the header X-API-Key; absent: no header. */
  readonly jobsucheApiKey?: string | undefined;
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
  readonly http: OutboundHttp;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The feeds that are configured, ready to be pulled. */
export function createApprenticeshipSources({
  sprungbrettUrl,
  jobsucheUrl,
  jobsucheApiKey,
  http,
  logger,
  ...rest
}: ApprenticeshipSourcesOptions): readonly IngestSource[] {
  const feeds = [
    ...(sprungbrettUrl === undefined ? [] : [createSprungbrettFeed({ url: sprungbrettUrl, http })]),
    ...(jobsucheUrl === undefined ? [] : [createJobsucheFeed({ url: jobsucheUrl, apiKey: jobsucheApiKey, http })]),
  ];
  logger.debug({ sources: feeds.map(({ name }) => name) }, 'apprenticeship sources configured');
  return feeds.map((feed) => createFeedSource(feed, rest));
}
