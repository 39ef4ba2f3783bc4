/**
 * The form in which names and search words are compared: lower case, without accents, single spaces.
 * Stored columns hold this form, so a change here needs a migration that folds them again.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/\s+/g, ' ')
    .trim();
}
