import type { z } from 'zod';

/** What a schema found, in one line; at most three findings. */
export function describeIssues(error: z.ZodError): string {
  const found = error.issues.slice(0, 3).map(({ path, message }) => {
    const where = path.join('.');
    return where === '' ? message : `${where}: ${message}`;
  });
  const more = error.issues.length - found.length;
  return found.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
