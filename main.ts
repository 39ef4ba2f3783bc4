import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { RefusedFilesError } from './platform/files/openWatchedDirectory.ts';
import { createParts, openDatabase, openMunicipalities, type Parts } from './roles/openParts.ts';
import { ConfigError, ROLES, readConfig } from './roles/readConfig.ts';
import { assertNever } from './schema/assertNever.ts';

const HELP = `Usage: node dist/main.js [role]

Roles: ${ROLES.join(', ')} (default: all)
Settings come from the environment; docs/configuration.md lists them.
`;

const [role = process.env.ROLE ?? 'all'] = process.argv.slice(2);
if (role === '--help' || role === '-h') {
  process.stdout.write(HELP);
} else {
  await run(role);
}

async function run(role: string): Promise<void> {
  let parts: Parts | undefined;
  try {
    parts = createParts(
      readConfig(role, process.env, { root: findRoot(import.meta.dirname), isTerminal: process.stdout.isTTY }),
    );
    stopOnSignals(parts);
    await startRole(parts);
  } catch (error) {
    if (parts?.closers.signal.aborted === true) {
      return; // told to stop while starting: the signal's handler ends the process
    }
    await parts?.closers.closeAll();
    process.stderr.write(explain(error));
    process.exit(1);
  }
}

/** Loads what the role needs and no more: a subgraph's process never sees the gateway's packages. */
async function startRole(parts: Parts): Promise<void> {
  const { role } = parts.config;
  switch (role) {
    case 'all': {
      const municipalities = await openMunicipalities(parts); // wrong files end the process before anything is opened
      // The database opens in a thread of its own while the program is still being read.
      const database = openDatabase(parts, { statementTimeoutMs: 30_000 });
      database.catch(() => {}); // startAll awaits it and says what is wrong
      const { startAll } = await import('./roles/startAll.ts');
      return startAll(parts, { municipalities, database });
    }
    case 'gateway': {
      const { startGateway } = await import('./roles/startGateway.ts');
      return startGateway(parts);
    }
    case 'content':
    case 'apprenticeships':
    case 'housing': {
      const { startSubgraph } = await import('./roles/startSubgraphs.ts');
      return startSubgraph(role, parts);
    }
    case 'ingest': {
      const { startIngest } = await import('./roles/ingest.ts');
      return startIngest(parts);
    }
    case 'demo-upstreams': {
      const { startDemo } = await import('./roles/startDemo.ts');
      const { cmsUrl, sprungbrettUrl, jobsucheUrl } = await startDemo(parts, parts.config);
      parts.logger.info({ cms: cmsUrl, sprungbrett: sprungbrettUrl, jobsuche: jobsucheUrl }, 'demo upstreams listen');
      return;
    }
    default:
      return assertNever(role);
  }
}

/** The first signal lets work in flight end; the second one does not wait. */
function stopOnSignals({ closers, logger }: Parts): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) {
        process.exit(1);
      }
      isStopping = true;
      logger.info({ signal }, 'stopping');
      void closers.closeAll().then(() => process.exit(0));
    });
  }
}

/** The nearest folder upwards that holds package.json: the installation, from source and from dist/ alike. */
function findRoot(directory: string): string {
  return existsSync(join(directory, 'package.json')) ? directory : findRoot(dirname(directory));
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) {
    return `The configuration cannot be used:\n${error.problems.map((problem) => `  ${problem}\n`).join('')}`;
  }
  if (error instanceof RefusedFilesError) {
    return `The municipalities' files cannot be used:\n${error.message
      .split('\n')
      .map((line) => `  ${line}\n`)
      .join('')}`;
  }
  return `Civigraph could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}
