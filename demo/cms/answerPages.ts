import { type DemoAnswer, json } from '../DemoAnswer.ts';
import type { CmsRegion } from './CmsRegion.ts';
import type { LanguageCode } from './languages.ts';
import { type Page, toWirePage } from './pages.ts';

export interface RegionPages {
  readonly region: CmsRegion;
  readonly pages: readonly Page[];
}

/** `pages/`: all that are public in the language, parents first. */
export function answerPages({ region, pages }: RegionPages, code: LanguageCode): DemoAnswer {
  return json(toWirePages(pages, region, code));
}

/** `page/?id=` or `?url=`. */
export function answerPage({ region, pages }: RegionPages, code: LanguageCode, query: URLSearchParams): DemoAnswer {
  const found = findPage(pages, code, query);
  return found.page === undefined
    ? found.error
    : json({ ...toWirePage(found.page, region, code), slug_history: [found.page.paths.get(code)?.split('/').at(-2)] });
}

/** `children/`: the page asked for and those below it, or the roots when none is. */
export function answerChildren({ region, pages }: RegionPages, code: LanguageCode, query: URLSearchParams): DemoAnswer {
  const depth = Number(query.get('depth') ?? 1);
  if (!Number.isInteger(depth) || depth < 0) {
    return json({ error: 'The depth parameter has to be a number.' }, 400);
  }
  if (!query.has('id') && !query.has('url')) {
    return json(
      toWirePages(
        pages.filter((page) => page.depth < depth),
        region,
        code,
      ),
    );
  }
  const found = findPage(pages, code, query);
  if (found.page === undefined) {
    return found.error;
  }
  const { page: top } = found;
  const below = pages.filter(
    (page) => page.depth <= top.depth + depth && (page === top || ancestorsOf(page).includes(top)),
  );
  return json(toWirePages(below, region, code));
}

/** `parents/`: from the parent up to the root. */
export function answerParents({ region, pages }: RegionPages, code: LanguageCode, query: URLSearchParams): DemoAnswer {
  const found = findPage(pages, code, query);
  return found.page === undefined ? found.error : json(toWirePages(ancestorsOf(found.page), region, code));
}

function toWirePages(pages: readonly Page[], region: CmsRegion, code: LanguageCode) {
  return pages.map((page) => toWirePage(page, region, code)).filter((wire) => wire !== undefined);
}

function ancestorsOf({ parent }: Page): readonly Page[] {
  return parent === undefined ? [] : [parent, ...ancestorsOf(parent)];
}

/** By page id, not by the translation id that the answers carry; or by path or address. */
function findPage(
  pages: readonly Page[],
  code: LanguageCode,
  query: URLSearchParams,
): { readonly page: Page } | { readonly page: undefined; readonly error: DemoAnswer } {
  const id = query.get('id');
  const address = query.get('url');
  if (id !== null) {
    const page = pages.find((candidate) => String(candidate.id) === id && candidate.paths.has(code));
    return page === undefined ? notFound('No Page matches the given url or id.') : { page };
  }
  if (address !== null) {
    const path = `/${address.replace(/^https?:\/\/[^/]+/, '').replace(/^\/+|\/+$/g, '')}/`;
    const page = pages.find((candidate) => candidate.paths.get(code) === decode(path));
    return page === undefined ? notFound('No matching page translation found for url.') : { page };
  }
  return { page: undefined, error: json({ error: 'Either the id or the url parameter is required.' }, 400) };
}

function notFound(error: string) {
  return { page: undefined, error: json({ error }, 404) };
}

/** An address may be sent percent-encoded once more. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path).normalize('NFC');
  } catch {
    return path;
  }
}
