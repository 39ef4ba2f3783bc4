import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ROOT } from '../endToEnd/support/buildProgram.ts';
import { createPrograms, type Programs, START_LIMIT_MS } from '../endToEnd/support/createPrograms.ts';
import { probe } from './support/probe.ts';
import { type Copy, readDockerfile, type Stage } from './support/readDockerfile.ts';

let stages: readonly Stage[];
let final: Stage;
let directory: string;
let app: string;
let programs: Programs;

// What the image would hold, made from the paths that the Dockerfile copies and from nothing else. The packages are
// this clone's: an installation needs the network.
beforeAll(async () => {
  stages = await readDockerfile(join(ROOT, 'Dockerfile'));
  directory = await mkdtemp(join(tmpdir(), 'civigraph-image-'));
  const [build, , last] = stages;
  if (build === undefined || last === undefined) {
    throw new Error('The Dockerfile has three stages.');
  }
  final = last;
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const buildFolder = join(directory, 'build');
  app = join(directory, 'app');
  await copyAll(build.copies, buildFolder);
  expect(build.runs).toContain('npm run build');
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: buildFolder });
  await copyAll(
    final.copies.filter(({ from }) => from === undefined),
    app,
  );
  await cp(join(buildFolder, 'dist'), join(app, 'dist'), { recursive: true });
  programs = createPrograms(join(app, 'dist', 'main.js'), { cwd: app });
}, START_LIMIT_MS);

afterAll(async () => {
  await programs?.killAll();
  await rm(directory, { recursive: true, force: true });
});

/** COPY: files go into the target, the contents of a folder become the target's. */
async function copyAll(copies: readonly Copy[], folder: string): Promise<void> {
  for (const { sources, target } of copies) {
    for (const source of sources) {
      const isFolder = !/\.|LICENSE/.test(basename(source));
      const path = join(folder, target, isFolder ? '' : basename(source));
      await mkdir(join(folder, target), { recursive: true });
      await cp(join(ROOT, source), path, { recursive: true });
    }
  }
}

describe('Dockerfile', () => {
  it('starts from one exact release of Node.js', () => {
    for (const { image } of stages) {
      expect(image).toMatch(/^node:22\.\d+\.\d+-bookworm-slim$/);
    }
  });

  it('copies only what is there and what .dockerignore lets in', async () => {
    const lines = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');
    const letIn = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(lines.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
    const sources = stages.flatMap(({ copies }) =>
      copies.filter(({ from }) => from === undefined).flatMap((copy) => copy.sources),
    );
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(sources.filter((path) => !letIn.includes(path.split('/')[0] ?? ''))).toEqual([]);
    expect(letIn.filter((path) => !sources.some((source) => source.split('/')[0] === path))).toEqual([]);
  });

  it('leaves development packages, and the right to change the program, out of the image', () => {
    const [, packages] = stages;
    expect(packages?.runs).toEqual([expect.stringMatching(/^npm ci --omit=dev /)]);
    expect(final.user).toBe('node');
    expect(final.entrypoint).toEqual(['node', 'dist/main.js']); // not through a shell, which keeps signals to itself
    expect(final.command).toEqual(['gateway']);
  });

  it('compiles to a program that imports nothing but Node.js and the packages of production', async () => {
    const { dependencies } = JSON.parse(await readFile(join(app, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const files = (await readdir(join(app, 'dist'), { recursive: true })).filter((file) => file.endsWith('.js'));
    expect(files.length).toBeGreaterThan(80);
    const imported = new Set<string>();
    for (const file of files) {
      const text = await readFile(join(app, 'dist', file), 'utf8');
      for (const [, name = ''] of text.matchAll(
        /^(?:import|export)\b[^;'"]*?from '([^.'][^']*)'|^import '([^.'][^']*)'/gm,
      )) {
        imported.add(name);
      }
    }
    const packages = [...imported]
      .filter((name) => !isBuiltin(name))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(packages).toContain('fastify');
    expect([...new Set(packages)].filter((name) => dependencies[name] === undefined)).toEqual([]);
  });

  it(
    'holds all that a gateway reads',
    async () => {
      const gateway = programs.start('gateway', {
        ...final.environment,
        HOST: '127.0.0.1',
        PORT: '0',
        GRAPHIQL: 'true',
      });
      const { url } = await gateway.logged('gateway listens');
      const answers = ['/health/live', '/health/ready', '/graphiql'].map(async (path) => {
        const { status } = await fetch(new URL(path, String(url)));
        return { path, status };
      });
      expect(await Promise.all(answers)).toEqual([
        { path: '/health/live', status: 200 },
        { path: '/health/ready', status: 200 },
        { path: '/graphiql', status: 200 },
      ]);
      expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    },
    START_LIMIT_MS,
  );

  it('has a health check that is passed by a role that lives alone', async () => {
    const path = '/health/live';
    expect(await probe(final.healthcheck, { path, status: 200 })).toBe(0);
    expect(await probe(final.healthcheck, { path, status: 503 })).toBe(1);
    expect(await probe(final.healthcheck, { path, status: 'not listening' })).toBe(1);
  });
});
