import { createGateway, type GatewayOptions } from '../gateway/createGateway.ts';
import type { MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import { EXAMPLE_OPERATION } from './exampleOperation.ts';
import { openMunicipalities, openStore, type Parts, readSchemaFile } from './openParts.ts';
import { startTelemetry } from './startTelemetry.ts';

/** The gateway over our supergraph. Subgraphs of this process are called, the others asked over HTTP. Resolves with its URL. */
export async function startGateway(
  parts: Parts,
  {
    municipalities,
    inProcess,
  }: { municipalities?: MunicipalityRegister; inProcess?: GatewayOptions['inProcess'] } = {},
): Promise<string> {
  const { config, logger, clock, closers } = parts;
  const gateway = await createGateway({
    supergraphSdl: await readSchemaFile(config, 'supergraph.graphql'),
    ...(inProcess === undefined ? {} : { inProcess }),
    subgraphUrls: config.subgraphUrls,
    subgraphNetworks: config.subgraphNetworks,
    municipalities: municipalities ?? (await openMunicipalities(parts)),
    engine: config.engine,
    overrideLabels: config.overrideLabels,
    planToken: config.planToken,
    tracer: await startTelemetry(parts),
    store: openStore(parts),
    clock,
    logger,
    ...(config.hasGraphiql
      ? { graphiql: { endpoint: '/graphql', example: EXAMPLE_OPERATION, packageRoot: config.root } }
      : {}),
  });
  closers.add(() => gateway.close());
  const port = await gateway.listen(config.port, config.host);
  const url = `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`;
  logger.info({ url: `${url}/graphql` }, 'gateway listens');
  return url;
}
