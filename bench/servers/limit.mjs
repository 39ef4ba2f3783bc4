// The floor: node:http that makes the same fetches with the same client, parses each answer, and sends a ready answer.
// Arguments: port of the subgraphs, own port, file of { bodies: [[subgraph, body][] by level], answer }.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [subgraphPort, port, file] = process.argv.slice(2);
const { levels, answer } = JSON.parse(readFileSync(file, 'utf8'));
const pool = new Pool(`http://127.0.0.1:${subgraphPort}`, { connections: 64 });
const bytes = Buffer.from(answer);

function fetchOnce([path, body]) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    pool.dispatch(
      { path, method: 'POST', headers: { 'content-type': 'application/json' }, body },
      {
        onConnect: () => {},
        onHeaders: () => true,
        onData: (chunk) => chunks.push(chunk) > 0,
        onComplete: () => resolve(JSON.parse(Buffer.concat(chunks).toString())),
        onError: reject,
      },
    );
  });
}

createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    for (const level of levels) {
      await Promise.all(level.map(fetchOnce));
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  });
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
