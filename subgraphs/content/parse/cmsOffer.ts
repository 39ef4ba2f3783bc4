import { z } from 'zod';

import { anything, optionalText } from './cmsValues.ts';

/** An offer of `extras/`, or one that a page embeds. */
export const cmsOffer = z.object({
  alias: z.string().min(1),
  name: z.string(),
  url: optionalText,
  thumbnail: optionalText,
  /** Null, an object, or the empty list that some versions make of an empty object. */
  post: anything.transform((value): readonly (readonly [string, string])[] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [];
    }
    return Object.entries(value).flatMap(([key, entry]) =>
      typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean'
        ? [[key, String(entry)] as const]
        : [],
    );
  }),
});

export type CmsOffer = z.infer<typeof cmsOffer>;

/** The offers of a page; a broken one is left out, the page stays. */
export const embeddedOffers = anything.transform((value): readonly CmsOffer[] =>
  (Array.isArray(value) ? value : []).flatMap((entry: unknown) => {
    const reading = cmsOffer.safeParse(entry);
    return reading.success ? [reading.data] : [];
  }),
);
