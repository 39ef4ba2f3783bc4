import type { ApprenticeshipRecord } from '../ApprenticeshipRecord.ts';
import { laterOf, type QueryAnswer } from './askFeed.ts';
import { contentHash } from './contentHash.ts';

/** What the store holds of one source. */
export interface StoredState {
  readonly records: ReadonlyMap<string, { readonly contentHash: string; readonly apprenticeshipId: string }>;
  /** The keys that the last trusted answer of each query held. */
  readonly queries: ReadonlyMap<string, StoredQuery>;
}

export interface StoredQuery {
  readonly externalIds: ReadonlySet<string>;
  readonly suspiciousAnswers: number;
}

/** What a run changes. Every key is in one of `written`, `unchanged` and `gone`, or stays untouched. */
export interface RunChanges {
  readonly accepted: number;
  /** New or with other content. */
  readonly written: readonly { readonly record: ApprenticeshipRecord; readonly contentHash: string }[];
  /** Seen again as they are stored. */
  readonly unchanged: readonly string[];
  /** No trusted answer holds them any more, and no failed query did. */
  readonly gone: readonly string[];
  /** What each trusted answer held. */
  readonly trusted: ReadonlyMap<string, readonly string[]>;
  readonly suspicious: readonly { readonly queryKey: string; readonly reason: string }[];
  /** Stored queries that no municipality asks any more. */
  readonly retired: readonly string[];
}

/** Above this number of stored records a smaller loss is suspicious already. */
const LARGE_ANSWER = 100;
const MAX_LOSS = 0.5;
const MAX_LOSS_OF_LARGE_ANSWER = 0.3;

/**
 * Compares what a run brought with what is stored. `planned` names every query that municipalities need; those
 * without an answer (failed, or not asked in this run) keep what they returned last time.
 */
export function compareRun({
  planned,
  answers,
  stored,
  acceptShrunken,
}: {
  planned: readonly string[];
  answers: ReadonlyMap<string, QueryAnswer>;
  stored: StoredState;
  /** An operator has looked: small answers are the truth. */
  acceptShrunken: boolean;
}): RunChanges {
  const fresh = new Map<string, ApprenticeshipRecord>();
  const kept = new Set<string>();
  const trusted = new Map<string, readonly string[]>();
  const suspicious: { queryKey: string; reason: string }[] = [];

  for (const queryKey of planned) {
    const answer = answers.get(queryKey);
    const before = stored.queries.get(queryKey);
    if (answer?.kind === 'answered') {
      const refused = answer.refusedIds.filter((id) => stored.records.has(id) && !answer.records.has(id));
      const ids = [...answer.records.keys(), ...new Set(refused)];
      const reason = acceptShrunken || before === undefined ? undefined : suspicionOf(before, ids.length);
      if (reason === undefined) {
        trusted.set(queryKey, ids);
        for (const id of refused) {
          kept.add(id);
        }
        for (const [id, record] of answer.records) {
          const other = fresh.get(id);
          fresh.set(id, other === undefined ? record : laterOf(other, record));
        }
        continue;
      }
      suspicious.push({ queryKey, reason });
    }
    for (const id of before?.externalIds ?? []) {
      kept.add(id);
    }
  }

  const hashed = [...fresh.values()].map((record) => ({ record, contentHash: contentHash(record) }));
  const isStored = ({ record, contentHash: hash }: (typeof hashed)[number]) =>
    stored.records.get(record.externalId)?.contentHash === hash;
  return {
    accepted: fresh.size,
    written: hashed.filter((entry) => !isStored(entry)),
    unchanged: hashed.filter(isStored).map(({ record }) => record.externalId),
    gone: [...stored.records.keys()].filter((id) => !fresh.has(id) && !kept.has(id)),
    trusted,
    suspicious,
    retired: [...stored.queries.keys()].filter((key) => !planned.includes(key)),
  };
}

/** Why an answer of this size is not believed; undefined when it is. */
function suspicionOf({ externalIds, suspiciousAnswers }: StoredQuery, received: number): string | undefined {
  const before = externalIds.size;
  const maxLoss = before > LARGE_ANSWER ? MAX_LOSS_OF_LARGE_ANSWER : MAX_LOSS;
  if (before === 0 || before - received <= before * maxLoss) {
    return undefined;
  }
  const times = suspiciousAnswers === 0 ? '' : `, ${suspiciousAnswers + 1} times in a row`;
  return received === 0
    ? `SUSPICIOUS_EMPTY: nothing where ${before} were${times}; what is stored stays`
    : `SUSPICIOUS_SHRUNKEN: ${received} where ${before} were${times}; what is stored stays`;
}
