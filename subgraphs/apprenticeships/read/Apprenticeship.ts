import type { ApprenticeshipKind } from '../../../schema/generated/apprenticeships.ts';

/** What the type Apprenticeship is resolved from: its row, and how far it is from where it was asked for. */
export interface Apprenticeship {
  readonly id: string;
  readonly kind: ApprenticeshipKind;
  readonly title: string;
  readonly occupation_name: string | null;
  readonly occupation_scheme: string | null;
  readonly occupation_code: string | null;
  readonly employer: string | null;
  readonly description: string | null;
  readonly starts_on: string | null;
  readonly published_on: string | null;
  readonly expires_on: string | null;
  readonly newest_on: string;
  readonly positions: number | null;
  readonly requirements: readonly string[];
  readonly url: string | null;
  readonly metres: number | null;
}

/** The columns of `apprenticeships` that it needs. */
export const APPRENTICESHIP_COLUMNS = [
  'id',
  'kind',
  'title',
  'occupation_name',
  'occupation_scheme',
  'occupation_code',
  'employer',
  'description',
  'starts_on',
  'published_on',
  'expires_on',
  'newest_on',
  'positions',
  'requirements',
  'url',
] as const;
