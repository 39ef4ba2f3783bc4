import type { Clock } from '../../platform/clock/Clock.ts';

import { type Day, dayInBerlin } from '../berlinTime.ts';
import { type DemoAnswer, htmlNotFound, json } from '../DemoAnswer.ts';
import { answerNews, answerNewsItem } from './answerNews.ts';
import { answerChildren, answerPage, answerPages, answerParents, type RegionPages } from './answerPages.ts';
import { CMS_REGIONS, type CmsRegion } from './CmsRegion.ts';
import { toCategories } from './categories.ts';
import { type CmsEvent, createEvents, toWireEvents } from './events.ts';
import { toWireImprint } from './imprint.ts';
import type { LanguageCode } from './languages.ts';
import { createLocations, type Location, toWireLocation } from './locations.ts';
import { toWirePushNotifications } from './news.ts';
import { toOffer } from './offers.ts';
import { createPages } from './pages.ts';
import { toWireLanguages, toWireRegion } from './toWireRegion.ts';

const ROOT = '/api/v3/';

/** A region's content on one day. */
interface RegionDay extends RegionPages {
  readonly today: Day;
  readonly yearStart: number;
  readonly locations: readonly Location[];
  readonly events: readonly CmsEvent[];
}

/**
 * The demo CMS: what `GET /api/v3/...` answers, undefined for paths that are not the CMS's.
 *
 * Content depends on the day alone, so whole answers are kept, as bytes, until the day is over.
 */
export function createCms(clock: Clock): (url: URL) => DemoAnswer | undefined {
  let today: Day | undefined;
  let answers = new Map<string, DemoAnswer>();
  let regionDays = new Map<string, RegionDay>();

  function regionDay(region: CmsRegion, day: Day): RegionDay {
    let known = regionDays.get(region.slug);
    if (known === undefined) {
      const yearStart = Date.UTC(new Date(day).getUTCFullYear(), 0, 1);
      const locations = createLocations(region, yearStart);
      const events = createEvents(region, locations, { today: day, yearStart });
      known = { region, today: day, yearStart, pages: createPages(region, yearStart), locations, events };
      regionDays.set(region.slug, known);
    }
    return known;
  }

  return (url) => {
    if (!url.pathname.startsWith(ROOT)) {
      return undefined;
    }
    const day = dayInBerlin(clock.now());
    if (day !== today) {
      today = day;
      answers = new Map();
      regionDays = new Map();
    }
    if (url.search !== '' && !isPlainEventQuery(url)) {
      return answer(url, (region) => regionDay(region, day)); // too many variants to keep
    }
    const key = url.pathname + url.search;
    let kept = answers.get(key);
    if (kept === undefined) {
      kept = answer(url, (region) => regionDay(region, day));
      if (kept.status === 200) {
        answers.set(key, kept);
      }
    }
    return kept;
  };
}

function isPlainEventQuery({ search }: URL): boolean {
  return /^\?combine_recurring(?:=(?:true|True|1|))?$/.test(search);
}

function answer(url: URL, dayOf: (region: CmsRegion) => RegionDay): DemoAnswer {
  if (!url.pathname.endsWith('/')) {
    return { ...htmlNotFound(), status: 301, location: `${url.pathname}/${url.search}` };
  }
  const [first, ...rest] = readSegments(url.pathname);
  if (first === 'regions') {
    return answerRegions(rest);
  }
  const region = CMS_REGIONS.get(first ?? '');
  if (region === undefined) {
    return htmlNotFound();
  }
  const [second, ...endpoint] = rest;
  if (endpoint.length === 0) {
    return answerRegion(region, second);
  }
  const code = region.languages.find((language) => language === second);
  if (code === undefined) {
    return endpoint[0] === 'fcm' ? json([]) : json({ error: 'No language matches the given query.' }, 404);
  }
  return answerContent({ day: dayOf(region), code, endpoint, query: url.searchParams });
}

function answerRegions([slug, ...rest]: readonly string[]): DemoAnswer {
  if (slug === undefined) {
    return json([...CMS_REGIONS.values()].map(toWireRegion));
  }
  const region = CMS_REGIONS.get(slug);
  return region === undefined || rest.length > 0 ? htmlNotFound() : json(toWireRegion(region));
}

function answerRegion(region: CmsRegion, endpoint: string | undefined): DemoAnswer {
  switch (endpoint) {
    case 'languages':
      return json(toWireLanguages(region));
    case 'offers':
    case 'extras':
      return json(region.offers.map((alias) => toOffer(alias, region)));
    default:
      return htmlNotFound();
  }
}

function answerContent({
  day,
  code,
  endpoint,
  query,
}: {
  day: RegionDay;
  code: LanguageCode;
  endpoint: readonly string[];
  query: URLSearchParams;
}): DemoAnswer {
  const { region, today } = day;
  const [name, item, ...rest] = endpoint;
  if (item !== undefined) {
    return name === 'news' && rest.length === 0 ? answerNewsItem(day, code, item) : htmlNotFound();
  }
  switch (name) {
    case 'pages':
      return answerPages(day, code);
    case 'page':
    case 'post':
      return answerPage(day, code, query);
    case 'children':
      return answerChildren(day, code, query);
    case 'parents':
      return answerParents(day, code, query);
    case 'locations':
      return answerLocations(day, code, query);
    case 'location-categories':
      return json(toCategories(code));
    case 'events': {
      const combineRecurring = query.has('combine_recurring');
      return json(day.events.flatMap((event) => toWireEvents(event, region, { code, today, combineRecurring })));
    }
    case 'fcm':
      return json(
        toWirePushNotifications(region, code, today).filter(({ channel }) =>
          ['all', channel].includes(query.get('channel') ?? 'all'),
        ),
      );
    case 'news':
      return answerNews(day, code, query);
    case 'imprint':
    case 'disclaimer':
      return json(toWireImprint(region, code, day.yearStart));
    case 'offers':
    case 'extras':
      return answerRegion(region, name);
    default:
      return htmlNotFound();
  }
}

/** `on_map` takes the words of Python's strtobool. All our places are on the map. */
function answerLocations({ region, locations }: RegionDay, code: LanguageCode, query: URLSearchParams): DemoAnswer {
  const onMap = query.get('on_map')?.toLowerCase();
  if (onMap !== undefined && /^(?:n|no|f|false|off|0)$/.test(onMap)) {
    return json([]);
  }
  if (onMap !== undefined && !/^(?:y|yes|t|true|on|1)$/.test(onMap)) {
    return json({ error: `invalid truth value '${onMap}'` }, 400);
  }
  return json(locations.map((location) => toWireLocation(location, region, code)).filter((wire) => wire !== undefined));
}

function readSegments(pathname: string): readonly string[] {
  try {
    return pathname.slice(ROOT.length, -1).split('/').map(decodeURIComponent);
  } catch {
    return []; // broken percent-encoding names nothing
  }
}
