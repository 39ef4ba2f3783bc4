import { createHash } from 'node:crypto';

import type { ContentKind } from '../ContentRecord.ts';

/**
 * An id that stays as long as municipality and path do. The CMS's own ids number translations, differ between
 * installations and are null for fallbacks and occurrences.
 */
export function contentId(kind: ContentKind, municipality: string, key: string): string {
  const digest = createHash('sha256').update(`${kind}\n${municipality}\n${key}`).digest('base64url');
  return `${kind}-${digest.slice(0, 22)}`;
}
