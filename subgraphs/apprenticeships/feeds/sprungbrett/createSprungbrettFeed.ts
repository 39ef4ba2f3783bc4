import { z } from 'zod';

import type { OutboundHttp } from '../../../../platform/outbound/OutboundHttp.ts';
import { describeIssues } from '../describeIssues.ts';
import { type Feed, FeedAnswerError } from '../Feed.ts';
import { fetchJson } from '../fetchJson.ts';
import { normaliseSprungbrett } from './normaliseSprungbrett.ts';
import { keyOfSprungbrett, sprungbrettItem } from './parseSprungbrett.ts';

/** Ten times what the largest town has been seen to have. */
const MAX_PAGES = 50;

/** `total` is not read: it counts more than the answer holds even where the pager knows one page only. */
const envelope = z.object({
  pager: z.object({ current: z.coerce.number().int(), max: z.coerce.number().int().min(0) }).nullish(),
  results: z.array(z.unknown()),
});

/** Sprungbrett into work: internships and apprenticeships of companies that look for refugees. */
export function createSprungbrettFeed({ url, http }: { url: string; http: OutboundHttp }): Feed {
  return {
    name: 'sprungbrett',
    countries: ['DE'],

    // The upstream takes no radius: it decides itself what is near.
    toQuery({ postcode, town, radiusKm }) {
      const place = postcode ?? town;
      return { key: place, place, radiusKm };
    },

    async fetchItems({ place }, signal) {
      const items: unknown[] = [];
      let firstPage: number | undefined;
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const address = new URL(url);
        address.searchParams.set('location', place);
        address.searchParams.set('page', String(page));
        const { pager, results } = await fetchJson({ http, url: address.href, envelope, signal });
        if (page > 1 && pager?.current === firstPage) {
          throw new FeedAnswerError(`answered page ${firstPage} again when asked for page ${page}`);
        }
        firstPage ??= pager?.current;
        items.push(...results);
        if (page >= (pager?.max ?? 1)) {
          return items;
        }
      }
      throw new FeedAnswerError(`has more than ${MAX_PAGES} pages`);
    },

    readItem(item) {
      const parsed = sprungbrettItem.safeParse(item);
      return parsed.success
        ? { kind: 'accepted', ...normaliseSprungbrett(parsed.data) }
        : { kind: 'rejected', externalId: keyOfSprungbrett(item), reason: describeIssues(parsed.error) };
    },
  };
}
