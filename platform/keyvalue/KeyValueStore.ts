/**
 * A cache of byte strings that forgets. A store that is down, hung or full answers like an empty one: reads miss,
 * writes are dropped, nothing throws and nothing waits longer than the store's own short deadline.
 */
export interface KeyValueStore {
  /** One value per key, in the order of the keys; `undefined` where there is none. One round trip. */
  getMany(keys: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** Keeps each value for its time to live; entries with `ttlSeconds` <= 0 are not kept. One round trip. */
  setMany(entries: readonly KeyValueEntry[]): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  /** For health: whether the last call reached the store. */
  isReachable(): boolean;
  close(): Promise<void>;
}

export interface KeyValueEntry {
  readonly key: string;
  readonly value: string;
  readonly ttlSeconds: number;
}
