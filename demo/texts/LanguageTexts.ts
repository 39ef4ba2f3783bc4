/** Title and text of one content; the text is in the small markup that renderHtml.ts reads. */
export type Text = readonly [title: string, text: string];

/**
 * Everything that the demo CMS says in one language. A key that is missing is not translated.
 *
 * Placeholders: {place} is the bare name, {inPlace} the name with its preposition,
 * {InPlace} the same at the beginning of a sentence, {name} the name with its prefix,
 * {office}, {street}, {phone} and {mail} are the contact of the municipality's integration office.
 */
export interface LanguageTexts {
  readonly inCity: string;
  readonly inDistrict: string;
  readonly office: string;
  readonly contactHeading: string;
  readonly pages: Readonly<Record<string, Text>>;
  readonly events: Readonly<Record<string, Text>>;
  readonly locations: Readonly<Record<string, Text>>;
  readonly categories: Readonly<Record<string, string>>;
  readonly news: Readonly<Record<string, Text>>;
  readonly imprint?: Text;
}
