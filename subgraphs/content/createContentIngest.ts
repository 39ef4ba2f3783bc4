import pLimit from 'p-limit';

import type { Clock } from '../../platform/clock/Clock.ts';
import type { IngestReport, IngestRunOptions, IngestSource } from '../../platform/ingest/IngestSource.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import type { OutboundHttp } from '../../platform/outbound/OutboundHttp.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import type { Municipality, MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import type { RunTally } from './ingest/ingestLanguage.ts';
import { ingestMunicipality } from './ingest/ingestMunicipality.ts';
import { readRegionList } from './ingest/readRegions.ts';
import { createCmsClient } from './source/createCmsClient.ts';
import { contentMigrations } from './store/contentMigrations.ts';
import { createContentStore } from './store/contentStore.ts';

export interface ContentIngestOptions {
  /** Root of the CMS, for example `https://cms.example.org`; `/api/v3/` is appended. */
  readonly cmsUrl: string;
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
  readonly http: OutboundHttp;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Municipalities that are read at the same time. Default 4. */
  readonly concurrency?: number;
}

/** Pulls regions, pages, events, locations, news, imprints and offers of every municipality that is in the CMS. */
export function createContentIngest({
  cmsUrl,
  database,
  municipalities,
  http,
  clock,
  logger: ownLogger,
  concurrency = 4,
}: ContentIngestOptions): IngestSource {
  const store = createContentStore(database);

  async function run({
    municipalities: wanted,
    logger = ownLogger,
    signal,
    onProgress,
  }: IngestRunOptions): Promise<IngestReport> {
    await database.migrate('content', contentMigrations);
    const startedAt = new Date(clock.now());
    const tally: RunTally = { accepted: 0, changed: 0, removed: 0, rejections: [], failures: [] };
    const tools = { cms: createCmsClient({ cmsUrl, http, signal }), store, clock, logger };

    const { municipalities: known } = municipalities.current();
    for (const slug of wanted ?? []) {
      if (known.get(slug)?.cmsRegion === undefined) {
        tally.failures.push({ part: slug, reason: 'no municipality with this slug is in the CMS' });
      }
    }
    const targets = [...known.values()].filter((municipality) => wanted?.includes(municipality.slug) ?? true);
    const list = await readRegionList(tools.cms);
    tally.rejections.push(...list.rejections.filter(({ key }) => targets.some(({ cmsRegion }) => cmsRegion === key)));
    if (list.failure !== undefined) {
      tally.failures.push({ part: 'regions', reason: list.failure });
    }

    const limit = pLimit(concurrency);
    // Asking a CMS that does not answer for each of its regions would take a deadline each.
    const inCms = list.isDown ? [] : targets.filter(isInCms);
    let done = 0;
    // All settled: nothing of a run that was stopped may still write when its database closes.
    const outcomes = await Promise.allSettled(
      inCms.map((municipality) =>
        limit(async () => {
          signal.throwIfAborted();
          try {
            await ingestMunicipality({ municipality, region: municipality.cmsRegion, list, cmsUrl }, tools, tally);
          } catch (error) {
            signal.throwIfAborted();
            logger.error(
              { municipality: municipality.slug, err: error },
              'content of a municipality could not be stored',
            );
            tally.failures.push({ part: municipality.slug, reason: 'the content could not be stored' });
          }
          done += 1;
          onProgress?.({ done, total: inCms.length, label: municipality.slug });
        }),
      ),
    );
    const stopped = outcomes.find((outcome) => outcome.status === 'rejected');
    if (stopped !== undefined) {
      throw stopped.reason;
    }
    const { rejections, failures, ...sums } = tally;
    return { source: 'content', startedAt, finishedAt: new Date(clock.now()), ...sums, rejections, failures };
  }

  return { name: 'content', run };
}

function isInCms(municipality: Municipality): municipality is Municipality & { readonly cmsRegion: string } {
  return municipality.cmsRegion !== undefined;
}
