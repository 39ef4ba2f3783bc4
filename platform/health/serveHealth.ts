import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Health of a process that serves nothing else: `/health/live` and `/health/ready`. Resolves with how to stop, and the port. */
export async function serveHealth({
  port,
  host,
  isReady,
}: {
  port: number;
  host: string;
  isReady: () => Promise<boolean>;
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '').then(
      (status) =>
        response
          .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
          .end(JSON.stringify({ status: status === 200 ? 'ok' : 'unavailable' })),
      () => response.writeHead(503).end(),
    );
  });
  async function answer(path: string): Promise<number> {
    switch (path) {
      case '/health/live':
        return 200;
      case '/health/ready':
        return (await isReady()) ? 200 : 503;
      default:
        return 404;
    }
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
