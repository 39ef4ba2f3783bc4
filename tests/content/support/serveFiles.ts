import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedAnswer {
  readonly status?: number;
  readonly body: string;
  readonly type?: string;
}

export interface TestServer {
  readonly url: string;
  /** Path and query of every request, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** An HTTP server that answers whatever `answer` says; undefined is the HTML 404 of a CMS that knows no such path. */
export async function serve(
  answer: (path: string, request: IncomingMessage) => ServedAnswer | undefined,
): Promise<TestServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://cms.test');
    requests.push(decodeURIComponent(`${url.pathname}${url.search}`));
    const {
      status = 200,
      body,
      type = 'application/json',
    } = answer(decodeURIComponent(url.pathname), request) ?? {
      status: 404,
      body: '<!doctype html><title>Not Found</title>',
      type: 'text/html; charset=utf-8',
    };
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
