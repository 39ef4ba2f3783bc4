import { describe, expect, it } from '@jest/globals';

import { createMemoryStore } from '../../../platform/keyvalue/createMemoryStore.ts';
import { testKeyValueStore } from '../../contracts/keyValueStore.ts';

testKeyValueStore('memory', async () => {
  let now = 1_000_000;
  return {
    store: createMemoryStore({ clock: { now: () => now } }),
    advance: async (milliseconds) => {
      now += milliseconds;
    },
  };
});

describe('createMemoryStore', () => {
  it('drops what was used least recently when it is full', async () => {
    const store = createMemoryStore({ maxBytes: 10_000 });
    const value = 'x'.repeat(1_000); // 2,000 bytes and a little
    for (const key of ['a', 'b', 'c', 'd']) {
      await store.setMany([{ key, value, ttlSeconds: 60 }]);
    }
    await store.getMany(['a']);

    await store.setMany([{ key: 'e', value, ttlSeconds: 60 }]);

    expect(await store.getMany(['a', 'b', 'c', 'd', 'e'])).toEqual([value, undefined, value, value, value]);
  });

  it('does not keep a value larger than itself, nor lose the others for it', async () => {
    const store = createMemoryStore({ maxBytes: 10_000 });
    await store.setMany([{ key: 'small', value: 'x', ttlSeconds: 60 }]);

    await store.setMany([{ key: 'large', value: 'x'.repeat(10_000), ttlSeconds: 60 }]);

    expect(await store.getMany(['small', 'large'])).toEqual(['x', undefined]);
  });
});
