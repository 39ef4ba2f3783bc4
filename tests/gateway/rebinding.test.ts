import dgram from 'node:dgram';
import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createHttpTransport } from '../../gateway/fetch/createHttpTransport.ts';
import { createUndiciClient } from '../../gateway/fetch/createUndiciClient.ts';
import type { SubgraphTransport } from '../../gateway/model/SubgraphTransport.ts';

const NAME = 'subgraph.test';
const OURS = '127.0.0.1';
const THEIRS = '127.0.0.2';

/** A name server on UDP that tells one address for every name, good for no time at all (RFC 1035). */
async function startNameServer(): Promise<{ port: number; point(address: string): void; close(): void }> {
  let address = OURS;
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, from) => {
    const questionEnd = query.indexOf(0, 12) + 5; // the name ends with an empty label; type and class follow
    const isA = query.readUInt16BE(questionEnd - 4) === 1;
    const head = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x85, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
    socket.send(
      Buffer.concat([head, query.subarray(12, questionEnd), ...(isA ? [answer] : [])]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    point: (next) => {
      address = next;
    },
    close: () => socket.close(),
  };
}

async function listen(port: number, host: string, onRequest: () => void): Promise<Server> {
  const server = createServer((request, response) => {
    onRequest();
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end('{"data":{}}');
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return server;
}

describe.each([
  { name: 'our own client', createClient: undefined },
  { name: 'undici', createClient: createUndiciClient },
])('a name that leads elsewhere later, asked by $name (S-20)', ({ createClient }) => {
  const systemLookup = dns.lookup;
  let names: Awaited<ReturnType<typeof startNameServer>>;
  let ours: Server;
  let theirs: Server;
  let transport: SubgraphTransport;
  const requests = { ours: 0, theirs: 0 };
  let lookups = 0;

  beforeAll(async () => {
    names = await startNameServer();
    const resolver = new dns.Resolver();
    resolver.setServers([`127.0.0.1:${names.port}`]);
    // The system's resolver is not ours to set: the sockets' lookups go to the name server above.
    const lookup = (host: string, options: dns.LookupAllOptions, done: (...results: unknown[]) => void): void => {
      if (host !== NAME) {
        systemLookup(host, options, done);
        return;
      }
      lookups += 1;
      const { all }: dns.LookupOptions = options;
      resolver.resolve4(host, (error, addresses = []) =>
        all === true
          ? done(
              error,
              addresses.map((address) => ({ address, family: 4 })),
            )
          : done(error, addresses[0], 4),
      );
    };
    dns.lookup = lookup as unknown as typeof dns.lookup;
  });

  beforeEach(async () => {
    requests.ours = requests.theirs = lookups = 0;
    names.point(OURS);
    ours = await listen(0, OURS, () => {
      requests.ours += 1;
    });
    const { port } = ours.address() as AddressInfo;
    theirs = await listen(port, THEIRS, () => {
      requests.theirs += 1;
    });
    transport = createHttpTransport({
      subgraph: 'housing',
      url: `http://${NAME}:${port}/graphql`,
      networks: [`${OURS}/32`],
      ...(createClient === undefined ? {} : { createClient }),
    });
  });

  afterEach(async () => {
    await transport.close();
    for (const server of [ours, theirs]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  afterAll(() => {
    dns.lookup = systemLookup;
    names.close();
  });

  async function ask(): Promise<unknown> {
    const { signal } = new AbortController();
    const request = { operation: '{ a }', operationName: undefined, kind: 'query', variables: {}, timeoutMs: 5_000 };
    try {
      return (await transport.send({ ...request, kind: 'query', signal })).data;
    } catch (error) {
      return (error as { extensions?: { code?: string } }).extensions?.code ?? error;
    }
  }

  it('sends nothing to the new address, and goes on when the name leads back', async () => {
    expect(await ask()).toEqual({});

    names.point(THEIRS);
    ours.closeAllConnections(); // what is kept need not ask for the name again
    const lookupsBefore = lookups;
    expect([await ask(), await ask()]).toEqual(['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE']);
    expect(lookups).toBeGreaterThan(lookupsBefore);
    expect(requests.theirs).toBe(0);

    names.point(OURS);
    expect(await ask()).toEqual({});
    expect(requests).toEqual({ ours: 2, theirs: 0 });
  });
});
