import { DAY_MS, type Day, instantAt, toBerlinIso, toIsoDay } from '../berlinTime.ts';
import { seededRandom } from '../seededRandom.ts';
import type { CmsRegion } from './CmsRegion.ts';
import { EVENT_TEMPLATES, type EventTemplate } from './eventTemplates.ts';
import { CMS_LANGUAGES, DEFAULT_LANGUAGE, type LanguageCode } from './languages.ts';
import { type Location, locationPath } from './locations.ts';
import { CMS_HOST, toAddress, writerOf } from './RegionText.ts';
import { slugify, toExcerpt } from './renderHtml.ts';
import { HORIZON_DAYS, type Schedule, scheduleOf, toRecurrenceRule } from './schedule.ts';

/** An event or a series of a region, whatever its languages. */
export interface CmsEvent {
  readonly id: number;
  readonly template: EventTemplate;
  readonly schedule: Schedule;
  readonly location: Location | undefined;
  readonly updatedAt: number;
  readonly translations: ReadonlySet<LanguageCode>;
}

const NO_PLACE = {
  id: null,
  name: null,
  address: null,
  town: null,
  state: null,
  postcode: null,
  region: null,
  country: null,
  latitude: null,
  longitude: null,
};

export function createEvents(
  region: CmsRegion,
  locations: readonly Location[],
  { today, yearStart }: { today: Day; yearStart: number },
): readonly CmsEvent[] {
  const random = seededRandom(`events ${region.slug}`);
  return EVENT_TEMPLATES.flatMap((template, index) => {
    const isKept = index < 7 || random.chance(0.7);
    const shift = template.isAllDay === true ? 0 : random.integer(3) * 30;
    if (!isKept) {
      return [];
    }
    const shifted = { ...template, start: template.start + shift, end: template.end + shift };
    return [
      {
        id: region.id * 100 + index + 1,
        template: shifted,
        schedule: scheduleOf(template.timing, today),
        location: locations.find(({ key }) => key === template.place),
        updatedAt: yearStart - random.integer(200) * DAY_MS - random.integer(DAY_MS),
        translations: new Set(
          region.languages.filter((code) => CMS_LANGUAGES[code].texts.events[template.key] !== undefined),
        ),
      },
    ];
  });
}

/** What the CMS sends for an event: itself, or its occurrences of the next month, each on its own. */
export function toWireEvents(
  event: CmsEvent,
  region: CmsRegion,
  { code, today, combineRecurring }: { code: LanguageCode; today: Day; combineRecurring: boolean },
) {
  const { days, rule, lengthDays } = event.schedule;
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined || last + lengthDays * DAY_MS < today) {
    return [];
  }
  if (rule === null || combineRecurring) {
    return [toWireEvent(event, region, code, first, '')].filter((wire) => wire !== undefined);
  }
  const from = Math.max(today, first);
  return days
    .filter((day) => day >= from && day <= from + HORIZON_DAYS * DAY_MS)
    .map((day) => toWireEvent(event, region, code, day, `$${toIsoDay(day)}`))
    .filter((wire) => wire !== undefined);
}

function toWireEvent(event: CmsEvent, region: CmsRegion, code: LanguageCode, day: Day, suffix: string) {
  const path = eventPath(event, region, code, suffix);
  const isFallback = !event.translations.has(code);
  const written = isFallback ? DEFAULT_LANGUAGE : code;
  const { template, schedule, location } = event;
  const text = CMS_LANGUAGES[written].texts.events[template.key];
  if (path === undefined || text === undefined) {
    return undefined;
  }
  const writer = writerOf(region, written);
  const title = writer.title(text);
  const html = writer.html(text);
  const lastDay = day + schedule.lengthDays * DAY_MS;
  const start = toBerlinIso(instantAt(day, template.start));
  const end = toBerlinIso(instantAt(lastDay, template.end));
  const others = region.languages.flatMap((other) => {
    const otherPath = other === code ? undefined : eventPath(event, region, other, suffix);
    const id = event.translations.has(other) ? translationId(event, other) : null;
    return otherPath === undefined ? [] : [[other, { id, ...toAddress(otherPath) }] as const];
  });
  return {
    id: isFallback ? null : translationId(event, code),
    ...toAddress(path),
    title,
    modified_gmt: new Date(event.updatedAt).toISOString(),
    last_updated: toBerlinIso(event.updatedAt, { milliseconds: true }),
    excerpt: toExcerpt(html),
    content: html,
    available_languages: Object.fromEntries(others),
    thumbnail: template.isAllDay === true ? `${CMS_HOST}/media/regions/${region.id}/events/${template.key}.jpg` : null,
    location: location?.address ?? NO_PLACE,
    location_path: location === undefined ? null : (locationPath(location, region, code) ?? null),
    meeting_url: template.isOnline === true ? `https://video.demo.example/${region.slug}-${template.key}` : null,
    event: {
      id: event.id,
      start,
      start_date: toIsoDay(day),
      start_time: start.slice(11, 19),
      end,
      end_date: toIsoDay(lastDay),
      end_time: end.slice(11, 19),
      all_day: template.isAllDay === true,
      only_weekdays: template.onlyWeekdays === true,
      recurrence_id: schedule.rule === null ? null : event.id,
      timezone: 'Europe/Berlin',
    },
    hash: null,
    recurrence_rule: toRecurrenceRule(schedule, template),
  };
}

/** Undefined when the event is neither translated nor delivered in German instead. */
function eventPath(event: CmsEvent, region: CmsRegion, code: LanguageCode, suffix: string): string | undefined {
  const isTranslated = event.translations.has(code);
  const text = CMS_LANGUAGES[isTranslated ? code : DEFAULT_LANGUAGE].texts.events[event.template.key];
  return text !== undefined && (isTranslated || region.hasFallback)
    ? `/${region.slug}/${code}/events/${slugify(text[0])}${suffix}/`
    : undefined;
}

function translationId(event: CmsEvent, code: LanguageCode): number {
  return event.id * 10 + CMS_LANGUAGES[code].wire.id;
}
