import type { IngestRejection } from '../../../platform/ingest/IngestSource.ts';
import type { ContentKind, ContentRecord } from '../ContentRecord.ts';
import { contentId } from '../normalise/contentId.ts';
import { type ItemContext, normaliseOffer } from '../normalise/ItemContext.ts';
import { inTurns } from '../normalise/inTurns.ts';
import { normaliseEvents } from '../normalise/normaliseEvents.ts';
import { normaliseLocation } from '../normalise/normaliseLocations.ts';
import { normaliseNews } from '../normalise/normaliseNews.ts';
import { normaliseImprint, normalisePages } from '../normalise/normalisePages.ts';
import { cmsEvent } from '../parse/cmsEvent.ts';
import { cmsLocation } from '../parse/cmsLocation.ts';
import { cmsNews } from '../parse/cmsNews.ts';
import { cmsOffer } from '../parse/cmsOffer.ts';
import { cmsPage } from '../parse/cmsPage.ts';
import { type ParseOptions, parseItems } from '../parse/parseItems.ts';
import type { CmsAnswer, CmsClient } from '../source/createCmsClient.ts';

export interface PartReading {
  readonly records: readonly ContentRecord[];
  readonly rejections: readonly IngestRejection[];
  /** Paths of pages that became roots because their parent is not in the answer. */
  readonly orphans: readonly string[];
}

/** Asks the CMS for one kind of content; `language` is a code of the CMS. */
export async function requestPart(
  cms: CmsClient,
  kind: ContentKind,
  region: string,
  language: string,
): Promise<CmsAnswer> {
  switch (kind) {
    case 'page':
      return cms.get([region, language, 'pages']);
    case 'event':
      return cms.get([region, language, 'events'], '?combine_recurring=True');
    case 'location':
      return cms.get([region, language, 'locations']);
    case 'imprint':
      return firstKnown(cms, [
        [region, language, 'imprint'],
        [region, language, 'disclaimer'],
      ]);
    case 'news': // versions before `news/` have the local ones as push notifications alone
      return firstKnown(cms, [
        [region, language, 'news'],
        [region, language, 'fcm'],
      ]);
    case 'offer': // one list under several names, whatever the language
      return firstKnown(cms, [
        [region, language, 'extras'],
        [region, language, 'offers'],
        [region, 'extras'],
        [region, 'offers'],
      ]);
    default:
      return kind satisfies never;
  }
}

/** Parses and normalises one answer. Throws `PayloadError` when it is not what was asked for. */
export async function readPart(
  kind: ContentKind,
  payload: unknown,
  context: ItemContext,
  options: ParseOptions,
): Promise<PartReading> {
  switch (kind) {
    case 'page': {
      const { items, rejections } = parseItems(payload, cmsPage, options);
      const { records, orphans } = await normalisePages(items, context);
      return withoutDoubles({ records, rejections, orphans }, options);
    }
    case 'imprint': {
      // An empty list stands for no imprint.
      const list = Array.isArray(payload) ? payload : [payload];
      const { items, rejections } = parseItems(list, cmsPage, options);
      const records = items.slice(0, 1).map((item) => normaliseImprint(item, context));
      return { records, rejections, orphans: [] };
    }
    case 'event': {
      const { items, rejections } = parseItems(payload, cmsEvent, options);
      return withoutDoubles({ records: await normaliseEvents(items, context), rejections, orphans: [] }, options);
    }
    case 'location': {
      const { items, rejections } = parseItems(payload, cmsLocation, options);
      const records = await inTurns(items, (item) => normaliseLocation(item, context));
      return withoutDoubles({ records, rejections, orphans: [] }, options);
    }
    case 'news': {
      const { items, rejections } = parseItems(payload, cmsNews, options);
      const records = await inTurns(items, (item) => normaliseNews(item, context));
      return withoutDoubles({ records, rejections, orphans: [] }, options);
    }
    case 'offer': {
      const schema = cmsOffer.transform((offer) => ({ offer, path: undefined }));
      const { items, rejections } = parseItems(payload, schema, options);
      const records = items.map(
        ({ offer }, order): ContentRecord => ({
          id: contentId('offer', context.municipality, offer.alias),
          kind,
          path: null,
          parentId: null,
          index: { kind, order },
          data: normaliseOffer(offer, context),
        }),
      );
      return withoutDoubles({ records, rejections, orphans: [] }, options);
    }
    default:
      return kind satisfies never;
  }
}

async function firstKnown(cms: CmsClient, paths: readonly (readonly string[])[]): Promise<CmsAnswer> {
  let last: CmsAnswer = { kind: 'missing', reason: '404: no path to ask', isArchived: false };
  for (const path of paths) {
    last = await cms.get(path);
    if (last.kind !== 'missing') {
      break;
    }
  }
  return last;
}

/** Two items with one path, or one id, are one: the newer stays, the other is reported. */
function withoutDoubles(reading: PartReading, { part }: ParseOptions): PartReading {
  const byId = new Map<string, ContentRecord>();
  const rejections = [...reading.rejections];
  for (const record of reading.records) {
    const earlier = byId.get(record.id);
    if (earlier !== undefined) {
      rejections.push({ part, key: record.path ?? record.id, reason: 'comes twice; the newer one was kept' });
    }
    if (earlier === undefined || ageOf(record) >= ageOf(earlier)) {
      byId.set(record.id, record);
    }
  }
  return { ...reading, records: [...byId.values()], rejections };
}

function ageOf({ data }: ContentRecord): string {
  return 'updatedAt' in data ? data.updatedAt : 'publishedAt' in data ? data.publishedAt : '';
}
