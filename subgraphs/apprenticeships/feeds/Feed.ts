import type { ApprenticeshipRecord } from '../ApprenticeshipRecord.ts';
import type { SearchArea } from '../SearchArea.ts';

/** One upstream of apprenticeships: how it is asked, and how one item of its answers becomes a record. */
export interface Feed {
  /** Stable, `[a-z0-9-]+`; part of every id. */
  readonly name: string;
  /** ISO 3166-1 alpha-2 codes of the countries that it covers; municipalities elsewhere are not asked for. */
  readonly countries: readonly string[];
  /** What to ask for a municipality. Equal keys are equal questions and are asked once. */
  toQuery(area: SearchArea): FeedQuery;
  /** All items of all pages, as they came. Throws when any page is missing: an answer is whole or it is none. */
  fetchItems(query: FeedQuery, signal: AbortSignal): Promise<readonly unknown[]>;
  /** Parses and normalises one item. Never throws for what a feed may send. */
  readItem(item: unknown): ItemOutcome;
}

export interface FeedQuery {
  /** Identifies the question across runs, and names it in reports. */
  readonly key: string;
  /** Postcode, or else the town's name. */
  readonly place: string;
  readonly radiusKm: number;
}

export type ItemOutcome =
  | { readonly kind: 'accepted'; readonly record: ApprenticeshipRecord; readonly remarks: readonly string[] }
  | {
      readonly kind: 'rejected';
      /** The item's own key where it has one: what was stored under it earlier stays. */
      readonly externalId: string | undefined;
      readonly reason: string;
    };

/** The answer as a whole cannot be used. The message is safe to log and to show to an operator. */
export class FeedAnswerError extends Error {
  override readonly name = 'FeedAnswerError';
}
