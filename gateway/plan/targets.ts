import type { PlanPath } from '../model/CompiledPlan.ts';
import { isJsonObject, type JsonObject } from '../model/Json.ts';
import type { ResponsePath } from '../model/ResponseError.ts';

/** The objects at a path of the merged answer, in order; nulls and values of the wrong kind are passed over. */
export function objectsAt(root: JsonObject, path: PlanPath): JsonObject[] {
  let values: unknown[] = [root];
  for (const step of path) {
    const next: unknown[] = [];
    for (const value of values) {
      if (step === '@') {
        if (Array.isArray(value)) {
          for (const item of value) {
            next.push(item);
          }
        }
      } else if (isJsonObject(value)) {
        next.push(value[step]);
      }
    }
    values = next;
  }
  return values.filter(isJsonObject);
}

/** An object with the way to it. `ancestors` are the objects around it, the outermost first. */
export interface LocatedObject {
  readonly object: JsonObject;
  readonly position: ResponsePath;
  readonly ancestors: readonly JsonObject[];
}

/** As `objectsAt`, with positions: for error paths and context values, which few requests need. */
export function locateObjects(root: JsonObject, path: PlanPath): LocatedObject[] {
  const found: LocatedObject[] = [];
  const walk = (value: unknown, depth: number, position: ResponsePath, ancestors: readonly JsonObject[]): void => {
    const step = path[depth];
    if (step === undefined) {
      if (isJsonObject(value)) {
        found.push({ object: value, position, ancestors });
      }
    } else if (step === '@') {
      if (Array.isArray(value)) {
        value.forEach((item, i) => {
          walk(item, depth + 1, [...position, i], ancestors);
        });
      }
    } else if (isJsonObject(value)) {
      walk(value[step], depth + 1, [...position, step], [...ancestors, value]);
    }
  };
  walk(root, 0, [], []);
  return found;
}
