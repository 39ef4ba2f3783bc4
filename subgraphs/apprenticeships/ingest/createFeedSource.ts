import type { Clock } from '../../../platform/clock/Clock.ts';
import type {
  IngestFailure,
  IngestRejection,
  IngestReport,
  IngestRunOptions,
  IngestSource,
} from '../../../platform/ingest/IngestSource.ts';
import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import type { MunicipalityRegister } from '../../../schema/municipalities/Municipality.ts';
import type { Feed } from '../feeds/Feed.ts';
import type { ApprenticeshipTables } from '../storage/ApprenticeshipTables.ts';
import { apprenticeshipMigrations, MIGRATION_OWNER } from '../storage/migrations.ts';
import { askFeed, type QueryAnswer } from './askFeed.ts';
import { compareRun, type RunChanges } from './compareRun.ts';
import { planQueries } from './planQueries.ts';
import { storeRun } from './storeRun.ts';

/** A report is read by people: what lies beyond is counted. */
const MAX_REJECTIONS = 500;

/**
 * The ingest of one feed: plan the questions, ask them one after the other, compare, store in one transaction.
 * Whatever fails, the store stays as it was for the part that failed; an aborted run changes nothing.
 */
export function createFeedSource(
  feed: Feed,
  { database, municipalities, clock }: { database: SqlDatabase; municipalities: MunicipalityRegister; clock: Clock },
): IngestSource {
  return {
    name: feed.name,
    async run({ municipalities: slugs, logger, signal, onProgress, acceptShrunken = false }: IngestRunOptions) {
      const startedAt = new Date(clock.now());
      const planned = planQueries(feed, municipalities.current());
      const asked =
        slugs === undefined ? planned : planned.filter((query) => query.slugs.some((it) => slugs.includes(it)));
      const answers = new Map<string, QueryAnswer>();
      for (const query of asked) {
        signal.throwIfAborted();
        answers.set(query.key, await askFeed(feed, query, { signal, logger }));
        onProgress?.({ done: answers.size, total: asked.length, label: `${query.key} (${query.slugs.join(', ')})` });
      }
      signal.throwIfAborted();

      // Without a single municipality there is nothing to compare with: rather a mistake than an end of all places.
      let changes: RunChanges | undefined;
      if (asked.length > 0) {
        await database.migrate(MIGRATION_OWNER, apprenticeshipMigrations);
        changes = await storeRun(database.as<ApprenticeshipTables>(), {
          source: feed.name,
          fetchedAt: startedAt,
          compare: (stored) => compareRun({ planned: planned.map(({ key }) => key), answers, stored, acceptShrunken }),
        });
      }

      const report: IngestReport = {
        source: feed.name,
        startedAt,
        finishedAt: new Date(clock.now()),
        accepted: changes?.accepted ?? 0,
        changed: changes?.written.length ?? 0,
        removed: changes?.gone.length ?? 0,
        rejections: toRejections(answers),
        failures: [...toFailures(answers, changes), ...unaskedSlugs(slugs, asked)],
      };
      const { rejections, failures, ...counts } = report;
      const fields = { ...counts, queries: asked.length, rejections: rejections.length, failures };
      if (failures.length > 0) {
        logger.warn(fields, 'apprenticeships ingested in part');
      } else {
        logger.info(fields, 'apprenticeships ingested');
      }
      return report;
    },
  };
}

function toFailures(
  answers: ReadonlyMap<string, QueryAnswer>,
  changes: RunChanges | undefined,
): readonly IngestFailure[] {
  const failed = [...answers].flatMap(([part, answer]) =>
    answer.kind === 'failed' ? [{ part, reason: answer.reason }] : [],
  );
  const suspicious = (changes?.suspicious ?? []).map(({ queryKey, reason }) => ({ part: queryKey, reason }));
  return [...failed, ...suspicious];
}

/** Slugs that were asked for by name, and that no query serves: unknown, switched off, or without this source. */
function unaskedSlugs(
  slugs: readonly string[] | undefined,
  asked: readonly { readonly slugs: readonly string[] }[],
): readonly IngestFailure[] {
  const served = new Set(asked.flatMap((query) => query.slugs));
  return (slugs ?? [])
    .filter((slug) => !served.has(slug))
    .map((slug) => ({ part: slug, reason: 'no municipality of this name takes apprenticeships from this source' }));
}

/** An item that several queries return is reported once. */
function toRejections(answers: ReadonlyMap<string, QueryAnswer>): readonly IngestRejection[] {
  const all = [...answers.values()].flatMap((answer) => (answer.kind === 'answered' ? answer.rejections : []));
  const distinct = [...new Map(all.map((rejection) => [`${rejection.key}\n${rejection.reason}`, rejection])).values()];
  const more = distinct.length - MAX_REJECTIONS;
  return more <= 0
    ? distinct
    : [...distinct.slice(0, MAX_REJECTIONS), { part: 'all', key: '…', reason: `and ${more} more of these` }];
}
