import { createGateway, type Gateway, type GatewayOptions } from '../gateway/createGateway.ts';
import type { MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { EXAMPLE_OPERATION } from './exampleOperation.ts';
import { openMunicipalities, openStore, type Parts, readSchemaFile } from './openParts.ts';
import { serveMetrics } from './serveMetrics.ts';
import { startTelemetry } from './startTelemetry.ts';

export interface GatewayParts {
  readonly municipalities?: MunicipalityRegister;
  readonly inProcess?: NonNullable<GatewayOptions['inProcess']>;
}

/** The gateway as its own process. */
export async function startGateway(parts: Parts): Promise<void> {
  await listen(parts, await openGateway(parts));
}

/** The gateway over our supergraph. Subgraphs of this process are called, the others asked over HTTP. It does not listen yet. */
export async function openGateway(parts: Parts, { municipalities, inProcess }: GatewayParts = {}): Promise<Gateway> {
  const { config, logger, clock, closers } = parts;
  const register = municipalities ?? (await openMunicipalities(parts));
  await serveMetrics(parts, register);
  const gateway = await createGateway({
    supergraphSdl: await readSchemaFile(config, 'supergraph.graphql'),
    ...(inProcess === undefined ? {} : { inProcess }),
    subgraphUrls: config.subgraphUrls,
    subgraphNetworks: config.subgraphNetworks,
    municipalities: register,
    engine: config.engine,
    overrideLabels: config.overrideLabels,
    planToken: config.planToken,
    moduleTokens: config.moduleTokens,
    tracer: await startTelemetry(parts),
    store: openStore(parts),
    clock,
    logger,
    ...(config.hasGraphiql
      ? { graphiql: { endpoint: '/graphql', example: EXAMPLE_OPERATION, packageRoot: config.root } }
      : {}),
  });
  closers.add(() => gateway.close());
  return gateway;
}

/** Lets the gateway listen where the configuration says. Resolves with its URL. */
export async function listen({ config, logger }: Parts, gateway: Gateway): Promise<string> {
  const port = await gateway.listen(config.port, config.host);
  const url = `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`;
  logger.info({ url: `${url}/graphql` }, 'gateway listens');
  return url;
}
