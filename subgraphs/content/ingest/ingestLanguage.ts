import type { Clock } from '../../../platform/clock/Clock.ts';
import type { IngestFailure, IngestRejection } from '../../../platform/ingest/IngestSource.ts';
import type { Logger } from '../../../platform/logger/Logger.ts';
import type { ContentIndex, ContentKind } from '../ContentRecord.ts';
import { judgeList } from '../compare/judgeList.ts';
import type { ItemContext } from '../normalise/ItemContext.ts';
import { PayloadError } from '../parse/readJson.ts';
import { findOccurrences } from '../schedule/findOccurrences.ts';
import type { CmsClient } from '../source/createCmsClient.ts';
import type { ContentStore, NewPart, StoredPart } from '../store/contentStore.ts';
import { type PartReading, readPart, requestPart } from './readPart.ts';

export interface LanguageTask {
  readonly kinds: readonly ContentKind[];
  /** The code under which the records are stored: the language's, or none for offers. */
  readonly storedAs: string;
  /** The region's slug in the CMS. */
  readonly region: string;
  readonly context: ItemContext;
  /** Changes with everything but the answer that the records depend on; an answer is skipped only when both are equal. */
  readonly salt: string;
  readonly stored: readonly StoredPart[];
}

export interface IngestTools {
  readonly cms: CmsClient;
  readonly store: ContentStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Mutable sums of a run. */
export interface RunTally {
  accepted: number;
  changed: number;
  removed: number;
  readonly rejections: IngestRejection[];
  readonly failures: IngestFailure[];
}

/** The news of this long are in the answer of every version of the CMS. */
const NEWS_WINDOW_MS = 28 * 86_400_000;
/** Names of parts in reports, as in the paths of the CMS. */
const PART_NAMES: Readonly<Record<ContentKind, string>> = {
  page: 'pages',
  imprint: 'imprint',
  event: 'events',
  location: 'locations',
  news: 'news',
  offer: 'offers',
};

/** Fetches, reads and stores what one language of a municipality has; parts that cannot be trusted leave theirs as it was. */
export async function ingestLanguage(task: LanguageTask, tools: IngestTools, tally: RunTally): Promise<void> {
  const parts = await Promise.all(task.kinds.map((kind) => ingestPart(kind, task, tools, tally)));
  const trusted = parts.filter((part) => part !== undefined);
  if (trusted.length > 0) {
    const { changed, removed } = await tools.store.writeParts(task.context.municipality, task.storedAs, trusted);
    tally.changed += changed;
    tally.removed += removed;
  }
}

/** The records that may take the place of the stored ones; undefined when these stay. */
async function ingestPart(
  kind: ContentKind,
  task: LanguageTask,
  tools: IngestTools,
  tally: RunTally,
): Promise<NewPart | undefined> {
  const { region, context, stored, salt } = task;
  const language = context.language.code;
  const part = `${context.municipality}/${language}/${PART_NAMES[kind]}`;
  const before = stored.find((candidate) => candidate.language === task.storedAs && candidate.kind === kind);

  const answer = await requestPart(tools.cms, kind, region, language);
  if (answer.kind !== 'payload') {
    tally.failures.push({ part, reason: answer.reason });
    return undefined;
  }
  const bodyHash = `${salt}.${answer.bodyHash}`;
  if (before?.bodyHash === bodyHash && before.rejected === 0) {
    tally.accepted += before.items;
    if (before.quarantinedAt !== null) {
      await tools.store.markQuarantine(context.municipality, task.storedAs, kind, undefined);
    }
    return undefined;
  }
  let reading: PartReading;
  try {
    reading = await readPart(kind, answer.payload, context, { part, region, language });
  } catch (error) {
    if (error instanceof PayloadError) {
      tally.failures.push({ part, reason: error.message });
      return undefined;
    }
    throw error;
  }
  const { records, rejections, orphans } = reading;
  tally.rejections.push(...rejections);
  if (orphans.length > 0) {
    tools.logger.warn({ part, paths: orphans.slice(0, 20) }, 'pages whose parent is missing were made roots');
  }
  const now = new Date(tools.clock.now());
  const judgement = judgeList({
    expected: await countExpected(before, kind, records.length, task, tools),
    got: records.length,
    quarantinedSince: before?.quarantinedAt ?? undefined,
    now,
  });
  if (judgement.kind === 'quarantined') {
    tally.failures.push({ part, reason: judgement.reason });
    if (before?.quarantinedAt === null) {
      await tools.store.markQuarantine(context.municipality, task.storedAs, kind, now);
    }
    return undefined;
  }
  tally.accepted += records.length;
  return { kind, bodyHash, rejected: rejections.length, records };
}

/** How many stored items an honest answer still holds: events that are over and old news go by themselves. */
async function countExpected(
  before: StoredPart | undefined,
  kind: ContentKind,
  got: number,
  { context, storedAs }: LanguageTask,
  { store, clock }: IngestTools,
): Promise<number> {
  const items = before?.items ?? 0;
  if (got * 2 >= items || (kind !== 'event' && kind !== 'news')) {
    return items;
  }
  const index = await store.readIndex(context.municipality, storedAs, kind);
  return index.filter((entry) => isStillExpected(entry, clock.now())).length;
}

function isStillExpected(entry: ContentIndex, now: number): boolean {
  switch (entry.kind) {
    case 'event':
      return findOccurrences(entry.schedule, { from: now, first: 1 }).length > 0;
    case 'news':
      return Date.parse(entry.publishedAt) > now - NEWS_WINDOW_MS;
    default:
      return true;
  }
}
