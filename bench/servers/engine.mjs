// The engine alone, between node:http and undici: what the rest of the gateway adds is the difference to civigraph.
import { createServer } from 'node:http';
import { Pool } from 'undici';

import { createEngine } from '../../dist/gateway/engine/createEngine.js';
import { readRetail } from '../workloads/retail.mjs';

const [subgraphPort, port] = process.argv.slice(2);
const engine = createEngine({ supergraphSdl: readRetail().supergraphSdl });
const pool = new Pool(`http://127.0.0.1:${subgraphPort}`, { connections: 64 });

const sendBytes = ({ subgraph, body }) =>
  new Promise((resolve, reject) => {
    const chunks = [];
    pool.dispatch(
      {
        path: `/${subgraph}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(body, 'latin1'),
      },
      {
        onConnect: () => {},
        onHeaders: () => true,
        onData: (chunk) => chunks.push(chunk) > 0,
        onComplete: () => {
          const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
          resolve({ bytes, read: () => JSON.parse(bytes.toString()) });
        },
        onError: reject,
      },
    );
  });

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { query, variables = {}, operationName } = JSON.parse(Buffer.concat(chunks).toString());
    const { operation } = engine.compile(query, operationName);
    const answer = await engine.execute(operation, variables, {
      send: () => Promise.reject(new Error('no doubt')),
      sendBytes,
    });
    const bytes = Buffer.from(`{"data":${answer.data}}`, answer.encoding);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  });
}).listen(Number(port), '127.0.0.1', () => process.send('ready'));
