import { GraphQLError } from 'graphql';

import { isJsonObject, type JsonObject, ownValue } from '../../model/Json.ts';
import type { SendFetch, SubgraphAnswer } from '../../model/SubgraphFetch.ts';
import { toBytes } from '../../model/toBytes.ts';
import type { SentPart, SentRequest } from './executeSplice.ts';

/**
 * A way to send that answers from what a fast execution has sent already, so that going back to the full algorithm costs no
 * request twice. Entities are put into the order in which they are asked for now. What cannot be answered so is sent.
 */
export function replaySent(sent: readonly SentRequest[], send: SendFetch): SendFetch {
  const byNodes = new Map(sent.map((entry) => [entry.request.nodes, entry]));
  return async (fetch) => {
    const entry = byNodes.get(fetch.nodes);
    const order = entry === undefined ? undefined : orderOf(entry, fetch.variables);
    return entry === undefined || order === undefined ? send(fetch) : reordered(await answerOf(entry), order);
  };
}

/** For each call: its name in the answer and, for each representation asked for now, its position then; -1: it was left out. */
type Order = ReadonlyMap<string, readonly number[]>;

function orderOf({ request, counts, parts }: SentRequest, variables: JsonObject): Order | undefined {
  const order = new Map<string, readonly number[]>();
  const calls = request.work.kind === 'entities' ? request.work.calls : [];
  for (const [c, call] of calls.entries()) {
    const now = ownValue(variables, call.variable);
    const then = parts.flatMap(({ representations }) => representations[c] ?? []);
    if (!Array.isArray(now) || now.length !== counts[c]) {
      return undefined;
    }
    const positions = now.map((representation) => then.indexOf(toBytes(JSON.stringify(representation))));
    if (positions.filter(isSent).length !== then.length) {
      return undefined;
    }
    order.set(call.responseName, positions);
  }
  return order;
}

function isSent(position: number): boolean {
  return position !== -1;
}

/** The entities of all parts one after the other, as if one request had asked for them. */
async function answerOf({ request: { work }, parts }: SentRequest): Promise<SubgraphAnswer> {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) {
    return (await only.answer).read();
  }
  const [call] = work.kind === 'entities' ? work.calls : [];
  const name = call?.responseName ?? '';
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  for (const part of parts) {
    const { data, errors: own = [] } = await answerOfPart(part, name);
    const received: unknown = isJsonObject(data) ? ownValue(data, name) : undefined;
    const start = entities.length;
    errors.push(...own.map((error) => movedEntity(error, name, (position) => start + position)));
    for (let position = 0; position < countOf(part); position++) {
      entities.push((Array.isArray(received) ? received[position] : null) ?? null);
    }
  }
  return { data: { [name]: entities }, errors: errors.length === 0 ? undefined : errors };
}

/** A part that failed leaves its own entities empty. */
async function answerOfPart(part: SentPart, name: string): Promise<SubgraphAnswer> {
  try {
    return (await part.answer).read();
  } catch (error) {
    if (!(error instanceof GraphQLError)) {
      throw error;
    }
    const { message, extensions } = error;
    const errors = Array.from({ length: countOf(part) }, (_, position) => ({
      message,
      extensions,
      path: [name, position],
    }));
    return { data: null, errors };
  }
}

function countOf({ representations: [first = []] }: SentPart): number {
  return first.length;
}

function reordered({ data, errors }: SubgraphAnswer, order: Order): SubgraphAnswer {
  const isSame = [...order.values()].every((positions) => positions.every((position, i) => position === i));
  if (isSame || !isJsonObject(data)) {
    return { data, errors };
  }
  const entities = Object.entries(data).map(([name, value]) => {
    const positions = order.get(name);
    return [
      name,
      positions !== undefined && Array.isArray(value) && value.length === positions.filter(isSent).length
        ? positions.map((position) => (isSent(position) ? value[position] : null))
        : value,
    ];
  });
  return { data: Object.fromEntries(entities), errors: errors?.map((error) => moved(error, order)) };
}

/** An error with the position that its entity has now. */
function moved(error: unknown, order: Order): unknown {
  return [...order].reduce(
    (each, [name, positions]) => movedEntity(each, name, (position) => positions.indexOf(position)),
    error,
  );
}

/** An error with another position of its entity, where there is one. */
function movedEntity(error: unknown, call: string, move: (position: number) => number): unknown {
  if (!isJsonObject(error) || !Array.isArray(error.path)) {
    return error;
  }
  const [name, position, ...rest] = error.path as readonly unknown[];
  const now = name === call && typeof position === 'number' ? move(position) : -1;
  return now === -1 ? error : { ...error, path: [name, now, ...rest] };
}
