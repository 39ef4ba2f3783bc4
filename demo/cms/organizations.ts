import type { CmsRegion } from './CmsRegion.ts';
import { CMS_HOST } from './RegionText.ts';

/** The association that answers for some pages and places of every region. */
export function toOrganization(region: CmsRegion) {
  return {
    id: region.id,
    slug: `treffpunkt-${region.slug}`,
    name: `Treffpunkt ${region.name} e. V.`,
    logo: `${CMS_HOST}/media/regions/${region.id}/treffpunkt.png`,
    website: `https://treffpunkt-${region.slug}.example.org/`,
  };
}
