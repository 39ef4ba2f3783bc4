// A process of its own (node --import tsx): a gateway over a subgraph whose field waits until nobody wants it any more. It tells its
// parent where it listens and, when asked, how many wait and what it holds after a collection.
import { queryObjects } from 'node:v8';

import DataLoader from 'dataloader';

import { Exchange } from '../../gateway/fetch/Exchange.ts';
import { OwnDeparture } from '../../gateway/model/Departure.ts';
import { DisabledFeatures } from '../../gateway/model/DisabledFeatures.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { createSubgraph } from '../../subgraphs/kit/createSubgraph.ts';
import { startRawGateway } from '../support/rawGateway.ts';
import { FEDERATION } from '../support/testGateway.ts';

interface Context {
  readonly words: DataLoader<string, string>;
  readonly signal: AbortSignal | undefined;
}

const SDL = 'type Query { hint: String quick: String }';
let waiting = 0;
let loaders = 0;

const subgraph = await createSubgraph<Context>({
  name: 'patient',
  typeDefs: FEDERATION + SDL,
  resolvers: {
    Query: {
      quick: (_: unknown, _args: unknown, { words }: Context) => words.load('quick'),
      hint: async (_: unknown, _args: unknown, { words, signal }: Context) => {
        waiting += 1;
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
        waiting -= 1;
        return words.load('late');
      },
    },
  },
  createContext: (signal) => {
    loaders += 1;
    return { words: new DataLoader(async (keys) => keys), signal };
  },
  logger: silentLogger,
});
const url = `http://127.0.0.1:${await subgraph.listen(0)}/graphql`;
const gateway = await startRawGateway({ patient: { sdl: SDL, url } });

process.on('message', (what: 'waiting' | 'held') => {
  if (what === 'waiting') {
    process.send?.({ waiting });
    return;
  }
  const held = [DataLoader, DisabledFeatures, OwnDeparture, Exchange].map(
    (kind) => [kind.name, queryObjects(kind)] as const,
  );
  process.send?.({ loaders, held: Object.fromEntries(held) });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: gateway.url });
