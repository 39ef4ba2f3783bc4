import { LRUCache } from 'lru-cache';

import { type Clock, systemClock } from '../clock/Clock.ts';
import type { KeyValueStore } from './KeyValueStore.ts';

export interface MemoryStoreOptions {
  /** Bound on keys and values together; the least recently used go first. Default 64 MiB. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

interface Kept {
  readonly value: string;
  readonly expiresAt: number;
}

/** What an entry takes besides its text: the node of the list, the map and the object. An estimate. */
const ENTRY_OVERHEAD_BYTES = 200;

/** A key-value store in this process. */
export function createMemoryStore({
  maxBytes = 64 * 1024 * 1024,
  clock = systemClock,
}: MemoryStoreOptions = {}): KeyValueStore {
  const entries = new LRUCache<string, Kept>({ maxSize: maxBytes });
  return {
    getMany: async (keys) => keys.map(read),
    setMany: async (written) => {
      for (const { key, value, ttlSeconds } of written) {
        if (ttlSeconds > 0) {
          const size = ENTRY_OVERHEAD_BYTES + 2 * (key.length + value.length); // a string may take two bytes a unit
          entries.set(key, { value, expiresAt: clock.now() + ttlSeconds * 1000 }, { size });
        }
      }
    },
    deleteMany: async (keys) => {
      for (const key of keys) {
        entries.delete(key);
      }
    },
    isReachable: () => true,
    close: async () => {
      entries.clear();
    },
  };

  function read(key: string): string | undefined {
    const kept = entries.get(key);
    if (kept === undefined) {
      return undefined;
    }
    if (kept.expiresAt <= clock.now()) {
      entries.delete(key);
      return undefined;
    }
    return kept.value;
  }
}
