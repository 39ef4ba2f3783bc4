import { DAY_MS, type Day, instantAt, mondayOf, toBerlinIso } from '../berlinTime.ts';
import { seededRandom } from '../seededRandom.ts';
import type { CmsRegion } from './CmsRegion.ts';
import { CMS_LANGUAGES, type LanguageCode } from './languages.ts';
import { writerOf } from './RegionText.ts';
import { toExcerpt } from './renderHtml.ts';

/** Every news item that exists, with the days before this week's Monday on which it appeared. */
const ITEMS = [
  { key: 'closed', source: 'local', daysAgo: 2 },
  { key: 'course', source: 'local', daysAgo: 6 },
  { key: 'vaccination', source: 'tunews', daysAgo: 9 },
  { key: 'bus', source: 'local', daysAgo: 12 },
  { key: 'volunteers', source: 'tunews', daysAgo: 20 },
] as const;
const ITEMS_A_WEEK = 10;

/** News of the last weeks, newest first: our own where push is on, external where the region takes them. */
export function toWireNews(region: CmsRegion, code: LanguageCode, today: Day) {
  const writer = writerOf(region, code);
  return itemsOf(region, code, today).map(({ id, text, source, publishedAt, translations }) => {
    const title = writer.title(text);
    const html = writer.html(text);
    const publishedIso = toBerlinIso(publishedAt);
    const isLocal = source === 'local';
    return {
      id: `${source}-${id}`,
      title,
      content: isLocal ? html : `<main>${html}</main>`,
      last_updated: publishedIso,
      published_at: publishedIso,
      display_date: publishedIso,
      channel: isLocal ? 'news' : null,
      available_languages: isLocal ? Object.fromEntries(translations) : null,
      source,
      externalUrl: isLocal ? null : `https://news.demo.example/${code}/${id}`,
    };
  });
}

/** The same local news in the older form of push notifications; only the last 28 days. */
export function toWirePushNotifications(region: CmsRegion, code: LanguageCode, today: Day) {
  const writer = writerOf(region, code);
  return itemsOf(region, code, today)
    .filter(({ source, publishedAt }) => source === 'local' && publishedAt > today - 28 * DAY_MS)
    .map(({ id, text, publishedAt, translations }) => {
      const title = writer.title(text);
      const html = writer.html(text);
      const publishedIso = toBerlinIso(publishedAt);
      return {
        id,
        title,
        message: toExcerpt(html),
        timestamp: publishedIso,
        last_updated: publishedIso,
        published_at: publishedIso,
        display_date: publishedIso,
        channel: 'news',
        available_languages: Object.fromEntries(translations),
      };
    });
}

function itemsOf(region: CmsRegion, code: LanguageCode, today: Day) {
  const { news } = CMS_LANGUAGES[code].texts;
  const monday = mondayOf(today);
  const week = monday / DAY_MS;
  const minutes = 480 + seededRandom(`news ${region.slug}`).integer(480);
  return ITEMS.flatMap(({ key, source, daysAgo }, index) => {
    const text = news[key];
    const isOn = source === 'local' ? region.switches.push : region.switches.external;
    if (text === undefined || !isOn) {
      return [];
    }
    const numbers = (other: LanguageCode) =>
      ((region.id * 100_000 + week) * ITEMS_A_WEEK + index) * 10 + CMS_LANGUAGES[other].wire.id;
    const translations = region.languages
      .filter((other) => other !== code && CMS_LANGUAGES[other].texts.news[key] !== undefined)
      .map((other) => [other, { id: numbers(other) }] as const);
    return [
      { id: numbers(code), text, source, publishedAt: instantAt(monday - daysAgo * DAY_MS, minutes), translations },
    ];
  });
}
