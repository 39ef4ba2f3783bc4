import { createHash } from 'node:crypto';

import type { ApprenticeshipRecord } from '../ApprenticeshipRecord.ts';

/** Equal for records that readers cannot tell apart. Normalising writes the fields in one order always. */
export function contentHash({ modifiedAt: _unread, ...content }: ApprenticeshipRecord): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
