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
    calls.flatMap((call) => (call.positions ?? []).map((position) => [position, call.variables] as const)),
  );
  return {
    _entities: entities.map((entity, position) => pruneTo(entityShape, entity, decided.get(position) ?? variables)),
  };
}
