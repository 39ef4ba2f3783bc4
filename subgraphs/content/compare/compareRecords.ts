import { createHash } from 'node:crypto';

import type { ContentRecord } from '../ContentRecord.ts';

/** A record and the hash of its meaning. */
export interface HashedRecord {
  readonly record: ContentRecord;
  readonly hash: string;
}

export interface RecordChanges {
  /** New ones and changed ones. */
  readonly changed: readonly HashedRecord[];
  readonly goneIds: readonly string[];
}

/** What differs from the stored records. The order of keys in the answer does not matter: records have an order of their own. */
export function compareRecords(
  records: readonly ContentRecord[],
  storedHashes: ReadonlyMap<string, string>,
): RecordChanges {
  const ids = new Set(records.map(({ id }) => id));
  return {
    changed: records
      .map((record) => ({ record, hash: hashOf(record) }))
      .filter(({ record, hash }) => storedHashes.get(record.id) !== hash),
    goneIds: [...storedHashes.keys()].filter((id) => !ids.has(id)),
  };
}

export function hashOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
