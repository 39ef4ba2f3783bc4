// Plays all subgraphs of a graph: answers each request once with graphql-js, and from memory when the same comes again, so that
// they are never the bottleneck. POST /_record: from now on notes requests, grouped by what ran at the same time, and answers
// late so that a group is seen whole; GET /_record: what was noted, and stops that.
import { createServer } from 'node:http';

import { readGraph } from '../workloads/graphs.mjs';

const { graph } = JSON.parse(process.argv[2]);
const { answer } = await readGraph(graph);
const RECORDING_DELAY_MS = 150;
const MAX_KNOWN = 20_000;
const known = new Map();
let recorded;

function bytesFor(path, body) {
  const key = path + body.toString('latin1');
  let bytes = known.get(key);
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(answer(path.slice(1), JSON.parse(body.toString()))));
    if (known.size >= MAX_KNOWN) {
      known.clear();
    }
    known.set(key, bytes);
  }
  return bytes;
}

function send(response, bytes) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

function record(path, body, response) {
  const level = recorded.at(-1);
  if (level === undefined || level.isAnswered) {
    recorded.push({ isAnswered: false, requests: [] });
  }
  recorded.at(-1).requests.push([path.slice(1), body.toString()]);
  const own = recorded.at(-1);
  setTimeout(() => {
    own.isAnswered = true;
    send(response, bytesFor(path, body));
  }, RECORDING_DELAY_MS);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    if (request.url === '/_record') {
      const levels = recorded?.map(({ requests }) => requests) ?? [];
      recorded = request.method === 'POST' ? [] : undefined;
      send(response, Buffer.from(JSON.stringify(levels)));
    } else if (recorded === undefined) {
      send(response, bytesFor(request.url, body));
    } else {
      record(request.url, body, response);
    }
  });
});
server.keepAliveTimeout = 600_000; // a peer that waits for its turn keeps its connections
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
