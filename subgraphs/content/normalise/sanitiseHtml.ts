import sanitize from 'sanitize-html';

const TAGS = [
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'div', 'span', 'br', 'hr', 'blockquote', 'pre', 'code', 'address'],
  ...[
    'a',
    'abbr',
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'del',
    'ins',
    'mark',
    'small',
    'sub',
    'sup',
    'bdi',
    'bdo',
    'q',
    'cite',
    'time',
  ],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'details', 'summary', 'section', 'article', 'aside', 'header', 'footer'],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ...['img', 'figure', 'figcaption'],
];

const OPTIONS: sanitize.IOptions = {
  allowedTags: TAGS,
  allowedAttributes: {
    '*': ['dir', 'lang', 'title', 'aria-label', 'aria-hidden'],
    a: ['href', 'target', 'rel', 'hreflang'],
    img: ['src', 'alt', 'width', 'height'],
    ol: ['start', 'type', 'reversed'],
    li: ['value'],
    th: ['colspan', 'rowspan', 'scope', 'headers', 'abbr'],
    td: ['colspan', 'rowspan', 'headers'],
    col: ['span'],
    colgroup: ['span'],
    details: ['open'],
    time: ['datetime'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['http', 'https'] },
  allowProtocolRelative: false,
  // Everything inside these goes too, not only the tag.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'iframe',
    'object',
    'embed',
    'template',
    'svg',
    'math',
    'title',
    'head',
  ],
  nestingLimit: 100,
};

/** HTML reduced to an allow-list; links and images that are relative are resolved against the item's own URL. */
export function sanitiseHtml(html: string, baseUrl: string | null): string {
  if (html === '' || !/[<&>]/.test(html)) {
    return html;
  }
  return sanitize(html, {
    ...OPTIONS,
    transformTags: {
      a: (tagName, attributes) => ({ tagName, attribs: toLink(attributes, baseUrl) }),
      img: (tagName, attributes) => ({ tagName, attribs: withAbsolute(attributes, 'src', baseUrl) }),
    },
  });
}

function toLink(attributes: sanitize.Attributes, baseUrl: string | null): sanitize.Attributes {
  const link = withAbsolute(attributes, 'href', baseUrl);
  return link.target === undefined ? link : { ...link, target: '_blank', rel: 'noopener noreferrer' };
}

function withAbsolute(attributes: sanitize.Attributes, name: string, baseUrl: string | null): sanitize.Attributes {
  const value = attributes[name]?.trim();
  if (value === undefined || baseUrl === null || value.startsWith('#') || /^[a-z][a-z0-9+.-]*:/i.test(value)) {
    return attributes;
  }
  try {
    return { ...attributes, [name]: new URL(value, baseUrl).href };
  } catch {
    return attributes;
  }
}
