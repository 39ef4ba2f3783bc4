import type { Day } from '../berlinTime.ts';
import { type DemoAnswer, json } from '../DemoAnswer.ts';
import type { CmsRegion } from './CmsRegion.ts';
import type { LanguageCode } from './languages.ts';
import { toWireNews } from './news.ts';

interface RegionNews {
  readonly region: CmsRegion;
  readonly today: Day;
}

const DEFAULT_SIZE = 20;
const MAX_SIZE = 500;

/** `news/`: everything, or one page of it; a page that does not exist is the last one. */
export function answerNews({ region, today }: RegionNews, code: LanguageCode, query: URLSearchParams): DemoAnswer {
  const sources = query.getAll('source');
  const channel = query.get('channel') ?? 'all';
  const items = toWireNews(region, code, today).filter(
    (item) =>
      (sources.length === 0 || sources.includes(item.source)) && (channel === 'all' || item.channel === channel),
  );
  if (!query.has('page') && !query.has('size')) {
    return json(items);
  }
  const size = Math.min(MAX_SIZE, positive(query.get('size')) ?? DEFAULT_SIZE);
  const last = Math.max(1, Math.ceil(items.length / size));
  const page = Math.min(last, positive(query.get('page')) ?? 1);
  return json(items.slice((page - 1) * size, page * size));
}

/** `news/local-12/`. */
export function answerNewsItem({ region, today }: RegionNews, code: LanguageCode, id: string): DemoAnswer {
  const item = toWireNews(region, code, today).find((candidate) => candidate.id === id);
  return item === undefined ? json({ error: 'No news item matches the given query.' }, 404) : json(item);
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
