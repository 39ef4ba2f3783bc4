import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FeedRequest {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

/** Plain values are sent as JSON with status 200; a function writes the response itself. */
export type FeedReply = unknown | ((response: ServerResponse) => void);

export interface FeedServer {
  readonly url: string;
  readonly requests: readonly FeedRequest[];
  /** From now on every request is answered by this. */
  answer(reply: (request: FeedRequest) => FeedReply): void;
  forget(): void;
  close(): Promise<void>;
}

/** An upstream on the loopback interface that says what a test tells it to say. */
export async function startFeedServer(): Promise<FeedServer> {
  const requests: FeedRequest[] = [];
  let answer: (request: FeedRequest) => FeedReply = () => raw('', { status: 404 });
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://feed.test');
    const request = {
      path: url.pathname,
      parameters: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
    };
    requests.push(request);
    const reply = answer(request);
    if (typeof reply === 'function') {
      reply(response);
    } else {
      raw(JSON.stringify(reply))(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (next) => {
      answer = next;
    },
    forget: () => {
      requests.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A reply of any body, status and headers. */
export function raw(
  body: string | Buffer,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
}

/** A reply that announces more bytes than come before the connection ends. */
export function truncated(body: string): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) * 2 });
    response.write(body, () => response.destroy());
  };
}
