import { decodeHTML } from 'entities';
import { convert } from 'html-to-text';

/** An excerpt of the CMS as plain text: tags go should any be left, entities become their characters. */
export function toExcerpt(excerpt: string): string {
  return decodeHTML(excerpt.replace(/<\/?[a-z][^<>]*>/gi, ''));
}

/** Plain text as HTML: a paragraph for every block, line breaks kept. */
export function toParagraphs(text: string): string {
  return text
    .trim()
    .split(/(?:\r?\n){2,}/)
    .filter((block) => block !== '')
    .map((block) => `<p>${escapeHtml(block).replace(/\r?\n/g, '<br />')}</p>`)
    .join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What titles are sorted by in every language: without case and accents. */
export function sortKeyOf(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase().trim();
}

/** What a screen reader or a search index wants of sanitised HTML: words and line breaks, no addresses of links. */
export function htmlToPlainText(html: string): string {
  return convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'table', options: { uppercaseHeaderCells: false } },
    ],
  });
}
