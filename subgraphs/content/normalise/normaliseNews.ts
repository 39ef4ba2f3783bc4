import type { ContentRecord, NewsData } from '../ContentRecord.ts';
import type { CmsNews } from '../parse/cmsNews.ts';
import { contentId } from './contentId.ts';
import { type ItemContext, normaliseTranslations } from './ItemContext.ts';
import { toParagraphs } from './plainText.ts';
import { sanitiseHtml } from './sanitiseHtml.ts';
import { toUrl } from './toUrl.ts';

/** Push notifications are plain text, in which `<3` and `<Name>` are no tags. */
const HTML_TAG = /<(?:main|p|br|div|span|a|ul|ol|h[1-6]|strong|em|b|i|img|table)\b[^<>]*>/i;

export function normaliseNews(item: CmsNews, context: ItemContext): ContentRecord<NewsData> {
  const text = item.content === '' ? (item.message ?? '') : item.content;
  const publishedAt = item.publishedAt.toISOString();
  const url = toUrl(item.externalUrl);
  return {
    id: contentId('news', context.municipality, `${context.language.code}/${keyOf(item)}`),
    kind: 'news',
    path: null,
    parentId: null,
    index: { kind: 'news', publishedAt, source: item.source },
    data: {
      language: context.language.tag,
      title: item.title,
      html: HTML_TAG.test(text) ? sanitiseHtml(text, url ?? context.cmsUrl) : toParagraphs(text),
      publishedAt,
      source: item.source,
      url,
      translations: normaliseTranslations(item.available_languages, context),
    },
  };
}

/** `local-12`, which `fcm/` writes as 12 or "12". */
function keyOf({ id, source }: CmsNews): string {
  return id.startsWith(`${source}-`) ? id : `${source}-${id}`;
}
