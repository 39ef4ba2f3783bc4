import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { startDemoUpstreams } from '../../demo/startDemoUpstreams.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { ROLES, readConfig } from '../../roles/readConfig.ts';
import { ROOT } from '../endToEnd/support/buildProgram.ts';
import { probe } from './support/probe.ts';
import { type Compose, readCompose, type Service } from './support/readCompose.ts';
import { readDockerfile, type Stage } from './support/readDockerfile.ts';

const FILE = join(ROOT, 'docker-compose.yml');
const SECRETS = { POSTGRES_PASSWORD: 'Qm5vdHJlYWw', CMS_URL: 'https://cms.example.org' };
const STORES = ['redis', 'postgres'];

let compose: Compose;
let image: Stage;

beforeAll(async () => {
  compose = await readCompose(FILE, SECRETS);
  const stage = (await readDockerfile(join(ROOT, 'Dockerfile'))).at(-1);
  if (stage === undefined) {
    throw new Error('The Dockerfile has no stage.');
  }
  image = stage;
});

function services(): [name: string, service: Service][] {
  return Object.entries(compose.services);
}

/** The services that run our program. */
function roles(): [name: string, service: Service][] {
  return services().filter(([name]) => !STORES.includes(name));
}

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) {
    throw new Error(`No service is called ${name}.`);
  }
  return found;
}

describe('docker-compose.yml', () => {
  it('has two gateways, every other role once, and the stores', () => {
    expect(
      services()
        .map(([name]) => name)
        .sort(),
    ).toEqual(
      ['gateway-1', 'gateway-2', ...ROLES.filter((role) => role !== 'all' && role !== 'gateway'), ...STORES].sort(),
    );
    expect(
      services()
        .filter(([, { profiles }]) => profiles !== undefined)
        .map(([name]) => name),
    ).toEqual(['demo-upstreams']);
  });

  it('names exact releases of images', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    for (const [name, { image: tag, build }] of services()) {
      expect({ name, tag, build }).toEqual(
        STORES.includes(name)
          ? { name, tag: expect.stringMatching(/^[a-z]+:\d+(\.\d+)+-bookworm$/), build: undefined }
          : { name, tag: `civigraph:${version}`, build: '.' },
      );
    }
  });

  it('gives no service more rights than it needs', () => {
    for (const [name, { user, read_only, cap_drop, security_opt, privileged }] of services()) {
      expect({ name, user, read_only, cap_drop, security_opt, privileged }).toEqual({
        name,
        user: STORES.includes(name) ? name : 'node',
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        privileged: undefined,
      });
    }
  });

  it('publishes the gateways alone, on this machine', () => {
    expect(services().flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))).toEqual([
      ['gateway-1', '127.0.0.1:4000:4000'],
      ['gateway-2', '127.0.0.1:4001:4000'],
    ]);
    expect(compose.networks.inside).toEqual({ internal: true });
    expect(
      services()
        .filter(([, { networks = [] }]) => networks.includes('outside'))
        .map(([name]) => name)
        .sort(),
    ).toEqual(['gateway-1', 'gateway-2', 'housing', 'ingest']);
  });

  it('asks for the secrets and holds none', async () => {
    await expect(readCompose(FILE, {})).rejects.toThrow('POSTGRES_PASSWORD: ');
    await expect(readCompose(FILE, { POSTGRES_PASSWORD: 'x' })).rejects.toThrow('CMS_URL: ');
    const other = await readCompose(FILE, { ...SECRETS, POSTGRES_PASSWORD: 'another' });
    const url = (from: Compose) => from.services.content?.environment?.DATABASE_URL;
    expect(url(compose)?.replace(SECRETS.POSTGRES_PASSWORD, 'another')).toBe(url(other));
  });

  it('starts each role with a configuration that it takes, and sets nothing that no role reads', () => {
    for (const [name, { command = [], environment = {} }] of roles()) {
      const read = new Set<string>(['NODE_OPTIONS']); // that one is for Node.js itself
      const all: Record<string, string> = { ...image.environment, ...environment };
      const recorded = new Proxy(all, {
        get: (target, variable) => {
          read.add(String(variable));
          return target[String(variable)];
        },
      });
      expect(command).toHaveLength(1);
      const config = readConfig(command[0] ?? '', recorded, { root: '/app', isTerminal: false });
      expect({ name, role: config.role, port: config.port }).toEqual({
        name,
        role: name.replace(/-\d$/, ''),
        port: Number(environment.PORT),
      });
      expect(Object.keys(all).filter((variable) => !read.has(variable))).toEqual([]);
      const needsDatabase = !['gateway', 'demo-upstreams'].includes(config.role);
      expect(config.databaseUrl !== undefined).toBe(needsDatabase);
      expect(config.redisUrl !== undefined).toBe(config.role === 'gateway');
      expect(config.host).toBe('0.0.0.0');
    }
  });

  it('connects what belongs together', () => {
    for (const gateway of ['gateway-1', 'gateway-2']) {
      const { environment = {}, networks = [] } = service(gateway);
      const { subgraphUrls, redisUrl } = readConfig('gateway', environment, { root: '/app', isTerminal: false });
      expect([...subgraphUrls.keys()].sort()).toEqual(['apprenticeships', 'content', 'housing']);
      for (const [name, url] of subgraphUrls) {
        expect(url).toBe(`http://${name}:${service(name).environment?.PORT}/graphql`);
        expect(service(name).networks?.some((network) => networks.includes(network))).toBe(true);
      }
      expect(redisUrl).toBe('redis://redis:6379');
    }
    const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = service('postgres').environment ?? {};
    for (const name of ['content', 'apprenticeships', 'housing', 'ingest']) {
      expect(service(name).environment?.DATABASE_URL).toBe(
        `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}`,
      );
    }
  });

  it('starts a service when those that it cannot do without are well', () => {
    const needs = (name: string) => Object.keys(service(name).depends_on ?? {}).sort();
    expect(needs('gateway-1')).toEqual(['apprenticeships', 'content', 'housing', 'redis']);
    expect(needs('gateway-2')).toEqual(needs('gateway-1'));
    for (const name of ['content', 'apprenticeships', 'housing']) {
      expect(needs(name)).toEqual(['postgres']);
    }
    for (const [, { depends_on = {} }] of services()) {
      for (const [name, { condition, required }] of Object.entries(depends_on)) {
        expect(condition).toBe('service_healthy');
        expect(required).toBe(service(name).profiles === undefined ? undefined : false);
      }
    }
  });

  it('checks the health of every service', async () => {
    const paths = { ingest: '/health/live', 'demo-upstreams': '/api/v3/regions/' } as Record<string, string>;
    const seen = new Set<string>();
    for (const [name, { healthcheck }] of services()) {
      const [kind, ...command] = healthcheck?.test ?? [];
      expect({ name, kind, interval: healthcheck?.interval }).toEqual({ name, kind: 'CMD', interval: '5s' });
      if (STORES.includes(name) || seen.has(command.join(' '))) {
        continue;
      }
      seen.add(command.join(' '));
      const path = paths[name] ?? '/health/ready';
      expect({ name, code: await probe(command, { path, status: 200 }) }).toEqual({ name, code: 0 });
      expect({ name, code: await probe(command, { path, status: 503 }) }).toEqual({ name, code: 1 });
      expect({ name, code: await probe(command, { path, status: 'not listening' }) }).toEqual({ name, code: 1 });
    }
    expect(seen.size).toBe(3);
  });

  it('has a demo that finds the demo upstreams', async () => {
    const variables = parseEnv(await readFile(join(ROOT, 'deploy', 'demo.env'), 'utf8'));
    const demo = await readCompose(FILE, { POSTGRES_PASSWORD: 'x', ...(variables as Record<string, string>) });
    const { cmsUrl, sprungbrettUrl, jobsucheUrl } = readConfig('ingest', demo.services.ingest?.environment ?? {}, {
      root: '/app',
      isTerminal: false,
    });
    const upstreams = await startDemoUpstreams({ logger: silentLogger });
    await upstreams.close();
    const origin = `http://demo-upstreams:${demo.services['demo-upstreams']?.environment?.PORT}`;
    expect(cmsUrl).toBe(origin);
    expect(sprungbrettUrl).toBe(origin + new URL(upstreams.sprungbrettUrl).pathname);
    expect(jobsucheUrl).toBe(origin + new URL(upstreams.jobsucheUrl).pathname);
  });
});
