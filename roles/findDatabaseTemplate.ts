import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The empty database that the installation prepared (scripts/prepareDatabase.js) for this version of PGlite; undefined when it did not. */
export async function findDatabaseTemplate(root: string): Promise<string | undefined> {
  const modules = join(root, 'node_modules');
  try {
    const { version } = JSON.parse(
      await readFile(join(modules, '@electric-sql', 'pglite', 'package.json'), 'utf8'),
    ) as { version: string };
    const template = join(modules, '.cache', 'civigraph', `pglite-${version}`);
    await stat(join(template, 'PG_VERSION'));
    return template;
  } catch {
    return undefined; // it is only ever a short cut
  }
}
