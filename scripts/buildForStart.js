// Compiles the program for `npm start` when a source is newer than the last compilation. Types are not checked here:
// `npm run types` and `npm run build` do that. After `npm ci` it runs with --if-possible: a first start need not wait for it, and
// an installation without the compiler or the sources is none that it must end.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'dist', '.compiled');
const sources = ['schema', 'platform', 'gateway', 'subgraphs', 'roles', 'cli', 'demo'];
const files = ['main.ts', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** @param {string} path Milliseconds since the epoch; -1 for what is not there. */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const isOptional = process.argv.includes('--if-possible');
if (isOptional && ![tsc, ...sources.map((folder) => join(root, folder))].every((path) => existsSync(path))) {
  process.exit(0);
}

const compiledAt = modifiedAt(stamp);
const isStale =
  files.some((file) => modifiedAt(join(root, file)) > compiledAt) ||
  sources.some((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true }).some(
      // A folder is newer when a file in it was removed.
      (entry) =>
        (entry.isDirectory() || /\.[jt]s$/.test(entry.name)) &&
        modifiedAt(join(entry.parentPath, entry.name)) > compiledAt,
    ),
  );

if (isStale) {
  const startedAt = new Date();
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--noCheck'], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.exit(isOptional ? 0 : (status ?? 1));
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt); // what was saved while it ran is newer
}
