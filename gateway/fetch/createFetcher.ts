import { createHash } from 'node:crypto';

import type { DocumentNode, GraphQLError } from 'graphql';

import type { Clock } from '../../platform/clock/Clock.ts';
import type { KeyValueEntry, KeyValueStore } from '../../platform/keyvalue/KeyValueStore.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import { isJsonObject, type JsonObject } from '../model/Json.ts';
import type { RequestState } from '../model/RequestState.ts';
import type { SubgraphTransport, TransportAnswer } from '../model/SubgraphTransport.ts';
import { compileShape, pruneTo, type Shape } from './compileShape.ts';
import { createInFlight } from './shareInFlight.ts';

export interface FetcherOptions {
  readonly transports: ReadonlyMap<string, SubgraphTransport>;
  /** Names the supergraph in cache keys: another supergraph reads none of this one's entries. */
  readonly supergraphId: string;
  readonly store: KeyValueStore;
  readonly clock: Clock;
  /** Longest wait for a query or mutation, within the request's deadline. Default 3,000 and 5,000. */
  readonly timeoutMs?: { readonly query: number; readonly mutation: number };
}

/** One Fetch node about to run. */
export interface PreparedFetch {
  readonly subgraph: string;
  readonly document: DocumentNode;
  readonly operation: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation';
  /** How many representations the executor has; undefined for a root fetch. */
  readonly representations: number | undefined;
  /** What the gate left of the fetch. */
  readonly calls: readonly { readonly variables: JsonObject; readonly positions: readonly number[] | undefined }[];
}

/** What a fetch brought: pruned data, and errors whose entity positions are the executor's. */
export interface FetchedAnswer {
  readonly data: JsonObject;
  readonly errors: readonly unknown[];
}

export interface Fetcher {
  fetch(prepared: PreparedFetch, state: RequestState): Promise<FetchedAnswer>;
  close(): Promise<void>;
}

interface CompiledFetch {
  readonly shape: Shape;
  readonly entityShape: Shape;
  readonly keyPrefix: string;
}

/**
 * Runs fetches: entities and root answers that the store still holds, then one request for what is missing, shared with
 * equal ones in flight. What comes back is checked, pruned to the selection and kept as long as the subgraph allows.
 */
export function createFetcher({
  transports,
  supergraphId,
  store,
  clock,
  timeoutMs = { query: 3_000, mutation: 5_000 },
}: FetcherOptions): Fetcher {
  const inFlight = createInFlight<TransportAnswer>();
  const compiled = new WeakMap<DocumentNode, CompiledFetch>();

  function compile({ document, operation, subgraph }: PreparedFetch): CompiledFetch {
    let known = compiled.get(document);
    if (known === undefined) {
      const shape = compileShape(document);
      known = {
        shape,
        entityShape: shape.fields.get('_entities')?.below ?? { fields: new Map() },
        keyPrefix: hash([supergraphId, subgraph, operation]),
      };
      compiled.set(document, known);
    }
    return known;
  }

  async function fetch(prepared: PreparedFetch, state: RequestState): Promise<FetchedAnswer> {
    const { calls, representations } = prepared;
    if (representations === undefined) {
      const [call] = calls;
      return call === undefined ? { data: {}, errors: [] } : fetchRoot(prepared, call.variables, state);
    }
    const entities: unknown[] = new Array(representations).fill(null);
    const parts = await Promise.all(
      calls.map((call) => fetchEntities(prepared, call.variables, call.positions ?? [], state, entities)),
    );
    return { data: { _entities: entities }, errors: parts.flat() };
  }

  async function fetchRoot(
    prepared: PreparedFetch,
    variables: JsonObject,
    state: RequestState,
  ): Promise<FetchedAnswer> {
    const { shape, keyPrefix } = compile(prepared);
    const isQuery = prepared.kind === 'query';
    const key = `${keyPrefix}:${hash(variables)}`;
    const kept = isQuery ? readObject((await store.getMany([key]))[0]) : undefined;
    if (kept !== undefined) {
      return { data: kept, errors: [] };
    }
    const outcome = await sendShared(prepared, variables, state);
    if (outcome.kind === 'failed') {
      return { data: {}, errors: [...shape.fields.keys()].map((name) => withPath(outcome.error, [name])) };
    }
    const { answer } = outcome;
    const data = isJsonObject(answer.data) ? (pruneTo(shape, answer.data, variables) as JsonObject) : {};
    if (isQuery && answer.maxAgeSeconds > 0 && answer.errors === undefined) {
      keep([{ key, value: JSON.stringify(data), ttlSeconds: answer.maxAgeSeconds }]);
    }
    return { data, errors: answer.errors ?? [] };
  }

  /** Fills `entities` at the given positions and returns the errors. */
  async function fetchEntities(
    prepared: PreparedFetch,
    variables: JsonObject,
    positions: readonly number[],
    state: RequestState,
    entities: unknown[],
  ): Promise<readonly unknown[]> {
    const { entityShape, keyPrefix } = compile(prepared);
    const { representations, ...others } = variables;
    const suffix = hash(others);
    const wanted = new Map<string, { representation: unknown; positions: number[] }>();
    (representations as readonly unknown[]).forEach((representation, index) => {
      const key = `${keyPrefix}:${suffix}:${hash(representation)}`;
      const entry = wanted.get(key) ?? { representation, positions: [] };
      wanted.set(key, entry);
      entry.positions.push(positions[index] ?? index);
    });
    const keys = [...wanted.keys()];
    const kept = await store.getMany(keys);
    const missing = keys.filter((key, index) => {
      const entity = readObject(kept[index]);
      return entity === undefined || !place(wanted.get(key)?.positions, () => pruneTo(entityShape, entity, variables));
    });
    if (missing.length === 0) {
      return [];
    }
    const asked = missing.map((key) => wanted.get(key)?.representation);
    const outcome = await sendShared(prepared, { ...others, representations: asked }, state);
    if (outcome.kind === 'failed') {
      return failEverywhere(outcome.error);
    }
    const { data, errors, maxAgeSeconds } = outcome.answer;
    const received: unknown = isJsonObject(data) ? data._entities : undefined;
    if (!Array.isArray(received) || received.length !== missing.length) {
      if (errors !== undefined && (received === undefined || received === null)) {
        return errors;
      }
      const got = Array.isArray(received) ? `${received.length} entities` : 'no list of entities';
      return failEverywhere(
        ERRORS.SUBGRAPH_INVALID_RESPONSE.create(
          `The subgraph "${prepared.subgraph}" answered ${got}, expected ${missing.length}.`,
          {
            subgraph: prepared.subgraph,
          },
        ),
      );
    }
    const entries: KeyValueEntry[] = [];
    missing.forEach((key, index) => {
      const entity: unknown = received[index];
      if (isJsonObject(entity)) {
        place(wanted.get(key)?.positions, () => pruneTo(entityShape, entity, variables));
        entries.push({
          key,
          value: JSON.stringify(pruneTo(entityShape, entity, variables)),
          ttlSeconds: maxAgeSeconds,
        });
      }
    });
    if (maxAgeSeconds > 0 && errors === undefined) {
      keep(entries);
    }
    return (errors ?? []).flatMap((error) =>
      movePath(error, (index) => wanted.get(missing[index] ?? '')?.positions ?? []),
    );

    /** Each position gets a copy of its own: the executor merges into what it is given. */
    function place(at: readonly number[] | undefined, make: () => unknown): boolean {
      for (const position of at ?? []) {
        entities[position] = make();
      }
      return true;
    }

    function failEverywhere(error: GraphQLError): readonly unknown[] {
      const names = [...entityShape.fields.keys()].filter((name) => name !== '__typename');
      return missing
        .flatMap((key) => wanted.get(key)?.positions ?? [])
        .flatMap((position) => names.map((name) => withPath(error, ['_entities', position, name])));
    }
  }

  type Outcome =
    | { readonly kind: 'answered'; readonly answer: TransportAnswer }
    | { readonly kind: 'failed'; readonly error: GraphQLError };

  async function sendShared(prepared: PreparedFetch, variables: JsonObject, state: RequestState): Promise<Outcome> {
    const { subgraph, operation, operationName, kind } = prepared;
    const transport = transports.get(subgraph);
    if (transport === undefined) {
      return {
        kind: 'failed',
        error: ERRORS.SUBGRAPH_UNAVAILABLE.create(`No address is known for the subgraph "${subgraph}".`, { subgraph }),
      };
    }
    const timeLeftMs = Math.min(timeoutMs[kind], state.deadlineAt - clock.now());
    if (timeLeftMs <= 0) {
      return { kind: 'failed', error: ERRORS.SUBGRAPH_TIMEOUT.create('The request ran out of time.', { subgraph }) };
    }
    const send = (signal: AbortSignal) =>
      transport.send({ operation, operationName, kind, variables, timeoutMs: timeLeftMs, signal });
    try {
      const answer =
        kind === 'mutation'
          ? await send(state.signal)
          : await inFlight.share(hash([subgraph, operation, variables]), state.signal, send);
      return { kind: 'answered', answer };
    } catch (error) {
      return { kind: 'failed', error: toRegistered(error, subgraph) };
    }
  }

  /** Writing is nobody's wait: a store that is slow costs no request anything. */
  function keep(entries: readonly KeyValueEntry[]): void {
    void store.setMany(entries);
  }

  return {
    fetch,
    close: async () => {
      await Promise.all([...transports.values()].map((transport) => transport.close()));
    },
  };
}

function toRegistered(error: unknown, subgraph: string): GraphQLError {
  return error instanceof Error && 'extensions' in error
    ? (error as GraphQLError)
    : ERRORS.SUBGRAPH_UNAVAILABLE.create(
        `The subgraph "${subgraph}" could not be reached.`,
        { subgraph },
        { cause: error },
      );
}

function withPath(error: GraphQLError, path: readonly (string | number)[]): unknown {
  return { message: error.message, path, extensions: error.extensions };
}

/** The error at every position that shares the entity with the given index; as it is when it names no entity. */
function movePath(error: unknown, positionsOf: (index: number) => readonly number[]): readonly unknown[] {
  const path: unknown = isJsonObject(error) ? error.path : undefined;
  if (!isJsonObject(error) || !Array.isArray(path) || path[0] !== '_entities' || typeof path[1] !== 'number') {
    return [error];
  }
  return positionsOf(path[1]).map((position) => ({ ...error, path: ['_entities', position, ...path.slice(2)] }));
}

function readObject(text: string | undefined): JsonObject | undefined {
  if (text === undefined) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // whatever wrote that, it is a miss
  }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 27);
}
