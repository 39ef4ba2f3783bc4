/** An object as JSON knows it. Reading a name from outside needs `ownValue`: the object may have a prototype. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the object itself holds under the name; never what it inherits (`constructor`, `__proto__`). */
export function ownValue(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * An object without inherited names, so that aliases such as `__proto__` and `constructor` are ordinary names.
 * Unlike `Object.create(null)` it keeps the engine's fast object layout.
 */
export interface BareObject extends JsonObject {}

function BareObjectConstructor(this: JsonObject): void {}
BareObjectConstructor.prototype = Object.create(null);

/** Makes an empty object without inherited names. */
export const createBareObject: () => BareObject = (() => {
  const Bare = BareObjectConstructor as unknown as new () => BareObject;
  return () => new Bare();
})();
