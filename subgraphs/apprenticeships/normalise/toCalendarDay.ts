/** Years in which an apprenticeship can be published or begin; others are a mistake of the source. */
const MIN_YEAR = 2000;
const MAX_YEAR = 2100;

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const GERMAN_DAY = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const ISO_INSTANT = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * The calendar day, YYYY-MM-DD, that a feed means; undefined when its text is no day of the calendar.
 * Understands ISO days, days in German order, and instants: one without a zone is local to `timeZone` already.
 */
export function toCalendarDay(text: string, { timeZone }: { timeZone: string }): string | undefined {
  const trimmed = text.trim();
  const instant = ISO_INSTANT.exec(trimmed);
  if (instant !== null) {
    const day = toCalendarDay(instant[1] ?? '', { timeZone });
    return instant[2] === undefined || day === undefined ? day : dayOfInstant(trimmed, timeZone);
  }
  const iso = ISO_DAY.exec(trimmed);
  if (iso !== null) {
    return checkedDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  }
  const german = GERMAN_DAY.exec(trimmed);
  return german === null ? undefined : checkedDay(Number(german[3]), Number(german[2]), Number(german[1]));
}

/** The calendar day of an instant as the clocks of a zone show it. */
export function dayIn(timeZone: string, at: Date): string {
  // The Swedish form of a date is the ISO form.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

function dayOfInstant(text: string, timeZone: string): string | undefined {
  const at = new Date(text.replace(' ', 'T').replace(',', '.'));
  return Number.isNaN(at.getTime()) ? undefined : dayIn(timeZone, at);
}

function checkedDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  // 31 February would roll over to March.
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && year >= MIN_YEAR && year <= MAX_YEAR ? date.toISOString().slice(0, 10) : undefined;
}
