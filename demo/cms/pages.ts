import { DAY_MS, MINUTE_MS, toBerlinIso } from '../berlinTime.ts';
import { seededRandom } from '../seededRandom.ts';
import type { CmsRegion } from './CmsRegion.ts';
import { CMS_LANGUAGES, DEFAULT_LANGUAGE, type LanguageCode } from './languages.ts';
import { toOffer } from './offers.ts';
import { toOrganization } from './organizations.ts';
import { PAGE_TREE, type PageNode } from './pageTree.ts';
import { CMS_HOST, toAddress, writerOf } from './RegionText.ts';
import { escapeHtml, slugify, toExcerpt } from './renderHtml.ts';

/** A page of a region, whatever its languages. */
export interface Page {
  readonly id: number;
  readonly node: PageNode;
  readonly parent: Page | undefined;
  readonly depth: number;
  /** Left edge of the nested set; for roots the number of the tree. */
  readonly order: number;
  readonly updatedAt: number;
  /** Languages in which the page and all pages above it are written, with the path in each. */
  readonly paths: ReadonlyMap<LanguageCode, string>;
}

/** Pages that every region keeps and has translated wherever we have the text. */
const ALWAYS: ReadonlySet<string> = new Set([
  ...PAGE_TREE.map(({ key }) => key),
  'first-steps',
  'registration',
  'apprenticeship',
  'emergency',
]);

/** The tree of a region in the order of the editors, parents first. */
export function createPages(region: CmsRegion, yearStart: number): readonly Page[] {
  const pages: Page[] = [];
  const random = seededRandom(`pages ${region.slug}`);
  // Where many languages are kept up, more is written; a small editorial office leaves pages out.
  const gaps = region.languages.length > 4 ? 0.07 : 0.4;
  const writers = new Map(region.languages.map((code) => [code, writerOf(region, code)]));

  function addPage(node: PageNode, parent: Page | undefined, order: number): number {
    if (!ALWAYS.has(node.key) && random.chance(gaps)) {
      return order; // the editors of this region have no such page
    }
    const paths = new Map<LanguageCode, string>();
    for (const [code, writer] of writers) {
      const text = CMS_LANGUAGES[code].texts.pages[node.key];
      const parentPath = parent === undefined ? `/${region.slug}/${code}/` : parent.paths.get(code);
      const isTranslated =
        code === DEFAULT_LANGUAGE || ALWAYS.has(node.key) || !random.chance(code === 'en' ? 0.03 : 0.1);
      if (text !== undefined && parentPath !== undefined && isTranslated) {
        paths.set(code, `${parentPath}${slugify(writer.title(text))}/`);
      }
    }
    const page: Page = {
      id: region.id * 100 + pages.length + 1,
      node,
      parent,
      depth: parent === undefined ? 0 : parent.depth + 1,
      order,
      updatedAt:
        yearStart - random.integer(700) * DAY_MS + (420 + random.integer(540)) * MINUTE_MS + random.integer(MINUTE_MS),
      paths,
    };
    pages.push(page);
    let left = parent === undefined ? 2 : order + 1;
    for (const child of node.children ?? []) {
      left = addPage(child, page, left);
    }
    return left + 1;
  }
  PAGE_TREE.forEach((node, index) => {
    addPage(node, undefined, region.id * 10 + index + 1);
  });
  return pages;
}

/** A page as the CMS sends it; undefined when it is not public in the language. */
export function toWirePage(page: Page, region: CmsRegion, code: LanguageCode) {
  const path = page.paths.get(code);
  const text = CMS_LANGUAGES[code].texts.pages[page.node.key];
  if (path === undefined || text === undefined) {
    return undefined;
  }
  const title = writerOf(region, code).title(text);
  const html = writerOf(region, code).html(text);
  const image = `${CMS_HOST}/media/regions/${region.id}/${page.node.key}.jpg`;
  const hasImage = page.depth < 2;
  const content = [
    ...(hasImage
      ? [
          `<p><img style="max-width: 100%; height: auto;" src="${image}" alt="${escapeHtml(title)}" width="600" height="400"></p>`,
        ]
      : []),
    html,
    renderContact(region, code),
  ].join('\r\n');
  const parentPath = page.parent?.paths.get(code);
  const offers = region.offers.filter((alias) => page.node.offers?.includes(alias));
  return {
    id: translationId(page, code),
    ...toAddress(path),
    title,
    modified_gmt: new Date(page.updatedAt).toISOString(),
    last_updated: toBerlinIso(page.updatedAt, { milliseconds: true }),
    excerpt: toExcerpt(content),
    content,
    parent:
      page.parent === undefined || parentPath === undefined
        ? { id: 0, url: null, path: null }
        : { id: page.parent.id, ...toAddress(parentPath) },
    order: page.order,
    available_languages: Object.fromEntries(
      [...page.paths]
        .filter(([other]) => other !== code)
        .map(([other, otherPath]) => [other, { id: translationId(page, other), ...toAddress(otherPath) }]),
    ),
    thumbnail: hasImage ? `${CMS_HOST}/media/regions/${region.id}/thumbnails/${page.node.key}.jpg` : null,
    organization: page.node.key === 'advice' || page.node.key === 'language-cafe' ? toOrganization(region) : null,
    embedded_offers: offers.map((alias) => toOffer(alias, region)),
    hash: null,
  };
}

export function renderContact(region: CmsRegion, code: LanguageCode): string {
  const { texts } = CMS_LANGUAGES[code];
  return [
    `<div class="contact" style="border: 1px solid #cccccc; padding: 10px;"><h3>${escapeHtml(texts.contactHeading)}</h3>`,
    `<p>${escapeHtml(texts.office)}<br>${region.street}<br>${region.postcode}&nbsp;${escapeHtml(region.town)}<br>`,
    `<a href="tel:+49${region.phone.replace(/\D/g, '').slice(1)}">${region.phone}</a><br>`,
    `<a href="mailto:${region.mail}">${region.mail}</a></p></div>`,
  ].join('');
}

function translationId(page: Page, code: LanguageCode): number {
  return page.id * 10 + CMS_LANGUAGES[code].wire.id;
}
