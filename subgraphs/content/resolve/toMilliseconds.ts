/** An argument of the scalar DateTime, which arrives as a `Date`. */
export function toMilliseconds(argument: Date | string | null | undefined): number | undefined {
  return argument === null || argument === undefined ? undefined : new Date(argument).getTime();
}
