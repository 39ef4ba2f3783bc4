import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { JOBSUCHE_PATH } from '../demo/apprenticeships/createJobsuche.ts';
import { SPRUNGBRETT_PATH } from '../demo/apprenticeships/createSprungbrett.ts';
import { EXAMPLE_OPERATION } from '../roles/exampleOperation.ts';
import { createParts, openDatabase, openMunicipalities } from '../roles/openParts.ts';
import { ConfigError, type Role, readConfig } from '../roles/readConfig.ts';
import { seedDemoOffers } from '../roles/seedHousingOffers.ts';
import { createRoleProcesses, type RoleProcess } from './createRoleProcesses.ts';

// Every role in a process of its own on this machine, over one PostgreSQL and one Redis: two gateways on PORT and
// PORT + 1, the others on the ports from PORT + 11. Run by `npm run start:distributed`; see docs/distributed.md.

const EXAMPLE = `  createdb civigraph
  DATABASE_URL=postgres://postgres@127.0.0.1:5432/civigraph REDIS_URL=redis://127.0.0.1:6379 npm run start:distributed`;
const START_LIMIT_MS = 120_000;
const FIRST_INGEST_LIMIT_MS = 900_000;

const root = join(import.meta.dirname, '..');
const main = join(root, 'dist', 'main.js');
const roles = createRoleProcesses({ main, write: (text) => process.stdout.write(text) });

let lastSignalAt = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Terminals and npm may both pass one Ctrl-C on; a second one is meant only when it comes later.
    if (lastSignalAt !== 0 && performance.now() - lastSignalAt > 1_000) {
      roles.kill();
    }
    lastSignalAt = performance.now();
    void roles.stop().then(() => process.exit(0));
  });
}

try {
  await start();
} catch (error) {
  if (!roles.isStopping()) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await roles.stop();
    process.exit(1);
  }
}

async function start(): Promise<void> {
  const config = readSettings();
  const at = (offset: number) => config.port + offset;
  const urlAt = (offset: number, path = '') => `http://127.0.0.1:${at(offset)}${path}`;
  const run = (name: string, role: Role, offset: number, own: Readonly<Record<string, string>> = {}) =>
    roles.start(name, role, { ...process.env, LOG_FORMAT: config.logFormat, PORT: String(at(offset)), ...own });

  const isDemo = config.cmsUrl === undefined;
  const upstreams = isDemo
    ? {
        CMS_URL: urlAt(15),
        SPRUNGBRETT_URL: urlAt(15, SPRUNGBRETT_PATH),
        JOBSUCHE_URL: urlAt(15, JOBSUCHE_PATH),
        JOBSUCHE_API_KEY: 'demo',
      }
    : {};
  if (isDemo) {
    const demo = run('demo-upstreams', 'demo-upstreams', 15);
    await answers(demo, urlAt(15, '/api/v3/regions/'), START_LIMIT_MS);
  }

  const subgraphs = { content: 11, apprenticeships: 12, housing: 13 } as const;
  const started = Object.entries(subgraphs).map(
    ([name, offset]) => [run(name, name as keyof typeof subgraphs, offset), offset] as const,
  );
  await Promise.all(started.map(([role, offset]) => answers(role, urlAt(offset, '/health/ready'), START_LIMIT_MS)));

  const ingest = run('ingest', 'ingest', 14, upstreams);
  await answers(ingest, urlAt(14, '/health/ready'), FIRST_INGEST_LIMIT_MS);
  if (isDemo) {
    await seed();
  }

  const SUBGRAPH_URLS = Object.entries(subgraphs)
    .map(([name, offset]) => `${name}=${urlAt(offset, '/graphql')}`)
    .join(',');
  const gateways = [0, 1].map((offset) => run(`gateway-${offset + 1}`, 'gateway', offset, { SUBGRAPH_URLS }));
  await Promise.all(gateways.map((role, offset) => answers(role, urlAt(offset, '/health/ready'), START_LIMIT_MS)));

  process.stdout.write(`
Civigraph answers at ${urlAt(0, '/graphql')} and ${urlAt(1, '/graphql')}${isDemo ? ' (demo data)' : ''}
${config.hasGraphiql ? `The explorer is at ${urlAt(0, '/graphiql')}\n` : ''}
Try:
${EXAMPLE_OPERATION}
As one line:
curl -s ${urlAt(0, '/graphql')} -H 'content-type: application/json' -d '{"query":"{ municipality(slug: \\"augsburg\\") { name modules { name enabled } } }"}'
`);
}

function readSettings() {
  try {
    const config = readConfig('gateway', process.env, { root, isTerminal: process.stdout.isTTY });
    const missing = [
      ...(config.databaseUrl === undefined ? ['DATABASE_URL'] : []),
      ...(config.redisUrl === undefined ? ['REDIS_URL'] : []),
    ];
    if (missing.length > 0) {
      throw new Error(
        `${missing.join(' and ')} must be set: the processes share one PostgreSQL and one Redis. For example:\n${EXAMPLE}`,
      );
    }
    if (!existsSync(main)) {
      throw new Error(
        'dist/main.js is missing: start with `npm run start:distributed`, or run `npm run build` before.',
      );
    }
    return config;
  } catch (error) {
    if (error instanceof ConfigError) {
      throw new Error(`The configuration cannot be used:\n${error.problems.map((line) => `  ${line}`).join('\n')}`);
    }
    throw error;
  }
}

/** Demo offers are made in this process, with e-mails that nobody has to open; at later starts they are there already. */
async function seed(): Promise<void> {
  const environment = { ...process.env, LOG_LEVEL: 'warn' };
  const parts = createParts(readConfig('housing', environment, { root, isTerminal: process.stdout.isTTY }));
  try {
    const municipalities = await openMunicipalities(parts);
    const database = await openDatabase(parts, { statementTimeoutMs: 30_000 });
    await seedDemoOffers(parts, { database, municipalities });
  } finally {
    await parts.closers.closeAll();
  }
}

/** Waits for a 200 of a role, however often it has to be started for that; gives up when it goes on dying. */
async function answers(role: RoleProcess, url: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    if (roles.isStopping()) {
      throw new Error('Stopped while starting.');
    }
    const isReady = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    // Another program may answer on the port: ours counts only while its process lives.
    if (isReady && role.isRunning()) {
      return;
    }
    if (role.deaths() >= 5) {
      throw new Error(`${role.name} cannot be started; its last words are above.`);
    }
    if (performance.now() > deadline) {
      throw new Error(`${role.name} was not ready within ${limitMs / 1_000} s: ${url}`);
    }
    await delay(200);
  }
}
