import type { ContentRecord, EventData } from '../ContentRecord.ts';
import type { CmsEvent } from '../parse/cmsEvent.ts';
import { toSchedule } from '../schedule/toSchedule.ts';
import { contentId } from './contentId.ts';
import { type ItemContext, isFallback, normaliseItem, normalisePlace } from './ItemContext.ts';
import { inTurns } from './inTurns.ts';
import { toUrl } from './toUrl.ts';

/** `$2030-01-31` at the end of a path or URL: one occurrence of a series. */
const OCCURRENCE = /(?:\$|%24)\d{4}-\d{2}-\d{2}(?=\/?$)/;

/** The events of one language. Occurrences of one series, as an answer that is not combined has them, become one event. */
export async function normaliseEvents(
  events: readonly CmsEvent[],
  context: ItemContext,
): Promise<readonly ContentRecord<EventData>[]> {
  const series = new Map<string, CmsEvent>();
  for (const event of events) {
    const key = event.recurrence === undefined ? event.path : withoutDay(event.path);
    const known = series.get(key);
    if (known === undefined || startOf(event) < startOf(known)) {
      series.set(key, event);
    }
  }
  return inTurns(series.values(), (event) => toRecord(event, context));
}

function toRecord(event: CmsEvent, context: ItemContext): ContentRecord<EventData> {
  const isOccurrence = event.recurrence !== undefined && OCCURRENCE.test(event.path);
  const whole = isOccurrence ? asSeries(event) : event;
  const schedule = toSchedule(event.event, event.recurrence, context.timeZone);
  const place = normalisePlace(event.location, context);
  return {
    id: contentId('event', context.municipality, whole.path),
    kind: 'event',
    path: whole.path,
    parentId: null,
    index: { kind: 'event', path: whole.path, schedule, location: place?.location ?? null },
    data: {
      ...normaliseItem(whole, context),
      isFallback: isFallback(whole, context, { isOccurrence }),
      schedule,
      place,
      meetingUrl: toUrl(event.meeting_url),
    },
  };
}

function asSeries(event: CmsEvent): CmsEvent {
  return {
    ...event,
    path: withoutDay(event.path),
    url: event.url === undefined ? undefined : withoutDay(event.url),
    available_languages: event.available_languages.map(({ code, path, url }) => ({
      code,
      path: path === undefined ? undefined : withoutDay(path),
      url: url === undefined ? undefined : withoutDay(url),
    })),
  };
}

function withoutDay(path: string): string {
  return path.replace(OCCURRENCE, '');
}

function startOf({ event }: CmsEvent): string {
  return event.start?.toISOString() ?? `${event.start_date}T${event.start_time ?? '00:00:00'}`;
}
