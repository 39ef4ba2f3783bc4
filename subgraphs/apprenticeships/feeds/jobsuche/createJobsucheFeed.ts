import { z } from 'zod';

import type { OutboundHttp } from '../../../../platform/outbound/OutboundHttp.ts';
import { describeIssues } from '../describeIssues.ts';
import { type Feed, FeedAnswerError } from '../Feed.ts';
import { fetchJson } from '../fetchJson.ts';
import { normaliseJobsuche } from './normaliseJobsuche.ts';
import { jobsucheItem, keyOfJobsuche } from './parseJobsuche.ts';

const PAGE_SIZE = 100;
/** The upstream answers at most 10,000 items. */
const MAX_PAGES = 100;
/** Items come and go between two pages; fewer than this part of what was announced is not the whole answer. */
const MIN_COMPLETENESS = 0.9;
/** `angebotsart`: training and dual study. */
const TRAINING = '4';

const envelope = z
  .object({
    maxErgebnisse: z.coerce.number().int().min(0),
    ergebnisliste: z.array(z.unknown()).nullish(),
  })
  .refine(({ maxErgebnisse, ergebnisliste }) => maxErgebnisse === 0 || Array.isArray(ergebnisliste), {
    message: 'results are announced, but "ergebnisliste" is missing',
  });

/** The job search of the Bundesagentur für Arbeit, version 6, asked for training places. */
export function createJobsucheFeed({
  url,
  apiKey,
  http,
}: {
  url: string;
  /** The client id of the header X-API-Key; absent: the header is not sent. */
  apiKey: string | undefined;
  http: OutboundHttp;
}): Feed {
  const headers: Record<string, string> = apiKey === undefined || apiKey === '' ? {} : { 'x-api-key': apiKey };
  const endpoint = `${url.replace(/\/+$/, '')}/pc/v6/jobs`;

  return {
    name: 'bundesagentur',
    countries: ['DE'],

    toQuery({ postcode, town, radiusKm }) {
      const place = postcode ?? town;
      return { key: `${place}/${Math.ceil(radiusKm)}`, place, radiusKm: Math.ceil(radiusKm) };
    },

    async fetchItems({ place, radiusKm }, signal) {
      const items: unknown[] = [];
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        // No parameter is ever empty: the upstream refuses `wo=` as a bad request.
        const parameters = new URLSearchParams({
          angebotsart: TRAINING,
          wo: place,
          umkreis: String(radiusKm),
          page: String(page),
          size: String(PAGE_SIZE),
        });
        const answer = await fetchJson({ http, url: `${endpoint}?${parameters}`, headers, envelope, signal });
        const pageItems = answer.ergebnisliste ?? [];
        items.push(...pageItems);
        const isLast = page === MAX_PAGES || pageItems.length === 0 || items.length >= answer.maxErgebnisse;
        if (isLast) {
          assertComplete(items.length, Math.min(answer.maxErgebnisse, MAX_PAGES * PAGE_SIZE));
          return items;
        }
      }
      return items;
    },

    readItem(item) {
      const parsed = jobsucheItem.safeParse(item);
      if (!parsed.success) {
        return { kind: 'rejected', externalId: keyOfJobsuche(item), reason: describeIssues(parsed.error) };
      }
      return { kind: 'accepted', ...normaliseJobsuche(parsed.data) };
    },
  };
}

function assertComplete(received: number, announced: number): void {
  if (received < announced * MIN_COMPLETENESS) {
    throw new FeedAnswerError(`announced ${announced} items, sent ${received}`);
  }
}
