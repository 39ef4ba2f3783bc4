import { isJsonObject, type JsonObject, ownValue } from '../../model/Json.ts';
import type { SendFetch, SubgraphAnswer } from '../../model/SubgraphFetch.ts';
import { toBytes } from '../../model/toBytes.ts';
import type { SentRequest } from './executeSplice.ts';

/**
 * A way to send that answers from what a fast execution has sent already, so that going back to the full algorithm costs no
 * request twice. Entities are put into the order in which they are asked for now. What cannot be answered so is sent.
 */
export function replaySent(sent: readonly SentRequest[], send: SendFetch): SendFetch {
  const byNodes = new Map(sent.map((entry) => [entry.request.nodes, entry]));
  return async (fetch) => {
    const entry = byNodes.get(fetch.nodes);
    const order = entry === undefined ? undefined : orderOf(entry, fetch.variables);
    return entry === undefined || order === undefined ? send(fetch) : reordered((await entry.answer).read(), order);
  };
}

/** For each call: its name in the answer and, for each representation asked for now, its position then; -1: it was left out. */
type Order = ReadonlyMap<string, readonly number[]>;

function orderOf({ request, representations, leftOut }: SentRequest, variables: JsonObject): Order | undefined {
  const order = new Map<string, readonly number[]>();
  const calls = request.work.kind === 'entities' ? request.work.calls : [];
  for (const [c, call] of calls.entries()) {
    const now = ownValue(variables, call.variable);
    const then = representations[c] ?? [];
    const missing = leftOut[c] ?? 0;
    if (!Array.isArray(now) || now.length !== then.length + missing) {
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
  if (!isJsonObject(error) || !Array.isArray(error.path)) {
    return error;
  }
  const [name, position, ...rest] = error.path;
  const now = order.get(name)?.indexOf(position) ?? -1;
  return now === -1 ? error : { ...error, path: [name, now, ...rest] };
}
