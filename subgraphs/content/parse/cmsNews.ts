import { z } from 'zod';

import { anything, availableLanguages, looseText, optionalText, title, toInstant } from './cmsValues.ts';

/** A push notification (`fcm/`, any version) or an item of `news/`. */
export const cmsNews = z
  .object({
    id: z.union([z.number(), z.string().min(1)]).transform(String),
    title,
    /** Of a push notification: plain text. */
    message: optionalText,
    /** Of a news item: HTML. */
    content: looseText,
    display_date: anything,
    published_at: anything,
    timestamp: anything,
    last_updated: anything,
    source: optionalText,
    externalUrl: optionalText,
    available_languages: availableLanguages,
  })
  .transform((item, context) => {
    const { display_date, published_at, timestamp, last_updated, ...rest } = item;
    const publishedAt = [display_date, published_at, timestamp, last_updated].map(toInstant).find(Boolean);
    const source = readSource(item.source, item.id);
    if (publishedAt === undefined) {
      context.addIssue({ code: 'custom', path: ['display_date'], message: 'Expected a time, also in timestamp' });
      return z.NEVER;
    }
    if (source === undefined) {
      context.addIssue({ code: 'custom', path: ['source'], message: `Unknown source "${item.source}"` });
      return z.NEVER;
    }
    return { ...rest, publishedAt, source, path: undefined };
  });

export type CmsNews = z.infer<typeof cmsNews>;
export type CmsNewsSource = 'local' | 'tunews' | 'amalnews';

/** The source that an item names, else the one before the hyphen of its id; a push notification is local. */
function readSource(source: string | undefined, id: string): CmsNewsSource | undefined {
  const name = (source ?? /^([a-z]+)-/.exec(id)?.[1] ?? 'local').toLowerCase();
  return name === 'local' || name === 'tunews' || name === 'amalnews' ? name : undefined;
}
