import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { TEST_CERTIFICATE, TEST_KEY } from './testCertificate.ts';

export interface RawRequest {
  readonly head: string;
  readonly body: string;
  /** The first request to the server has 1. */
  readonly nth: number;
}

/** Writes whatever it likes in answer to a request that has come in whole. */
export type RawAnswer = (socket: Socket, request: RawRequest) => void;

export interface RawServer {
  readonly port: number;
  readonly origin: string;
  /** Requests that have come in whole. */
  requests(): readonly RawRequest[];
  /** Connections open now. */
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP/1.1 server that knows requests and leaves each byte of the answers to the test. */
export async function startRawServer(answer: RawAnswer, { tls = false, port = 0 } = {}): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  /** Below TLS, also those whose handshake never ended. */
  const accepted = new Set<Socket>();
  const onConnection = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end !== -1 && text.length >= end + 4 + length) {
        const request = { head: text.slice(0, end), body: text.slice(end + 4), nth: requests.length + 1 };
        text = '';
        requests.push(request);
        answer(socket, request);
      }
    });
  };
  const server: Server = tls
    ? createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, onConnection)
    : createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
  server.on('connection', (socket: Socket) => {
    accepted.add(socket);
    socket.once('close', () => accepted.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const listening = (server.address() as AddressInfo).port;
  return {
    port: listening,
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${listening}`,
    requests: () => requests,
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of accepted) {
          socket.destroy();
        }
      }),
  };
}

/** A whole answer of JSON. */
export function jsonAnswer(body: unknown, head = ''): string {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}content-length: ${Buffer.byteLength(bytes)}\r\n\r\n${bytes}`;
}
