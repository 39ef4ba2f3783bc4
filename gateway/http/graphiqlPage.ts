import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { FastifyInstance } from 'fastify';

/** The path of the explorer; its scripts lie below it. */
export const GRAPHIQL_PATH = '/graphiql';

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const ASSETS = [
  { name: 'react.js', module: 'react', file: 'umd/react.production.min.js', type: JAVASCRIPT },
  { name: 'react-dom.js', module: 'react-dom', file: 'umd/react-dom.production.min.js', type: JAVASCRIPT },
  { name: 'graphiql.js', module: 'graphiql', file: 'graphiql.min.js', type: JAVASCRIPT },
  { name: 'graphiql.css', module: 'graphiql', file: 'graphiql.min.css', type: 'text/css; charset=utf-8' },
] as const;

export interface GraphiqlOptions {
  /** Path of the GraphQL endpoint. */
  readonly endpoint: string;
  /** The operation that a newcomer finds in the editor. */
  readonly example: string;
  /** A file of this installation, from which the packages are found. */
  readonly packageRoot: string;
}

/** Serves GraphiQL from the installed packages: no other host is asked for anything, and the page's policy forbids it. */
export function serveGraphiql(server: FastifyInstance, { endpoint, example, packageRoot }: GraphiqlOptions): void {
  const { resolve } = createRequire(join(packageRoot, 'package.json'));
  for (const { name, module, file, type } of ASSETS) {
    const path = join(dirname(resolve(`${module}/package.json`)), file);
    server.get(`${GRAPHIQL_PATH}/${name}`, async (_request, reply) => {
      const content = await readFile(path);
      return reply.type(type).header('cache-control', 'public, max-age=86400').send(content);
    });
  }
  server.get(`${GRAPHIQL_PATH}/start.js`, async (_request, reply) =>
    reply.type(JAVASCRIPT).header('cache-control', 'no-cache').send(startScript({ endpoint, example })),
  );
  server.get(GRAPHIQL_PATH, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      )
      .send(PAGE),
  );
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Civigraph explorer</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${GRAPHIQL_PATH}/graphiql.css">
<style>html, body, #explorer { height: 100%; margin: 0 }</style>
</head>
<body>
<main id="explorer">The explorer needs JavaScript. The endpoint answers GraphQL over HTTP without it.</main>
<script src="${GRAPHIQL_PATH}/react.js"></script>
<script src="${GRAPHIQL_PATH}/react-dom.js"></script>
<script src="${GRAPHIQL_PATH}/graphiql.js"></script>
<script src="${GRAPHIQL_PATH}/start.js"></script>
</body>
</html>
`;

function startScript({ endpoint, example }: Pick<GraphiqlOptions, 'endpoint' | 'example'>): string {
  return `const fetcher = GraphiQL.createFetcher({ url: ${JSON.stringify(endpoint)} });
ReactDOM.createRoot(document.getElementById('explorer')).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: ${JSON.stringify(example)} }),
);
`;
}
