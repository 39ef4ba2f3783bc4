import { createHash } from 'node:crypto';

import { z } from 'zod';
import { toUrl } from '../../../../platform/url/toUrl.ts';

const text = z.string().nullish();
const textOrNumber = z.union([z.string(), z.number()]).nullish();

/** "0" and "1", and what a cleaner release may send instead. */
const flag = z
  .union([z.boolean(), z.literal(0), z.literal(1), z.enum(['0', '1', '', 'true', 'false'])])
  .nullish()
  .transform((value) => value === true || value === 1 || value === '1' || value === 'true');

/** One item as the upstream sends it. `distance` is left out: it belongs to the question, not to the item. */
export const sprungbrettItem = z.object({
  title: z.string().trim().min(1, 'the title is missing'),
  /** The only thing that identifies an item. */
  url: z.string().trim().min(1, 'the url is missing, so that the item has no key'),
  apprenticeship: flag,
  employment: flag,
  company: text,
  street: text,
  zip: textOrNumber,
  city: text,
  lat: textOrNumber,
  lon: textOrNumber,
});

export type SprungbrettItem = z.output<typeof sprungbrettItem>;

/** The key of an item, parsed or not, from its url; undefined when there is none. */
export function keyOfSprungbrett(item: unknown): string | undefined {
  const url = typeof item === 'object' && item !== null && 'url' in item ? item.url : undefined;
  return typeof url === 'string' && url.trim() !== '' ? toKey(url) : undefined;
}

function toKey(url: string): string {
  const trimmed = url.trim();
  const parsed = toUrl(trimmed);
  if (parsed !== undefined) {
    parsed.hash = '';
  }
  return createHash('sha256')
    .update(parsed?.href ?? trimmed)
    .digest('hex')
    .slice(0, 24);
}
