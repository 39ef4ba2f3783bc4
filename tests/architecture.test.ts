import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['schema', 'platform', 'gateway', 'subgraphs', 'demo', 'roles', 'cli'];

/** Which part of the layout (DESIGN, section 3) a file belongs to: a folder, a stage of the gateway, a subgraph. */
function partOf(file: string): string {
  const [folder = '', second = '', ...rest] = file.split('/');
  if (folder === 'gateway') {
    return rest.length === 0 ? 'gateway' : `gateway/${second}`;
  }
  return folder === 'subgraphs' ? `subgraphs/${second}` : rest.length === 0 && second === '' ? 'main' : folder;
}

/** What a part may import besides itself. */
function allowed(part: string): (other: string) => boolean {
  const below = (other: string) => other === 'schema' || other === 'platform';
  switch (part) {
    case 'schema':
      return () => false;
    case 'platform':
      return (other) => other === 'schema';
    case 'gateway':
      return (other) => below(other) || other.startsWith('gateway/');
    case 'gateway/engine':
      return (other) =>
        below(other) || ['gateway/model', 'gateway/operation', 'gateway/plan', 'gateway/response'].includes(other);
    case 'gateway/model':
    case 'subgraphs/kit':
    case 'demo':
      return below;
    case 'roles':
      return (other) => other !== 'cli' && other !== 'main' && !/^gateway\/(?!model)/.test(other);
    case 'cli':
    case 'main':
      return (other) => other !== 'main' && !/^gateway\//.test(other);
    default:
      return (other) => below(other) || other === (part.startsWith('gateway/') ? 'gateway/model' : 'subgraphs/kit');
  }
}

function sourceFiles(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|js)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
  return [...FOLDERS.flatMap(below), 'main.ts'];
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [
    ...text.matchAll(/^(?:import|export)\b[^;'"]*?from '(\.[^']+)'|^import '(\.[^']+)'|import\('(\.[^']+)'\)/gm),
  ].map(([, from, bare, dynamic]) => normalize(join(dirname(file), from ?? bare ?? dynamic ?? '')));
}

describe('the layout', () => {
  const files = sourceFiles();

  it('is read in full', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(importsOf('main.ts')).toContain('roles/readConfig.ts');
  });

  it('has imports that point one way', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((other) => partOf(other) !== partOf(file) && !allowed(partOf(file))(partOf(other)))
        .map((other) => `${file} imports ${other}`),
    );
    expect(wrong).toEqual([]);
  });

  it('reads the environment and the place of the program at its entrances alone', () => {
    const exceptions = [
      'main.ts',
      'cli/main.ts',
      'gateway/createApolloEngine.ts', // switches the telemetry of a library off, which reads its switch there
      'gateway/plan/startPlannerThread.ts', // finds the file of its own thread
      'platform/sql/copyDirectory.ts', // finds the file of its own thread
      'platform/sql/embeddedDatabaseEngine.ts', // finds the file of its own thread
    ];
    const wrong = files.filter(
      (file) => /process\.env|import\.meta/.test(withoutComments(file)) && !exceptions.includes(file),
    );
    expect(wrong).toEqual([]);
  });

  it('has named exports only', () => {
    expect(files.filter((file) => /^export default/m.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
  });
});

function withoutComments(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
