import type { Witness } from '../model/CompiledPlan.ts';
import { type JsonObject, ownValue } from '../model/Json.ts';
import { objectsAt } from './targets.ts';

/** Whether a slug is that of a municipality which the request knows. */
export type IsKnown = (slug: string) => boolean;

/** Thrown (as it is, without a stack) where an object is a municipality that the request does not know. */
export const STRANGER: unique symbol = Symbol('stranger');

/** Throws `STRANGER` where an object that must say which municipality it is names none, or one that is not known. */
export function checkWitnesses(witnesses: readonly Witness[], data: JsonObject, isKnown: IsKnown): void {
  for (const { path, name, onlyOn } of witnesses) {
    for (const object of objectsAt(data, path)) {
      const slug = ownValue(object, name);
      const type = ownValue(object, '__typename');
      const isOther = onlyOn !== undefined && type !== undefined && type !== onlyOn;
      if (!isOther && !((typeof slug === 'string' || typeof slug === 'number') && isKnown(String(slug)))) {
        throw STRANGER;
      }
    }
  }
}
