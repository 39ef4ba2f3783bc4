import { LRUCache } from 'lru-cache';

/** Operations that clients name by the SHA-256 of their text (automatic persisted queries). */
export interface PersistedOperations {
  /** The text of a hash, as 64 hexadecimal digits; undefined when it is not registered. */
  textOf(sha256Hash: string): string | undefined;
  /** The same for Apollo Server, which checks the hash of a text before it registers it. */
  readonly cache: {
    get(key: string): Promise<string | undefined>;
    set(key: string, text: string): Promise<void>;
    delete(key: string): Promise<boolean>;
  };
}

const BYTES_PER_ENTRY = 200;
/** What Apollo Server puts before a hash. */
const PREFIX = 'apq:';

/** Keeps texts in memory, the least recently used ones go first. `maxBytes`: default 16 MiB. */
export function createPersistedOperations(maxBytes: number = 16 * 1024 * 1024): PersistedOperations {
  const texts = new LRUCache<string, string>({ maxSize: maxBytes });
  const hashOf = (key: string): string => (key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key);
  return {
    textOf: (sha256Hash) => texts.get(sha256Hash),
    cache: {
      get: async (key) => texts.get(hashOf(key)),
      set: async (key, text) => {
        texts.set(hashOf(key), text, { size: BYTES_PER_ENTRY + 2 * text.length });
      },
      delete: async (key) => texts.delete(hashOf(key)),
    },
  };
}
