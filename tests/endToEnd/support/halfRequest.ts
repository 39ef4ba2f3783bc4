import { once } from 'node:events';
import { connect } from 'node:net';

export interface HalfRequest {
  /** Sends the rest and resolves with all that comes back until the connection ends. */
  finish(): Promise<string>;
  close(): void;
}

/** A GraphQL request of which the server has the head and half of the body. */
export async function startHalfRequest(url: string, query: string): Promise<HalfRequest> {
  const { hostname, port, pathname } = new URL(url);
  const body = Buffer.from(JSON.stringify({ query }));
  const half = Math.floor(body.length / 2);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let received = '';
  socket.on('data', (text: string) => {
    received += text;
  });
  const closed = once(socket, 'close');
  socket.on('error', () => {}); // 'close' follows, and what was received tells
  await once(socket, 'connect');
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body.subarray(0, half));
  return {
    finish: async () => {
      socket.write(body.subarray(half));
      await closed;
      return received;
    },
    close: () => socket.destroy(),
  };
}
