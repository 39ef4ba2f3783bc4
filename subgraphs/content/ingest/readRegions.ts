import type { IngestRejection } from '../../../platform/ingest/IngestSource.ts';
import { type CmsLanguage, type CmsRegion, cmsRegion, readLanguages } from '../parse/cmsRegion.ts';
import { explain } from '../parse/parseItems.ts';
import type { CmsAnswer, CmsClient } from '../source/createCmsClient.ts';

export interface RegionList {
  /** By slug. */
  readonly regions: ReadonlyMap<string, CmsRegion>;
  readonly rejections: readonly IngestRejection[];
  /** Why there is no list; regions can then still be asked for one by one, unless the CMS does not answer at all. */
  readonly failure: string | undefined;
  readonly isDown: boolean;
}

export type RegionReading =
  | { readonly kind: 'region'; readonly region: CmsRegion; readonly languages: readonly CmsLanguage[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** All active and hidden regions; archived ones are not in the list. */
export async function readRegionList(cms: CmsClient): Promise<RegionList> {
  const answer = await cms.get(['regions']);
  const payload = answer.kind === 'payload' ? answer.payload : undefined;
  if (!Array.isArray(payload)) {
    const reason = answer.kind === 'payload' ? 'expected a list of regions' : answer.reason;
    return { regions: new Map(), rejections: [], failure: reason, isDown: answer.kind === 'failed' };
  }
  const regions = new Map<string, CmsRegion>();
  const rejections: IngestRejection[] = [];
  for (const raw of payload as unknown[]) {
    const reading = cmsRegion.safeParse(raw);
    if (reading.success) {
      regions.set(reading.data.path, reading.data);
    } else {
      const slug: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'path') : undefined;
      rejections.push({ part: 'regions', key: String(slug ?? '?'), reason: explain(reading.error) });
    }
  }
  return { regions, rejections, failure: undefined, isDown: false };
}

/** A region with its languages, which older versions of the CMS tell at `languages/` alone. */
export async function readRegion(cms: CmsClient, slug: string, list: RegionList): Promise<RegionReading> {
  let region = list.regions.get(slug.normalize('NFC'));
  if (region === undefined) {
    const answer = await cms.get(['regions', slug]);
    if (answer.kind !== 'payload') {
      return { kind: 'failed', reason: explainMissing(slug, answer) };
    }
    const reading = cmsRegion.safeParse(answer.payload);
    if (!reading.success) {
      return { kind: 'failed', reason: `the region cannot be read: ${explain(reading.error)}` };
    }
    region = reading.data;
  }
  if (region.languages !== undefined) {
    return { kind: 'region', region, languages: region.languages };
  }
  const answer = await cms.get([slug, 'languages']);
  if (answer.kind !== 'payload' || !Array.isArray(answer.payload)) {
    return { kind: 'failed', reason: `languages: ${answer.kind === 'payload' ? 'expected a list' : answer.reason}` };
  }
  return { kind: 'region', region, languages: readLanguages(answer.payload) };
}

function explainMissing(slug: string, answer: Exclude<CmsAnswer, { kind: 'payload' }>): string {
  if (answer.kind === 'failed') {
    return answer.reason;
  }
  return answer.isArchived
    ? `the CMS has archived the region "${slug}"; what was stored stays until the municipality's file says "cms: false"`
    : `the CMS knows no region "${slug}"; name the right one under "cms" in the municipality's file`;
}
