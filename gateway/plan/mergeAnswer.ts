import type { TakenField } from '../model/CompiledPlan.ts';
import { createBareObject, isJsonObject, type JsonObject, ownValue } from '../model/Json.ts';

/**
 * Takes the selected fields of a subgraph's answer into `target` and nothing else: a subgraph that sends fields it was not
 * asked for, its own or another's, changes nothing.
 *
 * Written to in place: the merged answer grows while a request runs and belongs to that request alone.
 */
export function takeFields(
  target: JsonObject,
  source: JsonObject,
  fields: readonly TakenField[],
  typename: unknown = ownValue(source, '__typename') ?? target.__typename,
): void {
  for (const field of fields) {
    if (field.onTypes !== undefined && typeof typename === 'string' && !field.onTypes.has(typename)) {
      continue;
    }
    const value = ownValue(source, field.responseName);
    if (value !== undefined) {
      target[field.storedName] =
        field.fields === undefined ? value : takeValue(target[field.storedName], value, field.fields);
    }
  }
}

function takeValue(existing: unknown, value: unknown, fields: readonly TakenField[]): unknown {
  if (!isJsonObject(value)) {
    return Array.isArray(value) ? takeItems(existing, value, fields) : value;
  }
  const target = isJsonObject(existing) ? existing : createBareObject();
  takeFields(target, value, fields);
  return target;
}

function takeItems(existing: unknown, items: readonly unknown[], fields: readonly TakenField[]): readonly unknown[] {
  const before: readonly unknown[] = Array.isArray(existing) && existing.length === items.length ? existing : [];
  const taken: unknown[] = [];
  for (let i = 0; i < items.length; i++) {
    taken.push(takeValue(before[i], items[i], fields));
  }
  return taken;
}

/**
 * Puts the fields of an entity that came once into each of the places that it has in the answer. Places of one path may share
 * what is below: all later fetches treat them alike.
 */
export function graft(target: JsonObject, entity: JsonObject): void {
  for (const name in entity) {
    target[name] = graftValue(target[name], entity[name]);
  }
}

function graftValue(existing: unknown, value: unknown): unknown {
  if (existing === value) {
    return value;
  }
  if (Array.isArray(existing) && Array.isArray(value) && existing.length === value.length) {
    return value.map((item, i) => graftValue(existing[i], item));
  }
  if (isJsonObject(existing) && isJsonObject(value)) {
    graft(existing, value);
    return existing;
  }
  return value;
}
