import { z } from 'zod';

import { anything, flag, optionalNumber, optionalText } from './cmsValues.ts';

export const cmsLanguage = z.object({
  code: z.string().min(1),
  bcp47_tag: optionalText,
  native_name: optionalText,
  dir: optionalText,
});

export type CmsLanguage = z.infer<typeof cmsLanguage>;

const alias = z.object({ latitude: optionalNumber, longitude: optionalNumber }).catch({
  latitude: undefined,
  longitude: undefined,
});

/** One entry of `regions/`, from any version of the CMS. */
export const cmsRegion = z.object({
  path: z.string().min(1).transform(readSlug),
  name: z.string().min(1),
  prefix: optionalText,
  name_without_prefix: optionalText,
  plz: optionalText,
  live: flag(true),
  latitude: optionalNumber,
  longitude: optionalNumber,
  bounding_box: anything.transform(readBoundingBox),
  aliases: anything.transform(readAliases),
  /** Undefined where the version of the CMS tells languages at `languages/` alone. */
  languages: z
    .array(z.unknown())
    .nullish()
    .transform((entries) => (entries === null || entries === undefined ? undefined : readLanguages(entries))),
  events: flag(true),
  pois: flag(true),
  extras: flag(true),
  push_notifications: flag(true),
  'push-notifications': flag(true),
  external_news: z.boolean().nullish(),
  tunews: z.boolean().nullish(),
});

export type CmsRegion = z.infer<typeof cmsRegion>;

/** Languages that can be read; one broken entry takes no other with it. */
export function readLanguages(entries: readonly unknown[]): readonly CmsLanguage[] {
  return entries.flatMap((entry) => {
    const reading = cmsLanguage.safeParse(entry);
    return reading.success ? [reading.data] : [];
  });
}

function readSlug(path: string): string {
  return path.replaceAll('/', '').normalize('NFC');
}

/** Longitude and latitude of two corners: pairs, or the four numbers in a row. */
function readBoundingBox(value: unknown): readonly [number, number, number, number] | undefined {
  const numbers = Array.isArray(value) ? value.flat() : [];
  const [a, b, c, d] = numbers.map(Number);
  return numbers.length === 4 && a !== undefined && b !== undefined && c !== undefined && d !== undefined
    ? [a, b, c, d]
    : undefined;
}

export interface CmsAlias {
  readonly name: string;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
}

/** An object by name, a list of names, or either of them as JSON text. */
function readAliases(value: unknown): readonly CmsAlias[] {
  const aliases = typeof value === 'string' ? readText(value) : value;
  if (Array.isArray(aliases)) {
    return aliases
      .filter((name) => typeof name === 'string' && name.trim() !== '')
      .map((name: string) => ({ name: name.trim(), latitude: undefined, longitude: undefined }));
  }
  if (typeof aliases !== 'object' || aliases === null) {
    return [];
  }
  return Object.entries(aliases).map(([name, position]) => {
    const { latitude, longitude } = alias.parse(position);
    return { name, latitude, longitude };
  });
}

function readText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.split(',');
  }
}
