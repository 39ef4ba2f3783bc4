import type { IngestRejection } from '../../../platform/ingest/IngestSource.ts';
import type { Logger } from '../../../platform/logger/Logger.ts';
import { OutboundError } from '../../../platform/outbound/OutboundHttp.ts';
import type { ApprenticeshipRecord } from '../ApprenticeshipRecord.ts';
import { type Feed, FeedAnswerError, type FeedQuery } from '../feeds/Feed.ts';
import { contentHash } from './contentHash.ts';

/** What one question brought: a whole answer, or a reason why there is none. */
export type QueryAnswer =
  | {
      readonly kind: 'answered';
      readonly records: ReadonlyMap<string, ApprenticeshipRecord>;
      /** Keys of items that were refused: the source still has them, so what was stored under them stays. */
      readonly refusedIds: readonly string[];
      readonly rejections: readonly IngestRejection[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Fetches, parses and normalises one answer. Throws only when the run was aborted. */
export async function askFeed(
  feed: Feed,
  query: FeedQuery,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<QueryAnswer> {
  let items: readonly unknown[];
  try {
    items = await feed.fetchItems(query, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FeedAnswerError || error instanceof OutboundError) {
      return { kind: 'failed', reason: error.message };
    }
    logger.error({ source: feed.name, query: query.key, err: error }, 'feed query failed for a reason of our own');
    return { kind: 'failed', reason: 'could not be read; the log holds the cause' };
  }
  return readItems(feed, query, items);
}

/** Reads every item by itself: a broken one is one rejection. Of two items with one key the later changed one stays. */
export function readItems(feed: Feed, query: FeedQuery, items: readonly unknown[]): QueryAnswer {
  const records = new Map<string, ApprenticeshipRecord>();
  const refusedIds: string[] = [];
  const rejections: IngestRejection[] = [];
  for (const [index, item] of items.entries()) {
    const outcome = feed.readItem(item);
    if (outcome.kind === 'rejected') {
      const { externalId, reason } = outcome;
      rejections.push({ part: query.key, key: externalId ?? `item ${index + 1} of the answer`, reason });
      if (externalId !== undefined) {
        refusedIds.push(externalId);
      }
      continue;
    }
    const { record, remarks } = outcome;
    const key = record.externalId;
    rejections.push(...remarks.map((reason) => ({ part: query.key, key, reason })));
    const earlier = records.get(key);
    if (earlier !== undefined && contentHash(earlier) !== contentHash(record)) {
      rejections.push({ part: query.key, key, reason: 'the key occurs twice; the item that changed last was kept' });
    }
    records.set(key, earlier === undefined ? record : laterOf(earlier, record));
  }
  return { kind: 'answered', records, refusedIds, rejections };
}

/** The one that its source changed last; the second when nothing tells. */
export function laterOf(first: ApprenticeshipRecord, second: ApprenticeshipRecord): ApprenticeshipRecord {
  return (first.modifiedAt ?? '') > (second.modifiedAt ?? '') ? first : second;
}
