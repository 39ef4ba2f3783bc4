import { Temporal } from 'temporal-polyfill';

import type { OpeningDayRecord } from '../ContentRecord.ts';

export interface OpeningState {
  readonly temporarilyClosed: boolean;
  /** Seven days, Monday first. */
  readonly openingHours: readonly OpeningDayRecord[] | null;
}

/**
 * Whether a place is open at an instant; null when nobody knows. Hours are wall clock times of the municipality's zone,
 * or of the zone that a slot names. A slot that ends before it starts ends on the next day.
 */
export function isOpenAt(
  { temporarilyClosed, openingHours }: OpeningState,
  { instantMs, timeZone }: { instantMs: number; timeZone: string },
): boolean | null {
  if (temporarilyClosed) {
    return false;
  }
  if (openingHours === null) {
    return null;
  }
  const instant = Temporal.Instant.fromEpochMilliseconds(instantMs);
  return openingHours.some((day, weekday) => {
    if (day.closed) {
      return false;
    }
    if (day.allDay) {
      return weekday === instant.toZonedDateTimeISO(timeZone).dayOfWeek - 1;
    }
    return day.slots.some((slot) => {
      const local = instant.toZonedDateTimeISO(slot.timeZone ?? timeZone);
      const today = local.dayOfWeek - 1;
      const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
      const isOvernight = slot.end <= slot.start;
      if (weekday === today) {
        return time >= slot.start && (isOvernight || time < slot.end);
      }
      return isOvernight && weekday === (today + 6) % 7 && time < slot.end;
    });
  });
}
