import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Clock, systemClock } from '../platform/clock/Clock.ts';
import { createMemoryStore } from '../platform/keyvalue/createMemoryStore.ts';
import { createRedisStore } from '../platform/keyvalue/createRedisStore.ts';
import type { KeyValueStore } from '../platform/keyvalue/KeyValueStore.ts';
import { createLogger } from '../platform/logger/createLogger.ts';
import type { Logger } from '../platform/logger/Logger.ts';
import { openEmbeddedDatabase } from '../platform/sql/openEmbeddedDatabase.ts';
import { openPostgres } from '../platform/sql/openPostgres.ts';
import type { SqlDatabase } from '../platform/sql/SqlDatabase.ts';
import { type KnownModule, readModules } from '../schema/modules.ts';
import type { MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { type Closers, createClosers } from './Closers.ts';
import { findDatabaseTemplate } from './findDatabaseTemplate.ts';
import { type AuditLog, openAuditLog } from './municipalities/openAuditLog.ts';
import type { FlagProvider } from './municipalities/openFlagProvider.ts';
import { openMunicipalityRegister } from './municipalities/openMunicipalityRegister.ts';
import { type Config, ConfigError } from './readConfig.ts';

/** What every role stands on. Each part is opened by the role that needs it and closed with the process. */
export interface Parts {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly closers: Closers;
}

export function createParts(config: Config): Parts {
  const logger = createLogger({ level: config.logLevel, format: config.logFormat });
  return {
    config,
    logger,
    clock: systemClock,
    closers: createClosers((error) => logger.error({ err: error }, 'could not be closed')),
  };
}

/** PostgreSQL where the configuration names one, else the embedded database below the data directory. */
export async function openDatabase(
  { config, logger, closers }: Parts,
  { statementTimeoutMs = 2_000 } = {},
): Promise<SqlDatabase> {
  const template = config.databaseUrl === undefined ? await findDatabaseTemplate(config.root) : undefined;
  const database =
    config.databaseUrl === undefined
      ? await openEmbeddedDatabase({
          ...(template === undefined ? {} : { template }),
          directory: join(config.dataDirectory, 'database'),
          logger,
          statementTimeoutMs,
        })
      : await openPostgres({ url: config.databaseUrl, logger, statementTimeoutMs });
  closers.add(() => database.close());
  return database;
}

/** Redis where the configuration names one, else this process's memory. */
export function openStore({ config, logger, clock, closers }: Parts): KeyValueStore {
  const store =
    config.redisUrl === undefined ? createMemoryStore({ clock }) : createRedisStore({ url: config.redisUrl, logger });
  closers.add(() => store.close());
  return store;
}

/** The municipalities' files, followed while the process runs. Throws RefusedFilesError when they are wrong now. */
export async function openMunicipalities(
  { config, logger, clock, closers }: Parts,
  /** Says which modules there are. Default: the installation's. */
  supergraphSdl?: string,
): Promise<MunicipalityRegister> {
  const modules = readModules(supergraphSdl ?? (await readSchemaFile(config, 'supergraph.graphql')));
  refuseUnknownModules(config, modules);
  const register = await openMunicipalityRegister({
    directory: config.municipalitiesDirectory,
    modules,
    clock,
    logger,
    audit: await openAudit({ config, logger }),
    provider: await openProvider(config),
  });
  closers.add(() => register.close());
  return register;
}

/** A token for a module that nobody has would let its subgraph wait for ever. */
function refuseUnknownModules({ moduleTokens }: Config, modules: readonly KnownModule[]): void {
  const names = modules.map(({ name }) => name);
  const problems = [...moduleTokens.keys()]
    .filter((name) => !names.includes(name))
    .map((name) => `MODULE_TOKENS: the supergraph has no module "${name}"; it has ${names.join(', ')}`);
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}

/** The provider of flags that the configuration names. Its packages are loaded only then. */
async function openProvider({ flagProvider }: Config): Promise<FlagProvider | undefined> {
  if (flagProvider === undefined) {
    return undefined;
  }
  try {
    const { loadProvider, openFlagProvider } = await import('./municipalities/openFlagProvider.ts');
    return await openFlagProvider(await loadProvider(flagProvider));
  } catch (error) {
    throw new ConfigError([`FLAG_PROVIDER: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** Where a process that decides flags records their changes; the others only follow the same files. */
async function openAudit({ config, logger }: Pick<Parts, 'config' | 'logger'>): Promise<AuditLog | undefined> {
  const { role, port, dataDirectory } = config;
  return role === 'all' || role === 'gateway'
    ? openAuditLog({ file: join(dataDirectory, 'audit', `municipalities-${role}-${port}.jsonl`), logger })
    : undefined;
}

/** A text below schema/ of the installation. */
export function readSchemaFile({ root }: Config, path: string): Promise<string> {
  return readFile(join(root, 'schema', path), 'utf8');
}
