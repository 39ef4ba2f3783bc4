import { createHash } from 'node:crypto';
import { type ASTNode, GraphQLError, Kind, type NameNode, parse, print, type SelectionNode, visit } from 'graphql';

import type { Clock } from '../../platform/clock/Clock.ts';
import type { KeyValueEntry, KeyValueStore } from '../../platform/keyvalue/KeyValueStore.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { Departure } from '../model/Departure.ts';
import type { FetchFacts } from '../model/FetchObserver.ts';
import { isJsonObject, type JsonObject } from '../model/Json.ts';
import type { RequestState } from '../model/RequestState.ts';
import type { BodyFetch, SubgraphAnswer, SubgraphBytes } from '../model/SubgraphFetch.ts';
import type { BytesAnswer, SubgraphTransport, TransportAnswer } from '../model/SubgraphTransport.ts';
import { createInFlight } from './shareInFlight.ts';

export interface FetcherOptions {
  readonly transports: ReadonlyMap<string, SubgraphTransport>;
  /** Names the supergraph in cache keys: another supergraph reads none of this one's entries. */
  readonly supergraphId: string;
  /** Absent: nothing is kept. */
  readonly store?: KeyValueStore | undefined;
  /** Equal fetches in flight run once. Default true. */
  readonly sharesFetches?: boolean;
  readonly clock: Clock;
  /** Longest wait for a query or mutation, within the request's deadline. Default 3,000 and 5,000. */
  readonly timeoutMs?: { readonly query: number; readonly mutation: number };
}

/** One fetch about to run. */
export interface PreparedFetch {
  readonly subgraph: string;
  readonly operation: string;
  readonly operationName: string | undefined;
  readonly kind: 'query' | 'mutation';
  /** Stands for the operation in every execution: what is computed of its text is kept with it. */
  readonly identity: object;
  /**
   * What the gate left of the fetch. `positions` are those of the representations that a call carries; undefined: the call
   * is the whole fetch. No call at all: nothing is asked.
   */
  readonly calls: readonly { readonly variables: JsonObject; readonly positions: readonly number[] | undefined }[];
  /** Representations of the whole fetch, sent or not. */
  readonly representations: number;
  /** Noted while it runs, for those who watch. */
  readonly facts?: FetchFacts | undefined;
}

export interface Fetcher {
  /** Resolves with what the subgraph sent, nothing of it pruned; rejects with an error of the register when there is no answer. */
  fetch(prepared: PreparedFetch, state: RequestState): Promise<SubgraphAnswer>;
  /** The same for a body that is written already. Absent where answers are kept or a subgraph needs no bytes. */
  readonly fetchBytes:
    | ((fetch: BodyFetch, state: Omit<RequestState, 'disabled'>) => Promise<SubgraphBytes>)
    | undefined;
  close(): Promise<void>;
}

/** What is known of an operation's text. */
interface KnownOperation {
  readonly keyPrefix: string;
  /** Its `_entities` fields; none: it asks a root type. */
  readonly entityFields: readonly EntityField[];
}

interface EntityField {
  readonly responseName: string;
  /** The variable that holds its representations. */
  readonly variable: string;
  readonly keyPrefix: string;
}

/** Entities of one `_entities` field that are asked for, each once. */
interface Wanted {
  readonly field: EntityField;
  readonly entities: (unknown | null)[];
  /** By cache key: where in `entities` it belongs. */
  readonly missing: Map<string, { readonly representation: unknown; readonly positions: number[] }>;
}

/**
 * Runs fetches: what the store still holds, then one request for what is missing, shared with an equal one in flight.
 * An answer without errors is kept, entity by entity, for as long as the subgraph allows, a day at most.
 */
export function createFetcher({
  transports,
  supergraphId,
  store,
  sharesFetches = true,
  clock,
  timeoutMs = { query: 3_000, mutation: 5_000 },
}: FetcherOptions): Fetcher {
  const inFlight = createInFlight<TransportAnswer>();
  const bytesInFlight = createInFlight<BytesAnswer>((answer, callers) => answer.shareAmong(callers));
  const operations = new WeakMap<object, KnownOperation>();

  function know({ identity, subgraph, operation }: PreparedFetch): KnownOperation {
    let known = operations.get(identity);
    if (known === undefined) {
      known = readOperation(operation, [supergraphId, subgraph]);
      operations.set(identity, known);
    }
    return known;
  }

  async function fetch(prepared: PreparedFetch, state: RequestState): Promise<SubgraphAnswer> {
    const { calls } = prepared;
    const { entityFields } = know(prepared);
    const [first, ...others] = calls;
    if (first !== undefined && first.positions === undefined) {
      return entityFields.length === 0
        ? fetchRoot(prepared, first.variables, state)
        : fetchEntities(prepared, first.variables, state);
    }
    const responseName = entityFields[0]?.responseName;
    if (responseName === undefined) {
      return { data: {} };
    }
    // The gate left some representations out or asks differently for some: each call fills its own positions.
    const entities: unknown[] = new Array(prepared.representations).fill(null);
    const errors = await Promise.all(
      calls.map(async ({ variables, positions = [] }): Promise<readonly unknown[]> => {
        try {
          const answer = await fetchEntities(prepared, variables, state);
          const received: unknown = isJsonObject(answer.data) ? answer.data[responseName] : undefined;
          positions.forEach((position, index) => {
            entities[position] = Array.isArray(received) ? received[index] : null;
          });
          return (answer.errors ?? []).map((error) => moveEntityError(error, (index) => positions[index] ?? index));
        } catch (error) {
          if (!(error instanceof GraphQLError) || others.length === 0) {
            throw error;
          }
          const { message, extensions } = error;
          return positions.map((position) => ({ message, extensions, path: [responseName, position] }));
        }
      }),
    );
    return { data: { [responseName]: entities }, errors: errors.flat() };
  }

  async function fetchRoot(
    prepared: PreparedFetch,
    variables: JsonObject,
    state: RequestState,
  ): Promise<SubgraphAnswer> {
    if (prepared.kind === 'mutation') {
      return send(prepared, variables, state);
    }
    if (store === undefined) {
      return send(prepared, variables, state);
    }
    // Lists of municipalities follow their files, so what was answered before a change of those counts no more.
    const key = `${know(prepared).keyPrefix}:${state.snapshot?.id ?? ''}:${hash(variables)}`;
    const data = readObject((await store.getMany([key]))[0]);
    if (data !== undefined) {
      note(prepared.facts, 'kept', 1);
      return { data };
    }
    const answer = await send(prepared, variables, state);
    if (isJsonObject(answer.data)) {
      keep([{ key, value: JSON.stringify(answer.data), ttlSeconds: toTtlSeconds(answer) }], answer);
    }
    return answer;
  }

  async function fetchEntities(
    prepared: PreparedFetch,
    variables: JsonObject,
    state: RequestState,
  ): Promise<SubgraphAnswer> {
    if (store === undefined) {
      return send(prepared, variables, state);
    }
    const { entityFields } = know(prepared);
    const others = Object.fromEntries(
      Object.entries(variables).filter(([name]) => !entityFields.some(({ variable }) => variable === name)),
    );
    const wanted = entityFields.map((field) => toWanted(field, variables[field.variable], hash(others)));
    await fillFromStore(wanted, prepared.facts);
    if (wanted.every(({ missing }) => missing.size === 0)) {
      return { data: toData(wanted) };
    }
    const asked = wanted.map(
      ({ field, missing }) =>
        [field.variable, [...missing.values()].map(({ representation }) => representation)] as const,
    );
    const answer = await send(prepared, { ...others, ...Object.fromEntries(asked) }, state);
    const entries: KeyValueEntry[] = [];
    for (const each of wanted) {
      const received: unknown = isJsonObject(answer.data) ? answer.data[each.field.responseName] : undefined;
      if (Array.isArray(received) && received.length === each.missing.size) {
        entries.push(...place(each, received, toTtlSeconds(answer)));
      } else if (each.missing.size > 0) {
        return refuseAnswer(prepared, received, each.missing.size, answer);
      }
    }
    keep(entries, answer);
    const errors = (answer.errors ?? []).flatMap((error) => toEveryPosition(error, wanted));
    return { data: toData(wanted), errors };
  }

  async function fillFromStore(wanted: readonly Wanted[], facts: FetchFacts | undefined): Promise<void> {
    const keys = wanted.flatMap(({ missing }) => [...missing.keys()]);
    const kept = (await store?.getMany(keys)) ?? [];
    const found = new Map(keys.map((key, index) => [key, readObject(kept[index])]));
    for (const { entities, missing } of wanted) {
      for (const [key, { positions }] of [...missing]) {
        const entity = found.get(key);
        if (entity !== undefined) {
          missing.delete(key);
          note(facts, 'kept', positions.length);
          for (const position of positions) {
            entities[position] = entity;
          }
        }
      }
    }
  }

  async function send(prepared: PreparedFetch, variables: JsonObject, state: RequestState): Promise<TransportAnswer> {
    const { subgraph, operation, operationName, kind, facts } = prepared;
    const trace = state.trace?.headers;
    const { transport, timeLeftMs } = wayTo(subgraph, kind, state);
    let isOwn = false;
    const request = (signal: Departure) => {
      isOwn = true;
      return transport.send({ operation, operationName, kind, variables, timeoutMs: timeLeftMs, trace, signal });
    };
    try {
      return kind === 'mutation' || !sharesFetches
        ? await request(state.signal)
        : await inFlight.share(`${subgraph}\n${operation}\n${JSON.stringify(variables)}`, state.signal, request);
    } catch (error) {
      throw toRegistered(error, subgraph);
    } finally {
      note(facts, isOwn ? 'sent' : 'shared', 1);
    }
  }

  /** The way of most fetches: nothing is made here for it that is not needed. */
  function sendText(
    { subgraph, kind, body }: BodyFetch,
    state: Omit<RequestState, 'disabled'>,
  ): Promise<SubgraphBytes> {
    try {
      const { transport, timeLeftMs } = wayTo(subgraph, kind, state);
      const trace = state.trace?.headers;
      if (transport.sendBytes === undefined) {
        throw new Error('No bytes travel to this subgraph.');
      }
      if (kind === 'mutation' || !sharesFetches) {
        return transport.sendBytes({ body, kind, timeoutMs: timeLeftMs, trace, signal: state.signal });
      }
      const { sendBytes } = transport;
      return bytesInFlight
        .share(`${subgraph}\n${body}`, state.signal, (signal) =>
          sendBytes({ body, kind, timeoutMs: timeLeftMs, trace, signal }),
        )
        .catch((error) => {
          throw toRegistered(error, subgraph);
        });
    } catch (error) {
      return Promise.reject(toRegistered(error, subgraph));
    }
  }

  function wayTo(subgraph: string, kind: 'query' | 'mutation', { deadlineAt }: Pick<RequestState, 'deadlineAt'>) {
    const transport = transports.get(subgraph);
    if (transport === undefined) {
      throw ERRORS.SUBGRAPH_UNAVAILABLE.create(`No address is known for the subgraph "${subgraph}".`, { subgraph });
    }
    const timeLeftMs = Math.min(timeoutMs[kind], deadlineAt - clock.now());
    if (timeLeftMs <= 0) {
      throw ERRORS.SUBGRAPH_TIMEOUT.create('The request ran out of time.', { subgraph });
    }
    return { transport, timeLeftMs };
  }

  /** Writing is nobody's wait: a store that is slow costs no request anything. */
  function keep(entries: readonly KeyValueEntry[], { maxAgeSeconds, errors }: TransportAnswer): void {
    if (maxAgeSeconds > 0 && errors === undefined && entries.length > 0) {
      void store?.setMany(entries);
    }
  }

  const travelsInBytes =
    store === undefined && [...transports.values()].every(({ sendBytes }) => sendBytes !== undefined);
  return {
    fetch,
    fetchBytes: travelsInBytes ? sendText : undefined,
    close: async () => {
      await Promise.all([...transports.values()].map((transport) => transport.close()));
    },
  };
}

/** The longest that an answer is kept, whatever its subgraph allows. */
const MAX_TTL_SECONDS = 24 * 60 * 60;

function toTtlSeconds({ maxAgeSeconds }: TransportAnswer): number {
  return Math.min(maxAgeSeconds, MAX_TTL_SECONDS);
}

function note(facts: FetchFacts | undefined, what: 'kept' | 'sent' | 'shared', count: number): void {
  if (facts !== undefined) {
    facts[what] += count;
  }
}

function toRegistered(error: unknown, subgraph: string): unknown {
  return error instanceof GraphQLError
    ? error
    : ERRORS.SUBGRAPH_UNAVAILABLE.create(
        `The subgraph "${subgraph}" could not be reached.`,
        { subgraph },
        { cause: error },
      );
}

/** Finds the `_entities` fields of an operation; their selections, not their aliases, are what a cache key is made of. */
function readOperation(text: string, scope: readonly string[]): KnownOperation {
  const definition = parse(text, { noLocation: true }).definitions.find(
    (each) => each.kind === Kind.OPERATION_DEFINITION,
  );
  const selections: readonly SelectionNode[] =
    definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
  return {
    keyPrefix: hash([...scope, definition === undefined ? text : canonicalText(definition)]),
    entityFields: selections.flatMap((field): EntityField[] => {
      const value =
        field.kind === Kind.FIELD && field.name.value === '_entities' ? field.arguments?.[0]?.value : undefined;
      if (field.kind !== Kind.FIELD || value?.kind !== Kind.VARIABLE || field.selectionSet === undefined) {
        return [];
      }
      return [
        {
          responseName: field.alias?.value ?? field.name.value,
          variable: value.name.value,
          keyPrefix: hash([...scope, canonicalText(field.selectionSet)]),
        },
      ];
    }),
  };
}

/** The same text for what differs in the order of arguments alone, which means nothing (GraphQL 2.6). */
function canonicalText(node: ASTNode): string {
  const byName = (a: { readonly name: NameNode }, b: { readonly name: NameNode }): number =>
    a.name.value < b.name.value ? -1 : 1;
  return print(
    visit(node, {
      Field: { leave: (field) => ({ ...field, arguments: field.arguments?.toSorted(byName) }) },
      ObjectValue: { leave: (value) => ({ ...value, fields: value.fields.toSorted(byName) }) },
    }),
  );
}

function toWanted(field: EntityField, representations: unknown, others: string): Wanted {
  const list: readonly unknown[] = Array.isArray(representations) ? representations : [];
  const missing: Wanted['missing'] = new Map();
  list.forEach((representation, position) => {
    const key = `${field.keyPrefix}:${others}:${hash(representation)}`;
    const known = missing.get(key);
    if (known === undefined) {
      missing.set(key, { representation, positions: [position] });
    } else {
      known.positions.push(position);
    }
  });
  return { field, entities: new Array(list.length).fill(null), missing };
}

/** Puts received entities in their places; returns what of them can be kept: nothing where one says that it is another. */
function place({ entities, missing }: Wanted, received: readonly unknown[], ttlSeconds: number): KeyValueEntry[] {
  const entries: KeyValueEntry[] = [];
  let areMixedUp = false;
  [...missing].forEach(([key, { representation, positions }], index) => {
    const entity: unknown = received[index];
    for (const position of positions) {
      entities[position] = entity;
    }
    if (isJsonObject(entity)) {
      entries.push({ key, value: JSON.stringify(entity), ttlSeconds });
      areMixedUp ||= isAnother(entity, representation);
    }
  });
  return areMixedUp ? [] : entries;
}

/** Whether an entity has another value for a key than the one that it was asked for by; an alias may look so, and is not kept. */
function isAnother(entity: JsonObject, representation: unknown): boolean {
  return (
    isJsonObject(representation) &&
    Object.entries(representation).some(
      ([name, value]) =>
        name !== '__typename' &&
        (typeof value === 'string' || typeof value === 'number') &&
        Object.hasOwn(entity, name) &&
        String(entity[name]) !== String(value),
    )
  );
}

/** An answer whose list does not fit: its errors say why, or it is refused. */
function refuseAnswer(
  { subgraph }: PreparedFetch,
  received: unknown,
  expected: number,
  { errors }: TransportAnswer,
): SubgraphAnswer {
  if (errors !== undefined && !Array.isArray(received)) {
    return { data: null, errors };
  }
  const got = Array.isArray(received) ? `${received.length} entities` : 'no list of entities';
  throw ERRORS.SUBGRAPH_INVALID_RESPONSE.create(`The subgraph "${subgraph}" answered ${got}, expected ${expected}.`, {
    subgraph,
  });
}

function toData(wanted: readonly Wanted[]): JsonObject {
  return Object.fromEntries(wanted.map(({ field, entities }) => [field.responseName, entities]));
}

/** An error at an entity that was asked for once belongs to every position that shares it. */
function toEveryPosition(error: unknown, wanted: readonly Wanted[]): readonly unknown[] {
  const path: unknown = isJsonObject(error) ? error.path : undefined;
  const [name, index] = Array.isArray(path) ? (path as readonly unknown[]) : [];
  const each = wanted.find(({ field }) => field.responseName === name);
  if (each === undefined || typeof index !== 'number') {
    return [error];
  }
  const positions = [...each.missing.values()][index]?.positions ?? [];
  return positions.map((position) => moveEntityError(error, () => position));
}

function moveEntityError(error: unknown, positionOf: (index: number) => number): unknown {
  const path: unknown = isJsonObject(error) ? error.path : undefined;
  return isJsonObject(error) && Array.isArray(path) && typeof path[1] === 'number'
    ? { ...error, path: [path[0], positionOf(path[1]), ...path.slice(2)] }
    : error;
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
