import { isJsonObject } from './Json.ts';
import type { ResponsePath } from './ResponseError.ts';

/** A value of an answer, and where it is. */
export interface Place {
  readonly path: ResponsePath;
  readonly value: unknown;
}

/** The objects that steps lead to from a place; `@` for each item of a list. */
export function objectsAt(from: Place, steps: ResponsePath): readonly Place[] {
  let places: readonly Place[] = [from];
  for (const step of steps) {
    places = places.flatMap(({ path, value }): Place[] =>
      step === '@'
        ? Array.isArray(value)
          ? value.map((item: unknown, index) => ({ path: [...path, index], value: item }))
          : []
        : isJsonObject(value) || Array.isArray(value)
          ? [{ path: [...path, step], value: Reflect.get(value, step) }]
          : [],
    );
  }
  return places.filter(({ value }) => isJsonObject(value));
}
