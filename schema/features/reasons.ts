/**
 * Why a flag has its value, in OpenFeature's words (specification, "Resolution reason"). DISABLED is not among
 * them: a flag that a provider has, but not in use, is left to the files. Every place that shows a reason
 * takes it from the snapshot: `extensions.features`, `flags explain`, the audit log.
 */
export const REASONS = {
  STATIC: 'an entry of a file without dates says so',
  TARGETING_MATCH: 'an entry with dates, or a rule of a provider, gives this value now',
  DEFAULT: 'nothing mentions the flag, so it is off',
  SPLIT: 'the provider assigned the municipality to one of several groups',
  CACHED: 'the provider answered out of its own cache',
  STALE: 'the provider cannot be asked now; this is what it said last',
  UNKNOWN: 'the provider gave no reason that OpenFeature knows',
  ERROR: 'the field belongs to no municipality, or the provider could not be asked about a new one: off',
} as const;

export type Reason = keyof typeof REASONS;

/** In an order that never changes: a reason is kept as its number. */
const NAMES = Object.keys(REASONS) as readonly Reason[];

export function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text);
}

/** A value and its reason in one byte: the lowest bit is the value, the rest the number of the reason. */
export function toStateByte(enabled: boolean, reason: Reason): number {
  return (NAMES.indexOf(reason) << 1) | (enabled ? 1 : 0);
}

export function reasonOfByte(byte: number): Reason {
  return NAMES[byte >> 1] ?? 'UNKNOWN';
}
