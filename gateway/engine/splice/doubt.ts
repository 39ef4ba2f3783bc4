/**
 * Thrown (as it is, without a stack) when an answer is not exactly what was expected. It says nothing about whether the answer
 * is good: who catches it reads the answer in full.
 */
export const DOUBT: unique symbol = Symbol('doubt');

/** Whether something thrown while an answer was read means doubt. An answer that ends too early is read beyond its end. */
export function isDoubt(error: unknown): boolean {
  return error === DOUBT || error instanceof RangeError;
}
