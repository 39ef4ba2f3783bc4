// node bench/transport.mjs [--seconds 3] [--rounds 3]: CPU of one fetch over each HTTP client, 50 at a time, as built by
// `npm run build`. Each client runs alone in a process on one core, the server on the other; clients alternate within a round.
import { fork, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';

import { createHttpTransport } from '../dist/gateway/fetch/createHttpTransport.js';
import { createUndiciClient } from '../dist/gateway/fetch/createUndiciClient.js';

const CONCURRENT = 50;
const SIZES = [860, 20_000];
const signal = new AbortController().signal;
const body = JSON.stringify({ query: `query { ${'a'.repeat(300)} }`, variables: { representations: [{ id: '1' }] } });

/** Each makes one fetch; resolves when the whole answer is there. */
const CLIENTS = {
  'transport, own client': (origin) => overTransport({ url: origin }),
  'transport, undici': (origin) => overTransport({ url: origin, createClient: createUndiciClient }),
  'undici dispatch alone': (origin) => {
    const pool = new Pool(origin, { connections: CONCURRENT });
    return (path) =>
      new Promise((resolve, reject) => {
        const chunks = [];
        pool.dispatch(
          { path, method: 'POST', headers: { 'content-type': 'application/json' }, body },
          {
            onConnect: () => {},
            onHeaders: () => true,
            onData: (chunk) => chunks.push(chunk) > 0,
            onComplete: () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)),
            onError: reject,
          },
        );
      });
  },
};

function overTransport(options) {
  const transports = new Map(
    SIZES.map((size) => {
      const url = `${options.url}/${size}`;
      return [`/${size}`, createHttpTransport({ subgraph: 'bench', ...options, url })];
    }),
  );
  return (path) => transports.get(path).sendBytes({ body, kind: 'query', timeoutMs: 3_000, signal });
}

async function run(name, origin, size, seconds) {
  const once = CLIENTS[name](origin);
  const loop = async (until) => {
    let count = 0;
    await Promise.all(
      Array.from({ length: CONCURRENT }, async () => {
        while (performance.now() < until) {
          await once(`/${size}`);
          count += 1;
        }
      }),
    );
    return count;
  };
  await loop(performance.now() + 1_500);
  const before = process.cpuUsage();
  const count = await loop(performance.now() + seconds * 1_000);
  const { user, system } = process.cpuUsage(before);
  process.send({ microseconds: (user + system) / count, rate: count / seconds });
  process.disconnect();
  process.exit(0);
}

async function serve() {
  const answers = new Map(SIZES.map((size) => [`/${size}`, Buffer.from(`{"data":{"a":"${'x'.repeat(size - 18)}"}}`)]));
  createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const bytes = answers.get(request.url);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
      response.end(bytes);
    });
  }).listen(0, '127.0.0.1', function listening() {
    process.send(this.address().port);
  });
}

function start(args, core) {
  const child = fork(new URL(import.meta.url).pathname, args.map(String), {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  spawnSync('taskset', ['-a', '-cp', String(core), String(child.pid)]);
  return child;
}
const message = (child) => new Promise((resolve) => child.once('message', resolve));

const [role, ...rest] = process.argv.slice(2);
if (role === 'serve') {
  await serve();
} else if (role === 'run') {
  const [name, origin, size, seconds] = rest;
  await run(name, origin, Number(size), Number(seconds));
} else {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '3' }, rounds: { type: 'string', default: '3' } },
  });
  const server = start(['serve'], 1);
  const origin = `http://127.0.0.1:${await message(server)}`;
  const samples = new Map();
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const size of SIZES) {
      for (const name of Object.keys(CLIENTS)) {
        const child = start(['run', name, origin, size, values.seconds], 0);
        const key = `${size} B, ${name}`;
        samples.set(key, [...(samples.get(key) ?? []), await message(child)]);
      }
    }
  }
  server.kill('SIGKILL');
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
  // biome-ignore lint/suspicious/noConsole: a program for the terminal
  console.table(
    [...samples].map(([what, list]) => ({
      what,
      'CPU µs a fetch': median(list.map(({ microseconds }) => microseconds)).toFixed(1),
      'fetches a second': Math.round(median(list.map(({ rate }) => rate))),
    })),
  );
}
