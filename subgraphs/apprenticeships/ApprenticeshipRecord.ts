import type { ApprenticeshipKind } from '../../schema/generated/apprenticeships.ts';

/** What we keep of one item of one source, in our words. Plain text throughout; days are YYYY-MM-DD. */
export interface ApprenticeshipRecord {
  readonly source: string;
  /** The source's own key as a string, never a position in its answer. */
  readonly externalId: string;
  /** Where the source itself shows the item. */
  readonly sourceUrl: string | null;
  readonly kind: ApprenticeshipKind;
  readonly title: string;
  readonly occupation: RecordOccupation | null;
  readonly employer: string | null;
  readonly description: string | null;
  readonly places: readonly RecordPlace[];
  readonly startsOn: string | null;
  readonly publishedOn: string | null;
  readonly expiresOn: string | null;
  readonly positions: number | null;
  readonly requirements: readonly string[];
  /** Where a reader learns more or applies. */
  readonly url: string | null;
  /** When the source says that it last changed the item; decides between two items of one key. Compared as text. */
  readonly modifiedAt: string | null;
}

export interface RecordOccupation {
  readonly name: string;
  readonly scheme: string | null;
  readonly code: string | null;
}

export interface RecordPlace {
  readonly name: string | null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly town: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
}

/** The id of the apprenticeship that a record becomes; equal in every run. */
export function toApprenticeshipId({ source, externalId }: { source: string; externalId: string }): string {
  return `${source}:${externalId}`;
}
