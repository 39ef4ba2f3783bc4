import { readFile } from 'node:fs/promises';

import { Command, InvalidArgumentError, Option } from 'commander';

import { createGateway, type EngineName } from '../gateway/createGateway.ts';
import { systemClock } from '../platform/clock/Clock.ts';
import { createMemoryStore } from '../platform/keyvalue/createMemoryStore.ts';
import { createLogger } from '../platform/logger/createLogger.ts';
import { EXAMPLE_OPERATION } from '../roles/exampleOperation.ts';
import { createParts, openMunicipalities, openStore } from '../roles/openParts.ts';
import { readConfig } from '../roles/readConfig.ts';
import { serveMetrics } from '../roles/serveMetrics.ts';
import type { Surroundings } from './Surroundings.ts';

interface Options {
  readonly supergraph: string;
  readonly port: number;
  readonly host: string;
  readonly municipalities: boolean;
  readonly limits: boolean;
  readonly engine: EngineName;
  readonly cache: boolean;
  readonly sharing: boolean;
}

/** Limits that no honest operation of a benchmark or a conformance suite meets. */
const WIDE_LIMITS = { maxTokens: 100_000, maxDepth: 100, maxAliases: 10_000, maxRootFields: 1_000 };
const WIDE_PLANNING = { maxPlanCharacters: 64 * 1024 * 1024, timeoutMs: 60_000, maxHeapMb: 1_024 };

export function gatewayCommand(surroundings: Surroundings): Command {
  const { root, environment, writeError, isTerminal, onStopSignal } = surroundings;
  return new Command('gateway')
    .description('Serve any supergraph file, without municipalities unless told to.')
    .requiredOption('--supergraph <file>', 'the supergraph SDL; subgraphs are asked at the URLs that stand in it')
    .option('--port <number>', 'where to listen; 0 takes a free port', readPort, 4000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--municipalities', 'gate fields by the municipalities’ files (MUNICIPALITIES_DIR)', false)
    .option('--no-cache', 'keep nothing of what subgraphs answer')
    .option('--no-sharing', 'run equal requests and fetches in flight each by itself')
    .option('--no-limits', 'accept operations of any depth, with any number of aliases')
    .addOption(
      new Option('--engine <name>', 'the executor of operations')
        .choices(['compiled', 'apollo'])
        .default('compiled')
        .env('ENGINE'),
    )
    .action(async ({ supergraph, port, host, municipalities, limits, engine, cache, sharing }: Options) => {
      const parts = municipalities ? createParts(readConfig('gateway', environment, { root, isTerminal })) : undefined;
      const logger = parts?.logger ?? createLogger({ level: 'warn', format: isTerminal ? 'text' : 'json' });
      const supergraphSdl = await readFile(supergraph, 'utf8');
      const register = parts && (await openMunicipalities(parts, supergraphSdl));
      if (parts !== undefined && register !== undefined) {
        await serveMetrics(parts, register);
      }
      const gateway = await createGateway({
        supergraphSdl,
        ...(register === undefined ? {} : { municipalities: register }),
        ...(parts === undefined ? {} : { moduleTokens: parts.config.moduleTokens }),
        store: parts === undefined ? createMemoryStore({ clock: systemClock }) : openStore(parts),
        engine,
        keepsAnswers: cache,
        sharesInFlight: sharing,
        clock: systemClock,
        logger,
        ...(limits ? {} : { limits: WIDE_LIMITS, planning: WIDE_PLANNING }),
        graphiql: {
          endpoint: '/graphql',
          example: municipalities ? EXAMPLE_OPERATION : '{ __typename }\n',
          packageRoot: root,
        },
      });
      const open = await gateway.listen(port, host);
      writeError(`gateway listens at http://${host}:${open}/graphql\n`);
      await new Promise<void>((resolve) => onStopSignal(resolve));
      await gateway.close();
      await parts?.closers.closeAll();
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('expected a port from 0 to 65535');
  }
  return port;
}
