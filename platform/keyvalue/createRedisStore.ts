import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';

import type { Logger } from '../logger/Logger.ts';
import { connectRedis, type RedisClient, type RedisReply } from './connectRedis.ts';
import type { KeyValueEntry, KeyValueStore } from './KeyValueStore.ts';

export interface RedisStoreOptions {
  /** `redis://` or `rediss://`; `redis+cluster://` or `rediss+cluster://` names one node of a Cluster. */
  readonly url: string;
  readonly logger: Logger;
  /** Put before every key. Another layout of values gets another prefix. Default `civigraph:1:`. */
  readonly keyPrefix?: string;
  /** Longer values are neither written nor believed. Default 4 MiB. */
  readonly maxValueBytes?: number;
  /** Longest wait for an answer. Default 200. */
  readonly commandTimeoutMs?: number;
  /** A number in [0, 1) that spreads expiry and reconnecting. Default Math.random. */
  readonly random?: () => number;
}

/** First character of every value of ours: tells an empty value from none, and a stranger's value from ours. */
const MARK = '=';
/** Values live up to this part shorter than asked for, so that what was written together does not expire together. */
const TTL_JITTER = 0.1;
const FAILURES_BEFORE_BREAK = 5;
/** While an answer is overdue by this much, others do not start to wait too. */
const SLOW_AFTER_MS = 50;
const PROBE_EVERY_MS = 500;
const SAME_WARNING_AFTER_MS = 60_000;

/**
 * A key-value store in Redis. It only ever costs time: a command waits 200 ms at most, and after five failures in a row
 * nobody waits until a ping has been answered.
 */
export function createRedisStore({
  url,
  logger,
  keyPrefix = 'civigraph:1:',
  maxValueBytes = 4 * 1024 * 1024,
  commandTimeoutMs = 200,
  random = Math.random,
}: RedisStoreOptions): KeyValueStore {
  const warnedAt = new Map<string, number>();
  let isReachable = false;
  /** When the calls that wait now were started; insertion order is age. */
  const started = new Set<{ readonly at: number }>();

  const redis = connectRedis({ url, commandTimeoutMs, random, onError: (error) => warn('connection', error) });
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: PROBE_EVERY_MS / 2,
    breaker: new ConsecutiveBreaker(FAILURES_BEFORE_BREAK),
  });
  breaker.onBreak(() => logger.warn({}, 'Redis does not answer; working without it.'));
  breaker.onReset(() => logger.info({}, 'Redis answers again.'));

  // Readers never try a store that was found broken; this does, so that the price of trying is nobody's.
  const probe = setInterval(() => {
    if (breaker.state !== CircuitState.Closed || !isReachable) {
      breaker
        .execute(() => redis.ping())
        .then(
          () => {
            isReachable = true;
          },
          () => {},
        );
    }
  }, PROBE_EVERY_MS);
  probe.unref();

  /** The answer of Redis; undefined when there is none in time. */
  async function ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T | undefined> {
    const [oldest] = started;
    const isSlow = oldest !== undefined && performance.now() - oldest.at > SLOW_AFTER_MS;
    if (breaker.state !== CircuitState.Closed || isSlow) {
      return undefined;
    }
    const call = { at: performance.now() };
    started.add(call);
    try {
      const answer = await breaker.execute(() => command(redis));
      isReachable = true;
      return answer;
    } catch (error) {
      isReachable = false;
      warn('connection', error);
      return undefined;
    } finally {
      started.delete(call);
    }
  }

  function warn(kind: string, error: unknown): void {
    const now = performance.now();
    const last = warnedAt.get(kind);
    if (last === undefined || now - last > SAME_WARNING_AFTER_MS) {
      warnedAt.set(kind, now);
      logger.warn({ err: error, kind }, 'Redis failed; its values count as missing.');
    }
  }

  function toValue(reply: RedisReply): string | undefined {
    return typeof reply.value === 'string' && reply.value.startsWith(MARK) && !isTooLong(reply.value)
      ? reply.value.slice(MARK.length)
      : undefined;
  }

  function isTooLong(value: string): boolean {
    return Buffer.byteLength(value) > maxValueBytes + MARK.length;
  }

  /** Whether something lies under the key that is not a value of ours, so that it would be read in vain again. */
  function isForeign(reply: RedisReply): boolean {
    return reply.error === undefined
      ? reply.value !== '' && toValue(reply) === undefined
      : reply.error.message.startsWith('WRONGTYPE');
  }

  async function remove(keys: readonly string[]): Promise<void> {
    const replies = await ask((client) => client.run(keys.map((key) => ['unlink', keyPrefix + key])));
    noteErrors('delete', replies);
  }

  function noteErrors(kind: string, replies: readonly RedisReply[] = []): void {
    const failed = replies.find(({ error }) => error !== undefined);
    if (failed !== undefined) {
      warn(kind, failed.error);
    }
  }

  return {
    getMany: async (keys) => {
      if (keys.length === 0) {
        return [];
      }
      // GETRANGE brings one byte more than may be, however long the value is, and answers '' where there is none.
      const end = String(maxValueBytes + MARK.length);
      const replies = await ask((client) => client.run(keys.map((key) => ['getrange', keyPrefix + key, '0', end])));
      if (replies === undefined) {
        return keys.map(() => undefined);
      }
      noteErrors('read', replies);
      const foreign = keys.filter((_, index) => isForeign(replies[index] ?? { value: '' }));
      if (foreign.length > 0) {
        void remove(foreign);
      }
      return keys.map((_, index) => toValue(replies[index] ?? { value: '' }));
    },
    setMany: async (entries) => {
      const commands = entries.filter(isWorthKeeping).map(toSet);
      if (commands.length > 0) {
        noteErrors('write', await ask((client) => client.run(commands)));
      }
    },
    deleteMany: async (keys) => {
      if (keys.length > 0) {
        await remove(keys);
      }
    },
    isReachable: () => isReachable,
    close: async () => {
      clearInterval(probe);
      redis.close();
    },
  };

  function isWorthKeeping({ value, ttlSeconds }: KeyValueEntry): boolean {
    return ttlSeconds > 0 && Buffer.byteLength(value) <= maxValueBytes;
  }

  function toSet({ key, value, ttlSeconds }: KeyValueEntry): readonly string[] {
    const ttlMs = Math.max(1, Math.round(ttlSeconds * 1000 * (1 - TTL_JITTER * random())));
    return ['set', keyPrefix + key, MARK + value, 'px', String(ttlMs)];
  }
}
