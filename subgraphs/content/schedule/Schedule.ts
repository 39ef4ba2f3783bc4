/** When an event takes place, ready to be computed with. Wall clock times belong to `timeZone`. */
export interface Schedule {
  /** `YYYY-MM-DDTHH:MM:SS` of the first occurrence. */
  readonly start: string;
  /** ISO 8601 duration in days, hours, minutes on the wall clock; null when nobody wrote down an end. */
  readonly duration: string | null;
  readonly allDay: boolean;
  /** IANA. */
  readonly timeZone: string;
  /** RFC 5545 RRULE without the name, UNTIL in UTC; null for a single event. */
  readonly rule: string | null;
  /** ISO 8601; null when the rule has no UNTIL. */
  readonly until: string | null;
}
