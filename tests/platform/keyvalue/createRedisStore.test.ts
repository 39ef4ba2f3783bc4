import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, expect, it } from '@jest/globals';

import { createRedisStore, type RedisStoreOptions } from '../../../platform/keyvalue/createRedisStore.ts';
import type { KeyValueStore } from '../../../platform/keyvalue/KeyValueStore.ts';
import { type Logger, silentLogger } from '../../../platform/logger/Logger.ts';
import { testKeyValueStore } from '../../contracts/keyValueStore.ts';
import { describeRedis, findFreePort, startRedis, type TestRedis, until } from '../../support/redis.ts';

describeRedis('createRedisStore on one server', () => {
  testKeyValueStore('Redis', async () => {
    const redis = await startRedis();
    const store = createRedisStore({ url: redis.url, logger: silentLogger });
    await until(store.isReachable);
    return { store, advance: (milliseconds) => delay(milliseconds), dispose: redis.stop };
  });
});

describeRedis('createRedisStore on a cluster', () => {
  testKeyValueStore('Redis Cluster', async () => {
    const redis = await startRedis({ args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] });
    await redis.client.call('cluster', 'addslotsrange', '0', '16383');
    await until(async () => String(await redis.client.call('cluster', 'info')).includes('cluster_state:ok'));
    const store = createRedisStore({ url: redis.url.replace('redis:', 'redis+cluster:'), logger: silentLogger });
    await until(store.isReachable);
    return { store, advance: (milliseconds) => delay(milliseconds), dispose: redis.stop };
  });
});

describeRedis('createRedisStore', () => {
  const disposals: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const dispose of disposals.splice(0)) {
      await dispose();
    }
  });

  async function startTestRedis(options: { port?: number; args?: readonly string[] } = {}): Promise<TestRedis> {
    const redis = await startRedis(options);
    disposals.push(redis.stop);
    return redis;
  }

  function createStore(options: Omit<RedisStoreOptions, 'logger'> & { logger?: Logger }): KeyValueStore {
    const store = createRedisStore({ logger: silentLogger, ...options });
    disposals.unshift(() => store.close());
    return store;
  }

  async function startWithStore(
    options: { args?: readonly string[]; store?: Omit<RedisStoreOptions, 'logger' | 'url'> } = {},
  ): Promise<{ redis: TestRedis; store: KeyValueStore }> {
    const redis = await startTestRedis(options.args === undefined ? {} : { args: options.args });
    const store = createStore({ url: redis.url, ...options.store });
    await until(store.isReachable);
    return { redis, store };
  }

  const one = [{ key: 'a', value: 'kept', ttlSeconds: 60 }];

  async function hits(store: KeyValueStore): Promise<boolean> {
    await store.setMany(one);
    return (await store.getMany(['a']))[0] === 'kept';
  }

  /** Milliseconds of each of so many reads, one after the other. */
  async function timeReads(store: KeyValueStore, count: number): Promise<number[]> {
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const startedAt = performance.now();
      expect(await store.getMany(['a', 'b'])).toEqual([undefined, undefined]);
      times.push(performance.now() - startedAt);
    }
    return times;
  }

  it('starts without a server, answers at once, and hits soon after the server has come (R-01)', async () => {
    const port = await findFreePort();
    const store = createStore({ url: `redis://127.0.0.1:${port}` });

    const times = await timeReads(store, 20);
    await store.setMany(one);
    expect(store.isReachable()).toBe(false);
    expect(Math.max(...times)).toBeLessThan(100);

    await startTestRedis({ port });
    await until(() => hits(store), 5_000);
    expect(store.isReachable()).toBe(true);
  });

  it('starts with a host that has no address (R-01)', async () => {
    const store = createStore({ url: 'redis://nowhere.invalid:6379' });

    expect(await store.getMany(['a'])).toEqual([undefined]);
    expect(store.isReachable()).toBe(false);
  });

  it('misses when the server is killed in mid-flight, and hits again after it is back (R-02)', async () => {
    const { redis, store } = await startWithStore();
    expect(await hits(store)).toBe(true);

    const inFlight = Array.from({ length: 200 }, () => store.getMany(['a']));
    await redis.kill('SIGKILL');
    const answers = await Promise.all(inFlight);
    expect(answers.every(([value]) => value === 'kept' || value === undefined)).toBe(true);
    const times = await timeReads(store, 20);
    expect(Math.max(...times)).toBeLessThan(250);
    expect(times.at(-1)).toBeLessThan(20);
    expect(store.isReachable()).toBe(false);

    await redis.restart();
    await until(() => hits(store), 8_000);
  });

  it('lets a handful of calls wait for a hung server, and none after that (R-03, R-05)', async () => {
    const { redis, store } = await startWithStore();
    expect(await hits(store)).toBe(true);
    await redis.kill('SIGSTOP');

    const times: number[] = [];
    const calls: Promise<void>[] = [];
    for (let index = 0; index < 200; index += 1) {
      const startedAt = performance.now();
      calls.push(
        store.getMany(['a']).then((values) => {
          expect(values).toEqual([undefined]);
          times.push(performance.now() - startedAt);
        }),
      );
      await delay(5); // 200 requests a second
    }
    await Promise.all(calls);

    const waited = times.filter((time) => time > 50);
    expect(waited.length).toBeLessThanOrEqual(25);
    expect(Math.max(...times)).toBeLessThan(450);
    expect(times.slice(-20).every((time) => time < 20)).toBe(true);

    await redis.kill('SIGCONT');
    await until(() => hits(store), 8_000);
  });

  it('counts a slow server as absent (R-04)', async () => {
    const { redis, store } = await startWithStore();
    await store.setMany(one);
    await redis.client.call('client', 'pause', '1500', 'all');

    const [first] = await timeReads(store, 1);

    expect(first).toBeLessThan(400);
    await until(() => hits(store), 8_000);
  });

  it('reads from a server without memory and drops what it should write (R-06)', async () => {
    const { redis, store } = await startWithStore({ args: ['--maxmemory-policy', 'noeviction'] });
    await store.setMany(one);
    await redis.client.call('config', 'set', 'maxmemory', '1');

    await store.setMany([{ key: 'b', value: 'dropped', ttlSeconds: 60 }]);

    expect(await store.getMany(['a', 'b'])).toEqual(['kept', undefined]);
    expect(store.isReachable()).toBe(true);
  });

  it('takes a value of another type or another writer for a miss and removes it (R-08, R-13)', async () => {
    const { redis, store } = await startWithStore({ store: { keyPrefix: 'p:' } });
    await redis.client.lpush('p:list', 'x');
    await redis.client.set('p:foreign', 'written by somebody else');
    await store.setMany(one);

    expect(await store.getMany(['list', 'a', 'foreign'])).toEqual([undefined, 'kept', undefined]);
    await until(async () => (await redis.client.exists('p:list', 'p:foreign')) === 0);
    expect(await redis.client.exists('p:a')).toBe(1);
  });

  it('takes a huge value for a miss without fetching it (R-08)', async () => {
    const { redis, store } = await startWithStore({ store: { keyPrefix: 'p:', maxValueBytes: 1_000 } });
    await redis.client.set('p:huge', `=${'x'.repeat(50_000_000)}`);

    expect(await store.getMany(['huge'])).toEqual([undefined]);
    await until(async () => (await redis.client.exists('p:huge')) === 0);
  });

  it('does not write a value above the cap, counted in bytes', async () => {
    const { redis, store } = await startWithStore({ store: { keyPrefix: 'p:', maxValueBytes: 10 } });

    await store.setMany([
      { key: 'fits', value: 'ääääa', ttlSeconds: 60 },
      { key: 'not', value: 'äääääa', ttlSeconds: 60 },
    ]);

    expect(await redis.client.keys('*')).toEqual(['p:fits']);
    expect(await store.getMany(['fits'])).toEqual(['ääääa']);
  });

  it('misses what another version of the layout wrote (R-09)', async () => {
    const redis = await startTestRedis();
    const older = createStore({ url: redis.url, keyPrefix: 'civigraph:1:' });
    const newer = createStore({ url: redis.url, keyPrefix: 'civigraph:2:' });
    await until(() => older.isReachable() && newer.isReachable());

    await older.setMany(one);

    expect(await newer.getMany(['a'])).toEqual([undefined]);
    expect(await older.getMany(['a'])).toEqual(['kept']);
  });

  it('works on after the server has become a replica and a primary again (R-10)', async () => {
    const { redis, store } = await startWithStore();
    await redis.client.call('replicaof', '127.0.0.1', '1');

    await store.setMany(one);

    expect((await store.getMany(['a']))[0]).toBeUndefined();
    await redis.client.call('replicaof', 'no', 'one');
    await until(() => hits(store), 8_000);
  });

  it('misses when it may not log in, and says so without the password (R-10)', async () => {
    const redis = await startTestRedis();
    await redis.client.call('config', 'set', 'requirepass', 'right');
    const lines: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: ({ err }, message) => lines.push(`${message} ${err instanceof Error ? err.message : String(err)}`),
    };
    const store = createStore({ url: redis.url.replace('//', '//:wrong-secret@'), logger });

    expect(await store.getMany(['a'])).toEqual([undefined]);
    await until(() => lines.length > 0);

    expect(lines.join('\n')).not.toContain('wrong-secret');
    expect(store.isReachable()).toBe(false);
  });

  it('lets values expire up to a tenth early, never late (R-11)', async () => {
    const { redis, store } = await startWithStore({ store: { keyPrefix: 'p:' } });

    await store.setMany(Array.from({ length: 50 }, (_, index) => ({ key: `${index}`, value: 'x', ttlSeconds: 1000 })));

    const times = await Promise.all(Array.from({ length: 50 }, (_, index) => redis.client.pttl(`p:${index}`)));
    expect(Math.max(...times)).toBeLessThanOrEqual(1_000_000);
    expect(Math.min(...times)).toBeGreaterThan(890_000);
    expect(new Set(times).size).toBeGreaterThan(25);
  });

  it('asks in one round trip', async () => {
    const { redis, store } = await startWithStore();
    const before = Number(/total_reads_processed:(\d+)/.exec(await redis.client.info('stats'))?.[1]);

    await store.getMany(Array.from({ length: 100 }, (_, index) => `key:${index}`));

    const after = Number(/total_reads_processed:(\d+)/.exec(await redis.client.info('stats'))?.[1]);
    expect(after - before).toBeLessThanOrEqual(4); // ours, the info command's, and perhaps a ping
  });
});
