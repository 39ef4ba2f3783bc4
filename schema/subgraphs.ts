/** Our own subgraphs, in the order of the supergraph. The port is the default of each when it runs as its own process. */
export const SUBGRAPHS = [
  { name: 'content', port: 4001, url: 'http://127.0.0.1:4001/graphql' },
  { name: 'apprenticeships', port: 4002, url: 'http://127.0.0.1:4002/graphql' },
  { name: 'housing', port: 4003, url: 'http://127.0.0.1:4003/graphql' },
] as const;

export type SubgraphName = (typeof SUBGRAPHS)[number]['name'];
