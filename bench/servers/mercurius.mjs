// @mercuriusjs/gateway behind Fastify, with graphql-jit from the first request on.
import mercuriusGateway from '@mercuriusjs/gateway';
import Fastify from 'fastify';

import { readGraph } from '../workloads/graphs.mjs';

const { graph, subgraphPort } = JSON.parse(process.argv[2]);
const { federation1Sdl = {} } = await readGraph(graph);
const app = Fastify();
await app.register(mercuriusGateway, {
  jit: 1,
  gateway: {
    services: Object.entries(federation1Sdl).map(([name, schema]) => ({
      name,
      schema,
      url: `http://127.0.0.1:${subgraphPort}/${name}`,
    })),
  },
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: Number(new URL(url).port) });
