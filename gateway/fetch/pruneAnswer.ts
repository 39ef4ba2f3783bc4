import { isJsonObject, type JsonObject } from '../model/Json.ts';
import { pruneTo, type Shape } from './compileShape.ts';
import type { PreparedFetch } from './createFetcher.ts';

/**
 * A copy of an answer that holds only what was asked for; an entity that was asked for with decisions of its own is pruned
 * by those. Null where there is no data.
 */
export function pruneAnswer(data: unknown, shape: Shape, calls: PreparedFetch['calls']): JsonObject | null {
  if (!isJsonObject(data)) {
    return null;
  }
  const variables = calls[0]?.variables ?? {};
  const entityShape = shape.entity;
  const { _entities: entities } = data;
  if (entityShape === undefined || !Array.isArray(entities)) {
    return pruneTo(shape, data, variables) as JsonObject;
  }
  const decided = new Map(
    calls.flatMap((call) => (call.positions ?? []).map((position, at) => [position, { call, at }] as const)),
  );
  return {
    _entities: entities.map((entity, position) => {
      const { call, at } = decided.get(position) ?? { call: calls[0], at: position };
      const type = typeAt(call?.variables.representations, at);
      const isTold = type !== undefined && entityShape.isConcrete(type);
      return pruneTo(entityShape, entity, call?.variables ?? {}, isTold ? type : undefined);
    }),
  };
}

/** The type that an entity was asked for as. */
function typeAt(representations: unknown, at: number): string | undefined {
  const representation: unknown = Array.isArray(representations) ? representations[at] : undefined;
  const type = isJsonObject(representation) ? representation.__typename : undefined;
  return typeof type === 'string' ? type : undefined;
}
