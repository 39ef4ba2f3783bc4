// The floor: node:http that sends the requests of our gateway to the subgraphs, level by level, and then a ready answer.
// `client`: `own`, the HTTP client of our gateway without what our gateway puts around it, or `undici`; absent: asks nobody.
// `parses`: reads each subgraph answer with JSON.parse.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Pool } from 'undici';

import { createHttp1Client } from '../../dist/gateway/fetch/http1/createHttp1Client.js';

const { subgraphPort, recording, client, parses } = JSON.parse(process.argv[2]);
const { levels, answer } = JSON.parse(readFileSync(recording, 'utf8'));
const bytes = Buffer.from(answer);

const CLIENTS = {
  own(url) {
    const { send } = createHttp1Client({
      url,
      maxBytes: 100 * 2 ** 20,
      connectTimeoutMs: 1_000,
      idleMs: 4_000,
      isAllowedAddress: () => true,
    });
    return (body) =>
      new Promise((onAnswer, onFailure) => {
        send({ body, timeLeftMs: 3_000, isFresh: false, onHead: () => undefined, onAnswer, onFailure });
      });
  },
  undici({ origin, pathname: path }) {
    const pool = new Pool(origin, { connections: 50, pipelining: 1 });
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity' };
    return (body) =>
      new Promise((resolve, onError) => {
        const chunks = [];
        pool.dispatch(
          { path, method: 'POST', headers, body: Buffer.from(body, 'latin1') },
          {
            onConnect: () => {},
            onHeaders: () => true,
            onData: (chunk) => chunks.push(chunk) > 0,
            onComplete: () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)),
            onError,
          },
        );
      });
  },
};

const senders = new Map();
function senderTo(subgraph) {
  if (!senders.has(subgraph)) {
    senders.set(subgraph, CLIENTS[client](new URL(`http://127.0.0.1:${subgraphPort}/${subgraph}`)));
  }
  return senders.get(subgraph);
}

const plan =
  client === undefined
    ? []
    : levels.map((level) =>
        level.map(([subgraph, body]) => ({ send: senderTo(subgraph), body: Buffer.from(body).toString('latin1') })),
      );

async function fetchOnce({ send, body }) {
  const received = await send(body);
  return parses ? JSON.parse(received.toString()) : received;
}

const server = createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    for (const level of plan) {
      await Promise.all(level.map(fetchOnce));
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
