import type { ContentRecord, PageData } from '../ContentRecord.ts';
import type { CmsPage } from '../parse/cmsPage.ts';
import { contentId } from './contentId.ts';
import { type ItemContext, normaliseItem, normaliseOffer, normaliseOrganization } from './ItemContext.ts';
import { inTurns } from './inTurns.ts';

export interface NormalisedPages {
  readonly records: readonly ContentRecord<PageData>[];
  /** Paths of pages that became roots: their parent is not in the answer, or they are their own ancestors. */
  readonly orphans: readonly string[];
}

/** The page tree of one language, joined by path. */
export async function normalisePages(pages: readonly CmsPage[], context: ItemContext): Promise<NormalisedPages> {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const orphans: string[] = [];
  const records = await inTurns(pages, (page) => {
    const ancestors = ancestorsOf(page, byPath);
    if (ancestors === undefined) {
      orphans.push(page.path);
    }
    const ids = (ancestors ?? []).map((path) => contentId('page', context.municipality, path));
    return toRecord('page', page, ids, context);
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

/** Paths from the root down to the parent; undefined where there is no way up: a missing parent, or a circle. */
function ancestorsOf(page: CmsPage, byPath: ReadonlyMap<string, CmsPage>): readonly string[] | undefined {
  const ancestors: string[] = [];
  let parent = page.parent?.path;
  while (parent !== undefined) {
    const next = byPath.get(parent);
    if (next === undefined || parent === page.path || ancestors.includes(parent)) {
      // Below an orphan the way ends at the orphan, which is a root now.
      return next === undefined && ancestors.length > 0 ? ancestors : undefined;
    }
    ancestors.unshift(parent);
    parent = next.parent?.path;
  }
  return ancestors;
}
