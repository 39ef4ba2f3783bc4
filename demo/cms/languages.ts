import { ARABIC } from '../texts/arabic.ts';
import { ENGLISH } from '../texts/english.ts';
import { FRENCH } from '../texts/french.ts';
import { GERMAN } from '../texts/german.ts';
import type { LanguageTexts } from '../texts/LanguageTexts.ts';
import { PERSIAN } from '../texts/persian.ts';
import { TURKISH } from '../texts/turkish.ts';
import { UKRAINIAN } from '../texts/ukrainian.ts';

export type LanguageCode = 'de' | 'en' | 'ar' | 'uk' | 'fa' | 'tr' | 'fr';

/** A language as the CMS describes it, and what is written in it. */
export interface CmsLanguage {
  readonly wire: {
    readonly id: number;
    readonly code: LanguageCode;
    readonly bcp47_tag: string;
    readonly native_name: string;
    readonly dir: 'LEFT_TO_RIGHT' | 'RIGHT_TO_LEFT';
  };
  readonly texts: LanguageTexts;
}

export const DEFAULT_LANGUAGE: LanguageCode = 'de';

export const CMS_LANGUAGES: Readonly<Record<LanguageCode, CmsLanguage>> = {
  de: language(1, 'de', 'de-DE', 'Deutsch', GERMAN),
  en: language(2, 'en', 'en-GB', 'English', ENGLISH),
  ar: language(3, 'ar', 'ar-arb', 'العربية', ARABIC, 'RIGHT_TO_LEFT'),
  fa: language(4, 'fa', 'fa-IR', 'فارسی', PERSIAN, 'RIGHT_TO_LEFT'),
  uk: language(5, 'uk', 'uk-UA', 'Українська', UKRAINIAN),
  tr: language(6, 'tr', 'tr-TR', 'Türkçe', TURKISH),
  fr: language(7, 'fr', 'fr-FR', 'Français', FRENCH),
};

function language(
  id: number,
  code: LanguageCode,
  bcp47_tag: string,
  native_name: string,
  texts: LanguageTexts,
  dir: CmsLanguage['wire']['dir'] = 'LEFT_TO_RIGHT',
): CmsLanguage {
  return { wire: { id, code, bcp47_tag, native_name, dir }, texts };
}
