import { z } from 'zod';

import { embeddedOffers } from './cmsOffer.ts';
import { cmsOrganization, itemShape, optionalNumber, optionalPath, updatedAtOf } from './cmsValues.ts';

/** A page, or the imprint, which has fewer fields. */
export const cmsPage = z
  .object({
    ...itemShape,
    /** Join by its path: its id numbers pages, the item's own id translations. */
    parent: z.object({ path: optionalPath }).nullish().catch(undefined),
    order: optionalNumber.transform((order) => Math.trunc(order ?? 0)),
    organization: cmsOrganization,
    embedded_offers: embeddedOffers,
  })
  .transform((item, context) => ({ ...item, updatedAt: updatedAtOf(item, context) }));

export type CmsPage = z.infer<typeof cmsPage>;
