import { DAY_MS, toBerlinIso } from '../berlinTime.ts';
import type { CmsRegion } from './CmsRegion.ts';
import { CMS_LANGUAGES, DEFAULT_LANGUAGE, type LanguageCode } from './languages.ts';
import { toAddress, writerOf } from './RegionText.ts';
import { toExcerpt } from './renderHtml.ts';

/** The imprint, in German where it is not translated; an empty list, not null, where there is none. */
export function toWireImprint(region: CmsRegion, code: LanguageCode, yearStart: number) {
  const translated = CMS_LANGUAGES[code].texts.imprint;
  const written = translated === undefined ? DEFAULT_LANGUAGE : code;
  const text = CMS_LANGUAGES[written].texts.imprint;
  if (!region.hasImprint || text === undefined) {
    return [];
  }
  const writer = writerOf(region, written);
  const title = writer.title(text);
  const html = writer.html(text);
  const updatedAt = yearStart - (40 + region.id) * DAY_MS;
  const idIn = (other: LanguageCode) =>
    CMS_LANGUAGES[other].texts.imprint === undefined ? null : region.id * 10 + CMS_LANGUAGES[other].wire.id;
  return {
    id: idIn(code),
    ...toAddress(`/${region.slug}/${code}/disclaimer/`),
    title,
    modified_gmt: new Date(updatedAt).toISOString(),
    last_updated: toBerlinIso(updatedAt, { milliseconds: true }),
    excerpt: toExcerpt(html),
    content: html,
    parent: null,
    available_languages: Object.fromEntries(
      region.languages
        .filter((other) => other !== code)
        .map((other) => [other, { id: idIn(other), ...toAddress(`/${region.slug}/${other}/disclaimer/`) }]),
    ),
    thumbnail: null,
    hash: null,
  };
}
