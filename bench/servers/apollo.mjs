// @apollo/gateway behind @apollo/server, as their documentation sets them up. Arguments: port of the subgraphs, own port.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';
const { ApolloGateway, RemoteGraphQLDataSource } = await import('@apollo/gateway');
const { ApolloServer } = await import('@apollo/server');
const { startStandaloneServer } = await import('@apollo/server/standalone');
const { readRetail } = await import('../workloads/retail.mjs');

const [subgraphPort, port] = process.argv.slice(2);
const gateway = new ApolloGateway({
  supergraphSdl: readRetail().supergraphSdl,
  buildService: ({ name }) => new RemoteGraphQLDataSource({ url: `http://127.0.0.1:${subgraphPort}/${name}` }),
});
const server = new ApolloServer({ gateway });
await startStandaloneServer(server, { listen: { port: Number(port), host: '127.0.0.1' } });
process.send('ready');
