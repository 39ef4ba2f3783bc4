import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { createBreaker } from '../../gateway/fetch/createBreaker.ts';
import { createEgress } from '../../gateway/fetch/createEgress.ts';
import { createHttpTransport } from '../../gateway/fetch/createHttpTransport.ts';
import { createRetryBudget } from '../../gateway/fetch/createRetryBudget.ts';
import { isNetwork } from '../../platform/url/isNetwork.ts';
import { jsonAnswer, startRawServer } from '../support/rawServer.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/testCertificate.ts';

describe('the breaker', () => {
  function create() {
    const time = { now: 0 };
    const breaker = createBreaker({ now: () => time.now, random: () => 0 });
    return { time, breaker };
  }

  it('opens after five failures in a row, and not after four', () => {
    const { breaker } = create();
    for (let i = 0; i < 4; i += 1) breaker.fail('closed');
    breaker.succeed('closed');
    for (let i = 0; i < 4; i += 1) breaker.fail('closed');
    expect(breaker.admit()).toBe('closed');
    breaker.fail('closed');
    expect(breaker.admit()).toBeUndefined();
  });

  it('opens when half of at least ten outcomes in ten seconds were failures, and forgets older ones (S-18)', () => {
    const { time, breaker } = create();
    for (let i = 0; i < 5; i += 1) {
      breaker.succeed('closed');
      breaker.fail('closed');
    }
    expect(breaker.admit()).toBeUndefined();

    const other = create();
    for (let i = 0; i < 4; i += 1) {
      other.breaker.succeed('closed');
      other.breaker.fail('closed');
    }
    other.time.now = 11_000;
    other.breaker.succeed('closed');
    other.breaker.fail('closed');
    expect(other.breaker.admit()).toBe('closed');
    expect(time.now).toBe(0);
  });

  it('lets one probe through, closes at its success, and stays open longer at its failure', () => {
    const { time, breaker } = create();
    for (let i = 0; i < 5; i += 1) breaker.fail('closed');
    time.now = 4_999;
    expect(breaker.admit()).toBeUndefined();
    time.now = 5_000;
    expect([breaker.admit(), breaker.admit()]).toEqual(['probe', undefined]);
    breaker.fail('probe');
    time.now = 14_999;
    expect(breaker.admit()).toBeUndefined();
    time.now = 15_000;
    expect(breaker.admit()).toBe('probe');
    breaker.succeed('probe');
    expect([breaker.admit(), breaker.admit()]).toEqual(['closed', 'closed']);
  });

  it('gives the probe to another when nobody waits for its outcome any more (H-27)', () => {
    const { time, breaker } = create();
    for (let i = 0; i < 5; i += 1) breaker.fail('closed');
    time.now = 5_000;
    expect(breaker.admit()).toBe('probe');
    breaker.leave('probe');
    expect(breaker.admit()).toBe('probe');
  });

  it('opens at once for as long as the other side asks, up to half a minute (S-18)', () => {
    const { time, breaker } = create();
    breaker.fail('closed', 8_000);
    time.now = 7_999;
    expect(breaker.admit()).toBeUndefined();
    time.now = 8_000;
    expect(breaker.admit()).toBe('probe');
    breaker.fail('probe', 3_600_000);
    time.now = 8_000 + 30_000;
    expect(breaker.admit()).toBe('probe');
  });

  it('counts successes that were none as the failures that they are (S-09)', () => {
    const { breaker } = create();
    for (let i = 0; i < 5; i += 1) {
      expect(breaker.admit()).toBe('closed');
      breaker.succeed('closed');
      breaker.retract();
    }
    expect(breaker.admit()).toBeUndefined();
  });
});

describe('the budget for tries again', () => {
  it('allows a fifth of the first tries, and a few at the start (FT-11)', () => {
    const budget = createRetryBudget();
    const spent = Array.from({ length: 1_000 }, () => {
      budget.earn();
      return budget.spend();
    }).filter(Boolean);
    expect(spent.length).toBeLessThanOrEqual(203);
    expect(spent.length).toBeGreaterThanOrEqual(200);
  });

  it('keeps the requests that a subgraph sees below 1.2 times those that were made', async () => {
    const server = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n'));
    const transport = createHttpTransport({
      subgraph: 'housing',
      url: server.origin,
      breaker: { failures: Number.POSITIVE_INFINITY, share: 2 },
    });
    const { signal } = new AbortController();
    for (let i = 0; i < 100; i += 1) {
      await expect(
        transport.send({
          operation: '{ a }',
          operationName: undefined,
          kind: 'query',
          variables: {},
          timeoutMs: 5_000,
          signal,
        }),
      ).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
    }
    await Promise.all([transport.close(), server.close()]);
    expect(server.requests().length).toBeLessThanOrEqual(123);
    expect(server.requests().length).toBeGreaterThan(100);
  });
});

describe('where connections may go (S-20)', () => {
  it.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['::1', true],
    ['2001:db8::1', true],
    ['fd12::1', true],
    ['169.254.169.254', false],
    ['::ffff:169.254.169.254', false],
    ['fe80::1%eth0', false],
    ['fd00:ec2::254', false],
    ['100.100.100.200', false],
    ['0.0.0.0', false],
    ['::', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['', false],
    ['localhost', false],
  ])('%s by default: %s', (address, isAllowed) => {
    expect(createEgress()(address)).toBe(isAllowed);
  });

  it.each([
    ['10.1.2.3', true],
    ['::ffff:10.1.2.3', true],
    ['fd12::1', true],
    ['127.0.0.1', false],
    ['93.184.216.34', false],
    ['169.254.169.254', false],
  ])('%s where 10.0.0.0/8, fd00::/8 and 169.254.0.0/16 are named: %s', (address, isAllowed) => {
    expect(createEgress(['10.0.0.0/8', 'fd00::/8', '169.254.0.0/16'])(address)).toBe(isAllowed);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', 'example.org/8', '::/129', '1.2.3.4/8/8', '/8'])(
    'takes %s for no network',
    (text) => {
      expect(isNetwork(text)).toBe(false);
      expect(() => createEgress([text])).toThrow('is not a network');
    },
  );
});

describe('TLS to a subgraph', () => {
  const request = {
    operation: '{ a }',
    operationName: undefined,
    kind: 'query' as const,
    variables: {},
    timeoutMs: 5_000,
    signal: new AbortController().signal,
  };

  it('fails where nobody vouches for the certificate (S-28)', async () => {
    const server = await startRawServer((socket) => socket.write(jsonAnswer({ data: {} })), { tls: true });
    const transport = createHttpTransport({ subgraph: 'housing', url: server.origin });
    await expect(transport.send(request)).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
    expect(server.requests()).toEqual([]);
    await Promise.all([transport.close(), server.close()]);
  });

  it('speaks HTTP/2 where the server does', async () => {
    const versions: string[] = [];
    const server = createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (incoming, response) => {
      versions.push(incoming.httpVersion);
      incoming.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"data":{"ok":true}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const transport = createHttpTransport({ subgraph: 'housing', url, ca: TEST_CERTIFICATE });
    const answers = await Promise.all([transport.send(request), transport.send({ ...request, kind: 'mutation' })]);
    expect(answers.map(({ data }) => data)).toEqual([{ ok: true }, { ok: true }]);
    expect(versions).toEqual(['2.0', '2.0']);
    await transport.close();
    server.close();
  });
});
