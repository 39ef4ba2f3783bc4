import { Cluster, Redis, type RedisOptions } from 'ioredis';

export interface ConnectRedisOptions {
  readonly url: string;
  readonly commandTimeoutMs: number;
  readonly random: () => number;
  /** Told of every failed attempt to connect; the client goes on by itself. */
  readonly onError: (error: Error) => void;
}

/** One reply for each command, in order. The promise rejects when the server cannot be reached. */
export interface RedisClient {
  run(commands: readonly (readonly string[])[]): Promise<readonly RedisReply[]>;
  ping(): Promise<unknown>;
  close(): void;
}

export interface RedisReply {
  readonly value: unknown;
  /** What the server refused: the server itself is well. */
  readonly error?: Error;
}

const CONNECT_TIMEOUT_MS = 1_000;
const MAX_RECONNECT_DELAY_MS = 3_000;
/** A connection on which nothing has come back for so long is given up: the way may be cut without a word. */
const SOCKET_TIMEOUT_MS = 2_000;

/** Begins to connect and returns at once. Commands fail immediately while there is no connection. */
export function connectRedis({ url, commandTimeoutMs, random, onError }: ConnectRedisOptions): RedisClient {
  const options: RedisOptions = {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: commandTimeoutMs,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => toDelay(attempt, random),
    // After a failover the old connection leads to a replica: a new one finds the primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  const redis = url.includes('+cluster://') ? toCluster(url, options, random) : new Redis(url, options);
  redis.on('error', onError);
  redis.connect().catch(() => {}); // 'error' has told, and retryStrategy goes on

  return {
    run: async (commands) => {
      if (redis instanceof Cluster) {
        // Keys of one call lie on several nodes; ioredis sends what is called together as one pipeline to each.
        return Promise.all(commands.map(([name = '', ...values]) => toReply(redis.call(name, ...values))));
      }
      const results = await redis.pipeline(commands.map((command) => [...command])).exec();
      return (results ?? []).map(([error, value]) => {
        if (error !== null && !isRefusal(error)) {
          throw error;
        }
        return error === null ? { value } : { value: undefined, error };
      });
    },
    ping: () => redis.ping(),
    close: () => redis.disconnect(),
  };
}

function toCluster(url: string, redisOptions: RedisOptions, random: () => number): Cluster {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isSecure = protocol.startsWith('rediss');
  const { lazyConnect, enableOfflineQueue, retryStrategy: _, ...nodeOptions } = redisOptions;
  return new Cluster([{ host: hostname, port: port === '' ? 6379 : Number(port) }], {
    lazyConnect: lazyConnect ?? true,
    enableOfflineQueue: enableOfflineQueue ?? false,
    enableAutoPipelining: true,
    maxRedirections: 4, // the time limit of the command ends it earlier
    retryDelayOnFailover: 50,
    clusterRetryStrategy: (attempt) => toDelay(attempt, random),
    redisOptions: {
      ...nodeOptions,
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      ...(isSecure ? { tls: {} } : {}),
    },
  });
}

async function toReply(result: Promise<unknown>): Promise<RedisReply> {
  try {
    return { value: await result };
  } catch (error) {
    if (isRefusal(error)) {
      return { value: undefined, error };
    }
    throw error;
  }
}

function isRefusal(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'ReplyError';
}

/** Doubles from 50 ms, spread over the upper half, so that fifty instances do not come back in step. */
function toDelay(attempt: number, random: () => number): number {
  return Math.min(MAX_RECONNECT_DELAY_MS, 50 * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2);
}
