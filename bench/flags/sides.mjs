import { CORE_OF_LOAD, CORE_OF_PEERS, startServer, stopServer } from '../processes.mjs';
import { readGraph } from '../workloads/graphs.mjs';

/**
 * The sides of a comparison, by their number: two gateways with the gate compiled out, which shows what two equal sides differ by, and
 * one with it.
 */
export const SIDES = { base: 0, again: 1, gated: 2 };

/** Starts them over that many municipalities; without a port of subgraphs, over those in the gateways' own process. */
export function startSides(count, subgraphPort) {
  const options = { count, sides: [false, false, true], subgraphPort };
  return startServer('../flags/server.mjs', options, { core: CORE_OF_PEERS });
}

/** The subgraphs of those behind HTTP. */
export function startSubgraphs() {
  return startServer('subgraphs.mjs', { graph: 'flags' }, { core: CORE_OF_LOAD });
}

const bodyOf = (query) => JSON.stringify({ query });
const FIELDS = 'name m0 { title count } m1 { title count }';

/** Requests to those; all answer the same. */
export const sizedRequests = [
  { name: 'one municipality', body: bodyOf(`{ municipality(slug: "t0") { ${FIELDS} } }`), isSame: true },
  { name: '45 municipalities', body: bodyOf(`{ municipalities { ${FIELDS} } }`), isSame: true },
];

/** The same over our own supergraph; `gates` as the server takes it. */
export async function municipalSides(gates) {
  const graph = 'municipal';
  const subgraphs = await startServer('subgraphs.mjs', { graph }, { core: CORE_OF_LOAD });
  const { workloads } = await readGraph(graph);
  const options = { graph, subgraphPort: subgraphs.port, sides: [false, false, gates] };
  return {
    start: () => startServer('civigraph.mjs', options, { core: CORE_OF_PEERS }),
    requests: Object.entries(workloads).map(([name, { title, body }]) => ({
      name: `${name}: ${title}`,
      body,
      isSame: gates === true,
    })),
    close: () => stopServer(subgraphs),
  };
}
