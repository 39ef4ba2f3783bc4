/** Closes a switch over a union: the compiler refuses a case that is not handled. */
export function assertNever(value: never): never {
  throw new Error(`A case was not handled: ${JSON.stringify(value)}`);
}
