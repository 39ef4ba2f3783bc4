import { Pool } from 'undici';

const CONNECTIONS = 50;

/** Sends one request and returns the text of its answer. */
export async function ask(port, body) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return response.text();
}

/**
 * Keeps 50 connections busy for some seconds, then waits until the last answer is there, so that nothing in flight falsifies
 * the sums. Every answer must have the length of the first.
 */
export async function load(port, body, seconds) {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS, pipelining: 1 });
  const latencies = [];
  let length;
  const start = performance.now();
  const end = start + seconds * 1000;
  const once = () =>
    new Promise((resolve, reject) => {
      let received = 0;
      pool.dispatch(
        { path: '/graphql', method: 'POST', headers: { 'content-type': 'application/json' }, body },
        {
          onConnect: () => {},
          onHeaders: (status) => {
            if (status !== 200) {
              reject(new Error(`status ${status}`));
            }
            return true;
          },
          onData: (chunk) => {
            received += chunk.length;
            return true;
          },
          onComplete: () => {
            length ??= received;
            if (received === length) {
              resolve();
            } else {
              reject(new Error(`an answer of ${received} bytes after one of ${length}`));
            }
          },
          onError: reject,
        },
      );
    });
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) {
        const sent = performance.now();
        await once();
        latencies.push(performance.now() - sent);
      }
    }),
  );
  const elapsed = (performance.now() - start) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(share * (latencies.length - 1))];
  return { requests: latencies.length, rps: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) };
}
