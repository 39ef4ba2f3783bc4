import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Clock } from '../platform/clock/Clock.ts';
import type { MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import type { Parts } from './openParts.ts';

/** Metrics for the operator, on a port of their own. Nothing is loaded or collected where the configuration names no port. */
export async function serveMetrics(
  { config, clock, logger, closers }: Parts,
  municipalities: MunicipalityRegister,
): Promise<void> {
  const { port, host } = config.metrics;
  if (port === undefined) {
    return;
  }
  const registry = await createRegistry(municipalities, clock);
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => {
        logger.error({ err: error }, 'metrics cannot be read');
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  closers.add(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port: open } = server.address() as AddressInfo;
  logger.info({ url: `http://${host}:${open}/metrics` }, 'metrics listen');
}

/** Every value is read when somebody asks, so that there is one truth and no copy of it. */
async function createRegistry(municipalities: MunicipalityRegister, clock: Clock) {
  const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `civigraph_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('municipalities', 'Municipalities of the snapshot in use.', () => municipalities.current().municipalities.size);
  gauge('municipality_snapshot_age_seconds', 'Time since the snapshot was built.', () =>
    Math.max(0, (clock.now() - municipalities.current().loadedAt.getTime()) / 1_000),
  );
  gauge(
    'municipality_problems',
    'What is wrong with the files or the provider now.',
    () => municipalities.problems().length,
  );
  gauge(
    'municipality_last_failed_reload_timestamp_seconds',
    'When a change of files was refused last, Unix time; 0: never.',
    () => (municipalities.refusals().lastAt?.getTime() ?? 0) / 1_000,
  );
  new Gauge({
    name: 'civigraph_municipality_snapshot_info',
    help: 'The id of the snapshot in use; 1.',
    labelNames: ['id'],
    registers,
    collect() {
      this.reset();
      this.set({ id: municipalities.current().id }, 1);
    },
  });
  new Counter({
    name: 'civigraph_municipality_reloads_failed_total',
    help: 'Changes of files that were refused; the state before stayed.',
    registers,
    collect() {
      this.reset();
      this.inc(municipalities.refusals().count);
    },
  });
  return registry;
}
