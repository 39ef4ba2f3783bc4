// Hive Gateway behind node:http. `planner`: its own in JavaScript, or `router` for that of router-runtime, written in Rust.
// `shares`: equal subgraph requests in flight run once, as it does when nothing is said.
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

import { supergraphAt } from '../workloads/createSubgraphs.mjs';
import { readGraph } from '../workloads/graphs.mjs';

const { graph, subgraphPort, planner, shares } = JSON.parse(process.argv[2]);
const { supergraphSdl } = await readGraph(graph);
const gateway = createGatewayRuntime({
  supergraph: supergraphAt(supergraphSdl, subgraphPort),
  logging: false,
  ...(planner === 'router' ? { unifiedGraphHandler } : {}),
  ...(shares ? {} : { transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } } }),
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
