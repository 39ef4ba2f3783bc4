// Runs after `npm ci`: makes an empty embedded database once, so that a first start copies it instead of spending seconds
// on creating it. Nothing depends on it; where it fails, the first start creates the database itself.
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '..', 'node_modules');
const cache = join(modules, '.cache', 'civigraph');

try {
  const { version } = JSON.parse(await readFile(join(modules, '@electric-sql', 'pglite', 'package.json'), 'utf8'));
  const template = join(cache, `pglite-${version}`);
  const exists = await stat(template).then(
    () => true,
    () => false,
  );
  if (!exists) {
    const { PGlite } = await import('@electric-sql/pglite');
    await mkdir(cache, { recursive: true });
    const draft = await mkdtemp(join(cache, 'new-'));
    const database = await PGlite.create({ dataDir: join(draft, 'data') });
    await database.close();
    await rename(join(draft, 'data'), template);
    await rm(draft, { recursive: true, force: true });
  }
} catch (error) {
  console.warn(`No embedded database was prepared, the first start will take longer: ${error}`);
}
