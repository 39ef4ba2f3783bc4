// A subgraph as a process of its own: `node faultySubgraph.js <port>`. Its parent tells it over IPC how to answer, and asks for
// its counts: { mode } and { stats: true }.
import { createServer } from 'node:http';

const MEGABYTE = Buffer.alloc(1024 * 1024, 0x20);
const JSON_HEAD = { 'content-type': 'application/json' };

/** What a hostile subgraph answers, one after the other. @type {((response: import('node:http').ServerResponse) => void)[]} */
const HOSTILE = [
  (response) => response.writeHead(200, JSON_HEAD).end('{"data":{"hint":{"a":1}}}'),
  (response) => response.writeHead(200, JSON_HEAD).end('{"data":{"__proto__":{"polluted":1},"hint":"x"'),
  (response) => response.writeHead(200, JSON_HEAD).end('[]'),
  (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<form>'),
  (response) => response.writeHead(204).end(),
  (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
  (response) => response.writeHead(200, { ...JSON_HEAD, 'content-encoding': 'gzip' }).end(MEGABYTE),
  (response) => response.writeHead(200, { ...JSON_HEAD, 'content-length': '1073741824' }).end(MEGABYTE),
  (response) => {
    response.writeHead(200, JSON_HEAD);
    for (let i = 0; i < 12; i += 1) {
      response.write(MEGABYTE);
    }
    response.end();
  },
  (response) =>
    response.writeHead(200, JSON_HEAD).end(
      JSON.stringify({
        data: null,
        errors: Array.from({ length: 10_000 }, () => ({ message: 'x'.repeat(100), extensions: { code: 'X' } })),
      }),
    ),
  (response) => response.writeHead(200, JSON_HEAD).end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  (response) => response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{"dat'),
  (response) => response.destroy(),
];

let mode = 'good';
const stats = { queries: 0, mutations: 0, inFlight: 0, most: 0 };

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const isMutation = body.includes('mutation');
    stats[isMutation ? 'mutations' : 'queries'] += 1;
    stats.inFlight += 1;
    stats.most = Math.max(stats.most, stats.inFlight);
    response.once('close', () => {
      stats.inFlight -= 1;
    });
    const good = () =>
      response.writeHead(200, JSON_HEAD).end(isMutation ? '{"data":{"touch":1}}' : '{"data":{"hint":"x"}}');
    const all = stats.queries + stats.mutations;
    if (mode === 'slow') {
      setTimeout(good, 2_900);
    } else if (mode === 'hostile') {
      HOSTILE[all % HOSTILE.length]?.(response);
    } else if (mode === 'away') {
      response.destroy();
    } else if (mode === 'shaky' && all % 10 < 3) {
      response.writeHead(503).end();
    } else {
      good();
    }
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.({ port: addressOf(server) }));

process.on('message', (/** @type {{ mode?: string }} */ message) => {
  if (message.mode === undefined) {
    process.send?.(stats);
  } else {
    mode = message.mode;
    process.send?.({});
  }
});
process.on('disconnect', () => process.exit(0));

/** @param {import('node:http').Server} of */
function addressOf(of) {
  const address = of.address();
  return typeof address === 'object' ? address?.port : undefined;
}
