import { CORE_OF_LOAD, CORE_OF_PEERS, startServer, stopServer } from '../processes.mjs';
import { readGraph } from '../workloads/graphs.mjs';

/** Both sides of a comparison: the gate compiled out, and with it. `[start(), …]`, each resolves with a server. */
export function sidesOf(count) {
  return [false, true].map(
    (gates) => () => startServer('../flags/server.mjs', { count, gates }, { core: CORE_OF_PEERS }),
  );
}

const bodyOf = (query) => JSON.stringify({ query });
const FIELDS = 'name m0 { title count } m1 { title count }';

/** Requests to those servers; both sides answer the same. */
export const sizedRequests = [
  { name: 'one municipality', body: bodyOf(`{ municipality(slug: "t0") { ${FIELDS} } }`), isSame: true },
  { name: '45 municipalities', body: bodyOf(`{ municipalities { ${FIELDS} } }`), isSame: true },
];

/** The same over our own supergraph. `gates` as the server takes it. */
export async function municipalSides(gates) {
  const graph = 'municipal';
  const subgraphs = await startServer('subgraphs.mjs', { graph }, { core: CORE_OF_LOAD });
  const { workloads } = await readGraph(graph);
  return {
    sides: [false, gates].map((each) => () => {
      const options = { graph, subgraphPort: subgraphs.port, gates: each };
      return startServer('civigraph.mjs', options, { core: CORE_OF_PEERS });
    }),
    requests: Object.entries(workloads).map(([name, { title, body }]) => ({
      name: `${name}: ${title}`,
      body,
      isSame: gates === true,
    })),
    close: () => stopServer(subgraphs),
  };
}
