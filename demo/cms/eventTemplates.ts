/** How an event lies in time. Weekdays count from Monday = 0, times are minutes after midnight in Berlin. */
export type Timing =
  | { readonly kind: 'once'; readonly weeksAhead: number; readonly weekday: number }
  | { readonly kind: 'span'; readonly weeksAhead: number; readonly days: number }
  /** Since the beginning of the year, without an end or until the end of July. */
  | {
      readonly kind: 'weekly';
      readonly weekdays: readonly [number, ...number[]];
      readonly interval: number;
      readonly ends: boolean;
    }
  /** The nth such weekday of a month, since the beginning of the year. */
  | { readonly kind: 'monthly'; readonly weekday: number; readonly nth: number }
  /** Eight times; a new course begins when the old one is over. */
  | { readonly kind: 'course'; readonly weekday: number };

export interface EventTemplate {
  readonly key: string;
  readonly timing: Timing;
  readonly start: number;
  readonly end: number;
  readonly isAllDay?: boolean;
  readonly onlyWeekdays?: boolean;
  readonly isOnline?: boolean;
  /** The key of the location where it takes place. */
  readonly place?: string;
}

export const EVENT_TEMPLATES: readonly EventTemplate[] = [
  {
    key: 'info-evening',
    timing: { kind: 'once', weeksAhead: 1, weekday: 3 },
    start: 18 * 60,
    end: 20 * 60,
    place: 'integration-office',
  },
  {
    key: 'language-cafe',
    timing: { kind: 'weekly', weekdays: [2], interval: 1, ends: false },
    start: 16 * 60,
    end: 18 * 60,
    place: 'library',
  },
  {
    key: 'homework',
    timing: { kind: 'weekly', weekdays: [1, 3], interval: 2, ends: true },
    start: 15 * 60,
    end: 17 * 60,
    place: 'youth-centre',
  },
  {
    key: 'breakfast',
    timing: { kind: 'monthly', weekday: 5, nth: 1 },
    start: 9 * 60 + 30,
    end: 11 * 60 + 30,
    place: 'family-centre',
  },
  {
    key: 'festival',
    timing: { kind: 'once', weeksAhead: 3, weekday: 5 },
    start: 0,
    end: 24 * 60 - 1,
    isAllDay: true,
    place: 'meeting-place',
  },
  {
    key: 'recognition',
    timing: { kind: 'once', weeksAhead: 2, weekday: 1 },
    start: 17 * 60,
    end: 18 * 60 + 30,
    isOnline: true,
  },
  { key: 'walk', timing: { kind: 'once', weeksAhead: 1, weekday: 5 }, start: 14 * 60, end: 16 * 60 },
  {
    key: 'exhibition',
    timing: { kind: 'span', weeksAhead: -1, days: 33 },
    start: 10 * 60,
    end: 17 * 60,
    onlyWeekdays: true,
    place: 'library',
  },
  { key: 'bicycle', timing: { kind: 'course', weekday: 4 }, start: 10 * 60, end: 12 * 60, place: 'meeting-place' },
  {
    key: 'applications',
    timing: { kind: 'monthly', weekday: 3, nth: -1 },
    start: 14 * 60,
    end: 17 * 60,
    place: 'adult-school',
  },
  {
    key: 'job-fair',
    timing: { kind: 'once', weeksAhead: 10, weekday: 5 },
    start: 10 * 60,
    end: 15 * 60,
    place: 'adult-school',
  },
  {
    key: 'choir',
    timing: { kind: 'weekly', weekdays: [0], interval: 1, ends: false },
    start: 19 * 60,
    end: 20 * 60 + 30,
    place: 'meeting-place',
  },
];
