import type { ContentRecord, PageData } from '../ContentRecord.ts';
import type { CmsPage } from '../parse/cmsPage.ts';
import { contentId } from './contentId.ts';
import { type ItemContext, normaliseItem, normaliseOffer, normaliseOrganization } from './ItemContext.ts';
import { inTurns } from './inTurns.ts';

export interface NormalisedPages {
  readonly records: readonly ContentRecord<PageData>[];
  /** Paths of pages whose parent is not in the answer: the CMS leaves such subtrees out, so these became roots. */
  readonly orphans: readonly string[];
}

/** The page tree of one language, joined by path. */
export async function normalisePages(pages: readonly CmsPage[], context: ItemContext): Promise<NormalisedPages> {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const orphans: string[] = [];
  const records = await inTurns(pages, (page) => {
    const parentPath = page.parent?.path;
    if (parentPath !== undefined && !byPath.has(parentPath)) {
      orphans.push(page.path);
    }
    const ancestors = ancestorsOf(page, byPath).map((path) => contentId('page', context.municipality, path));
    return toRecord('page', page, ancestors, context);
  });
  return { records, orphans };
}

/** The imprint: a page on its own. */
export function normaliseImprint(page: CmsPage, context: ItemContext): ContentRecord<PageData> {
  return toRecord('imprint', page, [], context);
}

function toRecord(
  kind: 'page' | 'imprint',
  page: CmsPage,
  ancestorIds: readonly string[],
  context: ItemContext,
): ContentRecord<PageData> {
  return {
    id: contentId(kind, context.municipality, page.path),
    kind,
    path: page.path,
    parentId: ancestorIds.at(-1) ?? null,
    index: kind === 'page' ? { kind, order: page.order, path: page.path } : { kind },
    data: {
      ...normaliseItem(page, context),
      order: page.order,
      ancestorIds,
      organization: normaliseOrganization(page.organization, context),
      embeddedOffers: page.embedded_offers.map((offer) => normaliseOffer(offer, context)),
    },
  };
}

/** Paths from the root down to the parent; a circle is cut where it closes. */
function ancestorsOf(page: CmsPage, byPath: ReadonlyMap<string, CmsPage>): readonly string[] {
  const ancestors: string[] = [];
  const seen = new Set([page.path]);
  let parent = page.parent?.path;
  while (parent !== undefined && byPath.has(parent) && !seen.has(parent)) {
    seen.add(parent);
    ancestors.unshift(parent);
    parent = byPath.get(parent)?.parent?.path;
  }
  return ancestors;
}
