/** Whether a system call failed with this code. No `instanceof`: errors of Node are of another realm under jest. */
export function isErrno(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
