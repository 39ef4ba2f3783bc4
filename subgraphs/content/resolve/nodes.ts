import type { Municipality } from '../../../schema/municipalities/Municipality.ts';
import type { EventData, LocationData, NewsData, OfferRecord, PageData } from '../ContentRecord.ts';
import type { ContentContext, Entry } from './ContentContext.ts';

interface EntryNode {
  readonly id: string;
  readonly slug: string;
  readonly parentId: string | null;
}

export type PageNode = EntryNode & PageData;
/** `from`, milliseconds: the occurrence that stands for a recurring event is the first that ends after it. */
export type EventNode = EntryNode & EventData & { readonly from: number };
export type LocationNode = EntryNode & LocationData;
export type NewsNode = EntryNode & NewsData;

export async function loadPage(id: string, context: ContentContext): Promise<PageNode | null> {
  return toPageNode(await context.entries.load(id), context);
}

export function toPageNode(entry: Entry | null, context: ContentContext): PageNode | null {
  return isKind(entry, ['page', 'imprint'], context) ? toNode(entry, entry.data as PageData) : null;
}

export async function loadEvent(id: string, context: ContentContext, from = context.now): Promise<EventNode | null> {
  const entry = await context.entries.load(id);
  return isKind(entry, ['event'], context) ? { ...toNode(entry, entry.data as EventData), from } : null;
}

export async function loadLocation(id: string, context: ContentContext): Promise<LocationNode | null> {
  const entry = await context.entries.load(id);
  return isKind(entry, ['location'], context) ? toNode(entry, entry.data as LocationData) : null;
}

export async function loadNews(id: string, context: ContentContext): Promise<NewsNode | null> {
  const entry = await context.entries.load(id);
  return isKind(entry, ['news'], context) ? toNode(entry, entry.data as NewsData) : null;
}

export async function loadOffer(id: string, context: ContentContext): Promise<OfferRecord | null> {
  const entry = await context.entries.load(id);
  return isKind(entry, ['offer'], context) ? (entry.data as OfferRecord) : null;
}

/** The municipality of a node; nodes are only made for municipalities that the snapshot has. */
export function municipalityOf({ slug }: { readonly slug: string }, { snapshot }: ContentContext): Municipality {
  const municipality = snapshot.municipalities.get(slug);
  if (municipality === undefined) {
    throw new Error(`A node of "${slug}" was made, which the snapshot does not have.`);
  }
  return municipality;
}

/** Content of a municipality that is no longer registered, or no longer in the CMS, is not shown. */
function isKind(entry: Entry | null, kinds: readonly Entry['kind'][], { snapshot }: ContentContext): entry is Entry {
  return (
    entry !== null &&
    kinds.includes(entry.kind) &&
    snapshot.municipalities.get(entry.municipality)?.cmsRegion !== undefined
  );
}

function toNode<Data>({ id, municipality, parentId }: Entry, data: Data): EntryNode & Data {
  return { id, slug: municipality, parentId, ...data };
}
