// Plays the subgraphs: answers each request once with graphql-js, and from memory when the same comes again, so that they are
// never the bottleneck. GET /_levels tells, and forgets, which requests came since, grouped by what ran at the same time.
import { createServer } from 'node:http';

import { readRetail } from '../workloads/retail.mjs';

const { answer } = readRetail();
const known = new Map();
let levels = [];
let open = 0;
let isLevelOver = true;

createServer((request, response) => {
  if (request.url === '/_levels') {
    response.end(JSON.stringify(levels));
    levels = [];
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (isLevelOver) {
      levels = levels.length > 50 ? [] : levels;
      levels.push([]);
      isLevelOver = false;
    }
    levels.at(-1).push([request.url, body]);
    open += 1;
    const key = request.url + body;
    let bytes = known.get(key);
    if (bytes === undefined) {
      bytes = Buffer.from(JSON.stringify(answer(request.url.slice(1), JSON.parse(body))));
      known.set(key, bytes);
    }
    // A moment later, so that requests of one level are seen together.
    setImmediate(() => {
      open -= 1;
      isLevelOver = open === 0;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
      response.end(bytes);
    });
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.send('ready'));
