import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { KeyValueStore } from '../../platform/keyvalue/KeyValueStore.ts';

export interface KeyValueStoreUnderTest {
  readonly store: KeyValueStore;
  /** Lets time pass for the store. */
  readonly advance: (milliseconds: number) => Promise<void>;
  readonly dispose?: () => Promise<void>;
}

/** What every key-value store does. */
export function testKeyValueStore(name: string, create: () => Promise<KeyValueStoreUnderTest>): void {
  describe(`KeyValueStore: ${name}`, () => {
    let under: KeyValueStoreUnderTest | undefined;
    let store: KeyValueStore;

    beforeAll(async () => {
      under = await create();
      ({ store } = under);
    });

    afterAll(async () => {
      await under?.store.close();
      await under?.dispose?.();
    });

    it('gives values in the order of the keys, undefined where there is none', async () => {
      await store.setMany([
        { key: 'order:a', value: 'first', ttlSeconds: 60 },
        { key: 'order:b', value: 'second', ttlSeconds: 60 },
      ]);

      expect(await store.getMany(['order:b', 'order:missing', 'order:a', 'order:b'])).toEqual([
        'second',
        undefined,
        'first',
        'second',
      ]);
    });

    it('keeps text byte for byte, the empty one too', async () => {
      const values = ['', '\0', 'Grüße 👋🏽 مرحبا', '{"a":"\\u0000"}', 'x'.repeat(200_000)];
      await store.setMany(values.map((value, index) => ({ key: `text:${index}`, value, ttlSeconds: 60 })));

      expect(await store.getMany(values.map((_, index) => `text:${index}`))).toEqual(values);
    });

    it('takes any text for a key', async () => {
      const keys = ['__proto__', 'constructor', 'with space', 'line\nbreak', 'ключ', ''];
      await store.setMany(keys.map((key) => ({ key, value: `value of ${key}`, ttlSeconds: 60 })));

      expect(await store.getMany(keys)).toEqual(keys.map((key) => `value of ${key}`));
    });

    it('replaces a value', async () => {
      await store.setMany([{ key: 'replaced', value: 'old', ttlSeconds: 60 }]);
      await store.setMany([{ key: 'replaced', value: 'new', ttlSeconds: 60 }]);

      expect(await store.getMany(['replaced'])).toEqual(['new']);
    });

    it('forgets a value when its time to live has passed, and no other', async () => {
      await store.setMany([
        { key: 'short', value: 'gone', ttlSeconds: 0.1 },
        { key: 'long', value: 'here', ttlSeconds: 60 },
      ]);
      expect(await store.getMany(['short'])).toEqual(['gone']);

      await under?.advance(101);

      expect(await store.getMany(['short', 'long'])).toEqual([undefined, 'here']);
    });

    it.each([0, -1])('does not keep what may live %d seconds', async (ttlSeconds) => {
      await store.setMany([{ key: 'dead', value: 'never', ttlSeconds }]);

      expect(await store.getMany(['dead'])).toEqual([undefined]);
    });

    it('deletes, and does not mind what is not there', async () => {
      await store.setMany([{ key: 'deleted', value: 'x', ttlSeconds: 60 }]);

      await store.deleteMany(['deleted', 'never there']);

      expect(await store.getMany(['deleted'])).toEqual([undefined]);
    });

    it('answers a thousand keys at once', async () => {
      const keys = Array.from({ length: 1000 }, (_, index) => `many:${index}`);
      await store.setMany(keys.map((key) => ({ key, value: key, ttlSeconds: 60 })));

      expect(await store.getMany(keys)).toEqual(keys);
    });

    it('does nothing for no keys', async () => {
      await store.setMany([]);
      await store.deleteMany([]);

      expect(await store.getMany([])).toEqual([]);
    });

    it('is reachable', () => {
      expect(store.isReachable()).toBe(true);
    });
  });
}
