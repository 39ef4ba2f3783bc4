import { join, relative, resolve } from 'node:path';

import { z } from 'zod';

import { isNetwork } from '../platform/url/isNetwork.ts';
import { isFlagName } from '../schema/features/flagName.ts';
import { SUBGRAPHS } from '../schema/subgraphs.ts';

/** What one process does; `all` is every role at once with demo upstreams where no real ones are named. */
export const ROLES = ['all', 'gateway', 'content', 'apprenticeships', 'housing', 'ingest', 'demo-upstreams'] as const;
export type Role = (typeof ROLES)[number];

const url = (protocols: RegExp) => z.url({ protocol: protocols });
const http = url(/^https?$/);

/** Everything that the environment can set. Names are public; a default makes each of them optional. */
const Environment = z.strictObject({
  PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: url(/^postgres(?:ql)?$/).optional(),
  REDIS_URL: url(/^rediss?(?:\+cluster)?$/).optional(),
  MUNICIPALITIES_DIR: z.string().min(1).optional(),
  FLAG_PROVIDER: z.string().min(1).optional(),
  CMS_URL: http.optional(),
  SPRUNGBRETT_URL: http.optional(),
  JOBSUCHE_URL: http.optional(),
  JOBSUCHE_API_KEY: z.string().min(1).optional(),
  INGEST_CRON: z
    .string()
    .regex(/^(?:\S+ ){4}\S+$/, 'expected a cron expression of five fields, such as "*/15 * * * *"')
    .default('*/15 * * * *'),
  SUBGRAPH_URLS: z.string().transform(readPairs).pipe(z.map(z.string(), http)).default(new Map()),
  SUBGRAPH_NETWORKS: z
    .string()
    .transform((text) => text.split(',').map((network) => network.trim()))
    .refine((networks) => networks.every(isNetwork), 'expected networks such as "10.0.0.0/8,fd00::/8"')
    .optional(),
  SMTP_URL: url(/^smtps?$/).optional(),
  MAIL_FROM: z.string().min(3).default('Civigraph <no-reply@civigraph.example>'),
  PUBLIC_URL: http.optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  LOG_FORMAT: z.enum(['json', 'text']).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: http.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default('civigraph-gateway'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  PLAN_TOKEN: z.string().min(16).optional(),
  MODULE_TOKENS: z
    .string()
    .transform(readPairs)
    .refine(
      (tokens) => [...tokens].every(([name, token]) => isFlagName(name) && token.length >= 16),
      'expected module=token,module=token, each token with 16 characters or more',
    )
    .default(new Map()),
  GRAPHIQL: z.enum(['true', 'false']).optional(),
  ENGINE: z.enum(['compiled', 'apollo']).default('compiled'),
  OVERRIDE_LABELS: z.string().default(''),
  NODE_ENV: z.string().optional(),
});

/** Switches of the planner's own safety limits; with them one operation can stop the process. */
const FORBIDDEN = [
  'APOLLO_DISABLE_SECURITY_RECURSIVE_SELECTIONS_CHECK',
  'APOLLO_DISABLE_SECURITY_NON_LOCAL_SELECTIONS_CHECK',
];

export interface Config {
  readonly role: Role;
  /** The installation's folder: schema/, municipalities/ and node_modules/ lie in it. */
  readonly root: string;
  readonly host: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly municipalitiesDirectory: string;
  /** A module whose default export is a provider of OpenFeature. */
  readonly flagProvider: string | undefined;
  readonly cmsUrl: string | undefined;
  readonly sprungbrettUrl: string | undefined;
  readonly jobsucheUrl: string | undefined;
  readonly jobsucheApiKey: string | undefined;
  readonly ingestCron: string;
  readonly subgraphUrls: ReadonlyMap<string, string>;
  readonly subgraphNetworks: readonly string[] | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly publicUrl: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly logFormat: 'json' | 'text';
  readonly hasGraphiql: boolean;
  readonly planToken: string | undefined;
  /** By module: what its subgraph shows to read the module's options. */
  readonly moduleTokens: ReadonlyMap<string, string>;
  /** Where metrics are served; port undefined: nowhere. */
  readonly metrics: { readonly port: number | undefined; readonly host: string };
  /** The collector of spans. */
  readonly telemetryUrl: string | undefined;
  /** The name of this program among others whose spans are collected. */
  readonly telemetryName: string;
  readonly engine: 'compiled' | 'apollo';
  /** Labels of progressive `@override`s that hold. */
  readonly overrideLabels: ReadonlySet<string>;
}

/** The configuration could not be read; one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads role and environment, or throws a ConfigError that names every problem at once. Values are never repeated: they may be secrets. */
export function readConfig(
  role: string,
  environment: Readonly<Record<string, string | undefined>>,
  { root, isTerminal }: { root: string; isTerminal: boolean },
): Config {
  const problems: string[] = [];
  if (!isRole(role)) {
    problems.push(`unknown role "${role}"; roles are ${ROLES.join(', ')}`);
  }
  for (const name of FORBIDDEN) {
    if (environment[name] !== undefined) {
      problems.push(`${name} switches a safety limit of the query planner off; unset it`);
    }
  }
  const known = Object.keys(Environment.shape).flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  const result = Environment.safeParse(Object.fromEntries(known));
  if (!result.success) {
    problems.push(...result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`));
  }
  if (!isRole(role) || !result.success || problems.length > 0) {
    throw new ConfigError(problems);
  }
  const env = result.data;
  return Object.freeze({
    role,
    root,
    host: env.HOST,
    port: env.PORT ?? defaultPort(role),
    dataDirectory: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    // Relative where it can be: it stands in messages that people and editors follow.
    municipalitiesDirectory: env.MUNICIPALITIES_DIR ?? relative('', join(root, 'municipalities')),
    flagProvider: env.FLAG_PROVIDER,
    cmsUrl: env.CMS_URL,
    sprungbrettUrl: env.SPRUNGBRETT_URL,
    jobsucheUrl: env.JOBSUCHE_URL,
    jobsucheApiKey: env.JOBSUCHE_API_KEY,
    ingestCron: env.INGEST_CRON,
    subgraphUrls: env.SUBGRAPH_URLS,
    subgraphNetworks: env.SUBGRAPH_NETWORKS,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    publicUrl: env.PUBLIC_URL,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? (isTerminal ? 'text' : 'json'),
    engine: env.ENGINE,
    overrideLabels: new Set(env.OVERRIDE_LABELS.split(',').flatMap((label) => label.trim() || [])),
    planToken: env.PLAN_TOKEN,
    moduleTokens: env.MODULE_TOKENS,
    metrics: Object.freeze({ port: env.METRICS_PORT, host: env.METRICS_HOST }),
    telemetryUrl: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    telemetryName: env.OTEL_SERVICE_NAME,
    hasGraphiql: env.GRAPHIQL === undefined ? env.NODE_ENV !== 'production' : env.GRAPHIQL === 'true',
  });
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

function defaultPort(role: Role): number {
  switch (role) {
    case 'all':
    case 'gateway':
      return 4000;
    case 'ingest':
      return 4004;
    case 'demo-upstreams':
      return 4010;
    default:
      return SUBGRAPHS.find(({ name }) => name === role)?.port ?? 0;
  }
}

/** `name=value,name=value`. */
function readPairs(text: string): Map<string, string> {
  return new Map(
    text.split(',').map((pair) => {
      const [name = '', ...rest] = pair.trim().split('=');
      return [name, rest.join('=')];
    }),
  );
}
