import { Pool } from 'undici';

import { cpuSeconds, hasEnded } from './processes.mjs';

const HEADERS = { 'content-type': 'application/json' };
const TIMEOUT_MS = 60_000;

/** Sends one request; resolves with the status and the text of the answer. */
export async function ask(port, body) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: HEADERS,
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, text: await response.text() };
}

const CHECK_MS = 50;
/** How much longer than its processor time a measurement may take, on a machine that is busy with something else. */
const MAX_STRETCH = 3;

/**
 * Keeps connections to a server busy until it has spent some seconds of processor time, then waits until the last answer is there,
 * so that nothing in flight falsifies the sums. Every answer must have status 200 and as many bytes as the first. Resolves with
 * `{ requests, cpuMs, rps, p50, p99 }`, for one request, latencies in ms.
 */
export async function load(server, body, { seconds, connections = 50 }) {
  const pool = new Pool(`http://127.0.0.1:${server.port}`, {
    connections,
    pipelining: 1,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const latencies = [];
  let length;
  const once = () =>
    new Promise((resolve, reject) => {
      let received = 0;
      let status = 0;
      pool.dispatch(
        { path: '/graphql', method: 'POST', headers: HEADERS, body },
        {
          onConnect: () => {},
          onHeaders: (code) => {
            status = code;
            return true;
          },
          onData: (chunk) => {
            received += chunk.length;
            return true;
          },
          onComplete: () => {
            length ??= received;
            if (status === 200 && received === length) {
              resolve();
            } else {
              reject(new Error(`answered under load with status ${status} and ${received} bytes instead of ${length}`));
            }
          },
          onError: reject,
        },
      );
    });
  const start = performance.now();
  const spentBefore = cpuSeconds(server);
  let isOver = false;
  const checking = setInterval(() => {
    isOver ||=
      hasEnded(server) ||
      cpuSeconds(server) - spentBefore >= seconds ||
      performance.now() - start >= seconds * 1000 * MAX_STRETCH;
  }, CHECK_MS);
  try {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        do {
          const sent = performance.now();
          await once();
          latencies.push(performance.now() - sent);
        } while (!isOver);
      }),
    );
  } finally {
    clearInterval(checking);
    await pool.destroy();
  }
  const elapsed = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(share * (latencies.length - 1))];
  const cpuMs = ((cpuSeconds(server) - spentBefore) * 1000) / latencies.length;
  return { requests: latencies.length, cpuMs, rps: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) };
}
