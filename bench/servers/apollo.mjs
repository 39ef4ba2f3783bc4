// @apollo/gateway behind @apollo/server, as their documentation sets them up.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';
const { ApolloGateway } = await import('@apollo/gateway');
const { ApolloServer } = await import('@apollo/server');
const { startStandaloneServer } = await import('@apollo/server/standalone');
const { supergraphAt } = await import('../workloads/createSubgraphs.mjs');
const { readGraph } = await import('../workloads/graphs.mjs');

const { graph, subgraphPort } = JSON.parse(process.argv[2]);
const { supergraphSdl } = await readGraph(graph);
const gateway = new ApolloGateway({ supergraphSdl: supergraphAt(supergraphSdl, subgraphPort) });
const { url } = await startStandaloneServer(new ApolloServer({ gateway }), { listen: { port: 0, host: '127.0.0.1' } });
process.send({ port: Number(new URL(url).port) });
