import { load } from '../load.mjs';
import { askServer, CORE_OF_PEERS, startServer, stopServer } from '../processes.mjs';
import { sizedRequests } from './sides.mjs';

const [{ body }] = sizedRequests;
const SECONDS = 4;

/**
 * Loads a gateway, and has it build another snapshot meanwhile. Resolves with the delays of its event loop in ms, median and
 * longest, before and while it builds, and with what building took.
 */
export async function measureRebuild(count) {
  const server = await startServer('../flags/server.mjs', { count, sides: [true] }, { core: CORE_OF_PEERS });
  try {
    await load(server, body, { seconds: 2, connections: 10 });
    const loading = load(server, body, { seconds: SECONDS * 2, connections: 10 });
    const { delay: before } = await askServer(server, { wait: SECONDS * 500 });
    const { delay: during, builtMs } = await askServer(server, { build: true });
    await loading;
    return { before, during, builtMs };
  } finally {
    await stopServer(server);
  }
}
