import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import { MAX_DURATION_DAYS } from './readHousingInput.ts';

/** For how many days the municipality publishes an offer at most; the schema of its options keeps it in the range of the input. */
export function maxDurationOf({ modules }: Municipality): number {
  const { maxDurationDays } = modules.get('housing')?.options ?? {};
  return typeof maxDurationDays === 'number' ? maxDurationDays : MAX_DURATION_DAYS;
}

/** The e-mail address of whoever reviews the municipality's offers; undefined: nobody does. */
export function moderatorOf({ modules }: Municipality): string | undefined {
  const { moderation } = modules.get('housing')?.options ?? {};
  return typeof moderation === 'string' ? moderation : undefined;
}
