import { convert } from 'html-to-text';

/** More than any feed's longest text; what lies beyond is cut before it costs time. */
const MAX_INPUT_LENGTH = 200_000;
/** Markup inside of escaped markup, as deep as feeds have been seen to nest it and then some. */
const MAX_ROUNDS = 5;

const SKIPPED = ['img', 'iframe', 'svg', 'math', 'noscript', 'template', 'object', 'embed', 'form'];
const SELECTORS = [
  ...SKIPPED.map((selector) => ({ selector, format: 'skip' })),
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  { selector: 'a', options: { ignoreHref: true } },
  { selector: 'ul', options: { itemPrefix: '- ' } },
];

/**
 * Text without any markup, escaped markup included, out of what a feed calls text or HTML.
 * Paragraphs become lines; control characters and characters that turn the reading direction over go.
 * Null when nothing is left.
 */
export function toPlainText(text: string | null | undefined, { maxLength }: { maxLength: number }): string | null {
  let plain = removeUnsafeCharacters((text ?? '').slice(0, MAX_INPUT_LENGTH));
  for (let round = 0; round < MAX_ROUNDS && mayHoldMarkup(plain); round += 1) {
    const stripped = strip(plain);
    if (stripped === plain) {
      break;
    }
    plain = removeUnsafeCharacters(stripped);
  }
  if (/<[a-z/!?]/i.test(plain)) {
    plain = plain.replaceAll('<', '');
  }
  const lines = plain.split('\n').map((line) => line.replace(/[^\S\n]+/g, ' ').trim());
  const tidy = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return tidy === '' ? null : cut(tidy, maxLength);
}

/** The same on one line, for titles and names. */
export function toPlainLine(text: string | null | undefined, { maxLength = 300 } = {}): string | null {
  const plain = toPlainText(text, { maxLength: MAX_INPUT_LENGTH });
  return plain === null ? null : cut(plain.replace(/\s+/g, ' '), maxLength);
}

function mayHoldMarkup(text: string): boolean {
  return /[<&]/.test(text);
}

function strip(text: string): string {
  const isHtml = /<(?:p|br|div|ul|ol|li|h[1-6]|table)\b/i.test(text);
  return convert(text, { wordwrap: false, preserveNewlines: !isHtml, selectors: SELECTORS });
}

function removeUnsafeCharacters(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // Bidirectional embeddings, overrides and isolates; the byte order mark; halves of surrogate pairs.
      .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu, '')
      .replace(/[^\P{Cc}\n\t]/gu, ' ')
  );
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) {
    return text;
  }
  const end = /[\ud800-\udbff]/.test(text.charAt(maxLength - 2)) ? maxLength - 2 : maxLength - 1;
  return `${text.slice(0, end).trimEnd()}…`;
}
