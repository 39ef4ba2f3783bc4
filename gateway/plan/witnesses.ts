import type { PlannedRequest, Witness } from '../model/CompiledPlan.ts';
import { isJsonObject, type JsonObject } from '../model/Json.ts';

/** Whether a slug is that of a municipality which the request knows. */
export type IsKnown = (slug: string) => boolean;

/** Thrown (as it is, without a stack) where an object is a municipality that the request does not know. */
export const STRANGER: unique symbol = Symbol('stranger');

/** Whether a request may bring objects that must say something. What it completes has said so before. */
export function mayYield(work: PlannedRequest['work'], { path }: Witness): boolean {
  return (
    work.kind === 'root' ||
    work.calls.some(({ targets }) =>
      targets.some((target) => target.path.length < path.length && target.path.every((step, i) => step === path[i])),
    )
  );
}

/** Throws `STRANGER` where an object that must say which municipality it is names none, or one that is not known. */
export function checkWitnesses(witnesses: readonly Witness[], data: JsonObject, isKnown: IsKnown): void {
  for (const witness of witnesses) {
    checkBelow(data, 0, witness, isKnown);
  }
}

function checkBelow(value: unknown, depth: number, witness: Witness, isKnown: IsKnown): void {
  const step = witness.path[depth];
  if (step === '@') {
    if (Array.isArray(value)) {
      for (const item of value) {
        checkBelow(item, depth + 1, witness, isKnown);
      }
    }
  } else if (isJsonObject(value)) {
    if (step === undefined) {
      checkObject(value, witness, isKnown);
    } else {
      checkBelow(value[step], depth + 1, witness, isKnown);
    }
  }
}

function checkObject(object: JsonObject, { name, onlyOn }: Witness, isKnown: IsKnown): void {
  const slug = object[name];
  if ((typeof slug === 'string' || typeof slug === 'number') && isKnown(String(slug))) {
    return;
  }
  const type = object.__typename;
  if (onlyOn === undefined || type === undefined || type === onlyOn) {
    throw STRANGER;
  }
}
