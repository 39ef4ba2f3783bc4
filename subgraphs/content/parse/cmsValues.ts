import { z } from 'zod';

import { isDateTime } from '../../kit/scalars.ts';

const MAX_TITLE_LENGTH = 1_000;

/** Any value, or none: a key that not every version of the CMS sends. */
export const anything = z.unknown().optional();

/** Text, a number as text, or nothing: null, absent and blank are one. */
export const optionalText = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => {
    const text = value === null || value === undefined ? '' : String(value).trim();
    return text === '' ? undefined : text;
  });

/** Text that may be empty; null and absent are empty. */
export const looseText = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A heading: must be there, may be empty, and is cut where no heading ends. */
export const title = z.string().transform((value) => value.trim().slice(0, MAX_TITLE_LENGTH));

/** A path of the CMS in one form: decoded, NFC, a slash on both ends. */
export const path = z
  .string()
  .refine((value) => value.trim() !== '' && value.length <= 2_000, 'Expected a path')
  .transform(normalisePath);

export const optionalPath = optionalText.transform((value) => (value === undefined ? undefined : normalisePath(value)));

/** A number, also as text; anything else is nothing. */
export const optionalNumber = anything.transform((value) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
});

export function flag(fallback: boolean) {
  return z
    .boolean()
    .nullish()
    .transform((value) => value ?? fallback);
}

/** The id of a translation: number or text; null and absent mark fallbacks and occurrences. */
export const optionalId = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : String(value)));

export interface AvailableLanguage {
  readonly code: string;
  readonly path: string | undefined;
  readonly url: string | undefined;
}

const availableLanguage = z.object({ path: optionalPath, url: optionalText });

/** An object by language code; an empty one may come as a list or null. */
export const availableLanguages = anything.transform((value): readonly AvailableLanguage[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [];
  }
  return Object.entries(value).map(([code, entry]) => {
    const reading = availableLanguage.safeParse(entry);
    return { code, path: reading.data?.path, url: reading.data?.url };
  });
});

/** The later of the two time stamps an item can have. */
export function updatedAtOf(
  item: { readonly last_updated?: unknown; readonly modified_gmt?: unknown },
  context: z.RefinementCtx,
): Date {
  const instant = toInstant(item.last_updated) ?? toInstant(item.modified_gmt);
  if (instant === undefined) {
    context.addIssue({ code: 'custom', path: ['last_updated'], message: 'Expected a time, also in modified_gmt' });
    return z.NEVER;
  }
  return instant;
}

/** What every page, event and location has. Build an object of it and end with `updatedAtOf`. */
export const itemShape = {
  id: optionalId,
  url: optionalText,
  path,
  title,
  modified_gmt: anything,
  last_updated: anything,
  excerpt: looseText,
  content: looseText,
  available_languages: availableLanguages,
  thumbnail: optionalText,
};

export const cmsOrganization = z
  .object({ slug: optionalText, name: optionalText, logo: optionalText, website: optionalText })
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);

/** An instant in ISO 8601; without a zone it is UTC, as older versions of the CMS sent it. */
export function toInstant(value: unknown): Date | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const iso = value
    .trim()
    .replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const zoned = /(?:[Zz]|[+-]\d{2}:\d{2})$/.test(iso) ? iso : `${iso}Z`;
  return isDateTime(zoned) ? new Date(zoned) : undefined;
}

/** `/augsburg/de/willkommen/`, whatever the slashes, the encoding and the Unicode form were. */
export function normalisePath(path: string): string {
  let decoded = path.trim();
  try {
    decoded = decodeURIComponent(decoded);
  } catch {
    // a percent sign of its own stays what it is
  }
  return `/${decoded.normalize('NFC').split('/').filter(Boolean).join('/')}/`;
}
