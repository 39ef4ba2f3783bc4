import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import { type RawGateway, startRawGateway } from '../support/rawGateway.ts';
import { jsonAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';

const REQUESTS = 600;
const LANES = 48;
const QUERY = 'query Pair($id: Int!) { left(id: $id) right(id: $id) }';

let servers: RawServer[] = [];
let gateway: RawGateway;
let agent = new Agent({ keepAlive: true });

afterEach(async () => {
  agent.destroy();
  await gateway.close();
  await Promise.all(servers.map((server) => server.close()));
});

/** From this id on, texts are longer than what sockets take without a reader. */
const LONG_ONES = 1_000;

/** Between 20 bytes and 90 KB that no other id and side has. */
function textOf(side: string, id: number): string {
  return `${side}-${id}.`.repeat(id >= LONG_ONES ? 300_000 : 2 + ((id * 7_919) % 10) ** 4);
}

function answerTo(id: number): string {
  return JSON.stringify({ data: { left: textOf('left', id), right: textOf('right', id) } });
}

/** Answers each id with its text, in one piece or in chunks, soon or late. */
async function startSide(side: string): Promise<RawServer> {
  const server = await startRawServer((socket, { body }) => {
    const { id } = JSON.parse(body).variables;
    const text = JSON.stringify({ data: { [side]: textOf(side, id) } });
    const answer =
      id % 3 === 0
        ? `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
        : jsonAnswer(text);
    const half = Math.floor(answer.length / 2);
    socket.write(answer.slice(0, half));
    setTimeout(() => socket.write(answer.slice(half)), id % 5);
  });
  servers.push(server);
  return server;
}

function post(id: number): ClientRequest {
  const { hostname, port, pathname } = new URL(gateway.url);
  const asked = request({
    hostname,
    port,
    path: pathname,
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  });
  asked.end(JSON.stringify({ query: QUERY, variables: { id } }));
  return asked;
}

/** Compares without printing megabytes. */
function expectAnswer(text: string, id: number): void {
  expect(text === answerTo(id) ? 'as asked' : text.slice(0, 300)).toBe('as asked');
}

/** Reads all of an answer; a slow reader lets it wait on the way. */
async function read(asked: ClientRequest, isSlow: boolean): Promise<string> {
  const answer = await headOf(asked);
  if (isSlow) {
    await sleep(30);
  }
  return textOfBody(answer);
}

/** The answer, of which nobody reads more than its head. */
function headOf(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once('response', (answer) => {
      answer.pause();
      resolve(answer);
    });
    asked.once('error', reject);
  });
}

async function textOfBody(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += chunk;
  }
  return text;
}

/** Leaves after the first bytes of the answer. */
function leaveMidway(asked: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    asked.once('error', () => resolve());
    asked.once('close', () => resolve());
    asked.once('response', (answer) => {
      answer.once('error', () => resolve());
      answer.once('data', () => asked.destroy());
    });
  });
}

describe.each([true, false])('answers of many sizes in memory that is used again (sharing: %s)', (sharesInFlight) => {
  async function start(): Promise<void> {
    servers = [];
    agent = new Agent({ keepAlive: true });
    const [left, right] = [await startSide('left'), await startSide('right')];
    gateway = await startRawGateway(
      {
        left: { sdl: 'type Query { left(id: Int!): String }', url: `${left.origin}/graphql` },
        right: { sdl: 'type Query { right(id: Int!): String }', url: `${right.origin}/graphql` },
      },
      { sharesInFlight },
    );
  }

  it('are never mixed up, with clients that read slowly, leave, and ask the same at once', async () => {
    await start();
    let next = 0;
    let answered = 0;
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        while (next < REQUESTS) {
          const n = next++;
          const id = Math.floor(n / 3); // three at a time ask the same
          if (n % 10 === 9) {
            await leaveMidway(post(id));
          } else {
            const text = await read(post(id), n % 4 === 0);
            expectAnswer(text, id);
            answered++;
          }
        }
      }),
    );
    expect(answered).toBeGreaterThan(REQUESTS / 2);
  });

  it('wait for their reader as they are, while others come and go', async () => {
    await start();
    await read(post(LONG_ONES), false); // known from now on
    const waiting = await headOf(post(LONG_ONES));
    for (let id = LONG_ONES + 1; id < LONG_ONES + 5; id++) {
      expectAnswer(await read(post(id), false), id);
    }
    expectAnswer(await textOfBody(waiting), LONG_ONES);
  });
});
