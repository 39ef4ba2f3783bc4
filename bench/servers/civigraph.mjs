// The gateway of this project, as built by `npm run build`, with nothing kept and nothing shared unless asked for.
// Arguments: port of the subgraphs, own port, `alone` or `shared`.
import { createGateway } from '../../dist/gateway/createGateway.js';
import { systemClock } from '../../dist/platform/clock/Clock.js';
import { createMemoryStore } from '../../dist/platform/keyvalue/createMemoryStore.js';
import { readRetail } from '../workloads/retail.mjs';

const [subgraphPort, port, sharing] = process.argv.slice(2);
const silent = () => {};
const complain = (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const logger = { debug: silent, info: silent, warn: complain, error: complain, child: () => logger };
const gateway = await createGateway({
  supergraphSdl: readRetail().supergraphSdl,
  subgraphUrls: new Map(
    ['accounts', 'inventory', 'products', 'reviews'].map((name) => [name, `http://127.0.0.1:${subgraphPort}/${name}`]),
  ),
  store: createMemoryStore(),
  clock: systemClock,
  logger,
  keepsAnswers: false,
  sharesInFlight: sharing === 'shared',
});
await gateway.listen(Number(port));
process.on('SIGINT', () => process.exit(0));
process.send('ready');
