import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import type { Logger } from '../../platform/logger/Logger.ts';
import { ERRORS } from '../../schema/errorCodes.ts';
import { type RawGateway, startRawGateway } from '../support/rawGateway.ts';
import { jsonAnswer, type RawAnswer, type RawServer, startRawServer } from '../support/rawServer.ts';

const ENGINES: readonly EngineName[] = ['compiled', 'apollo'];
const OPERATION = '{ name hint }';

/** How much longer the last connection may stay where other suites share the processor; alone H-27 holds with 1. */
const BUSY = Number(process.env.H27_BUSY ?? 20);

let servers: RawServer[] = [];
let gateway: RawGateway;
/** What the gateway has logged. */
let said: string[] = [];
const note = (...parts: unknown[]): void => void said.push(inspect(parts, { depth: 10, maxStringLength: null }));
const logger: Logger = { debug: note, info: note, warn: note, error: note, child: () => logger };

afterEach(async () => {
  await gateway.close();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

/** A gateway over a subgraph that answers well, and one that answers as told. */
async function start(engine: EngineName, answer: RawAnswer): Promise<RawServer> {
  said = [];
  const good = await startRawServer((socket) => socket.write(jsonAnswer({ data: { name: 'Hof' } })));
  const evil = await startRawServer(answer);
  servers = [good, evil];
  gateway = await startRawGateway(
    {
      good: { sdl: 'type Query { name: String }', url: `${good.origin}/graphql` },
      evil: { sdl: 'type Query { hint: String count: Int }', url: `${evil.origin}/graphql` },
    },
    { engine, logger },
  );
  return evil;
}

describe.each(ENGINES)('a hostile subgraph behind the engine %s', (engine) => {
  /** Twice, so that the short way answers too. */
  const both = async () => [await gateway.execute(OPERATION), await gateway.execute(OPERATION)] as const;

  it('shows nothing of what its errors say, and ten of them at most (S-21)', async () => {
    const secret = 'SELECT * FROM landlord WHERE token=hunter2 at http://10.1.2.3/internal';
    const errors = Array.from({ length: 10_000 }, (_, index) => ({
      message: index === 0 ? secret + 'x'.repeat(1024 * 1024) : secret,
      path: ['hint'],
      locations: [{ line: 1, column: index }],
      extensions: { stacktrace: [secret], exception: { sql: secret }, response: { body: secret } },
    }));
    await start(engine, (socket) => socket.write(jsonAnswer({ data: { hint: null }, errors })));

    for (const { status, data, errors: shown = [], text } of await both()) {
      expect({ status, data }).toEqual({ status: 200, data: { name: 'Hof', hint: null } });
      expect(shown).toHaveLength(10);
      expect(shown[0]).toMatchObject({
        message: 'The subgraph "evil" reported an error.',
        path: ['hint'],
        extensions: { code: 'SUBGRAPH_ERROR' },
      });
      expect(text).not.toMatch(/hunter2|SELECT|10\.1\.2\.3|stacktrace|locations/);
      expect(text.length).toBeLessThan(5_000);
    }
    expect(said.join('\n')).not.toMatch(/hunter2|SELECT|10\.1\.2\.3/);
    expect(said.join('\n').length).toBeLessThan(50_000);
  });

  it('cannot set the status, headers or facts of the answer by extensions (S-22)', async () => {
    const extensions = {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'x-evil': '1', 'set-cookie': 'a=b' } },
      municipal: { deep: { secret: 'hunter2' }, long: 'x'.repeat(100_000), list: ['hunter2'] },
      ['k'.repeat(100_000)]: 1,
      ['__proto__']: { polluted: 1 },
    };
    const errors = [{ message: 'no', path: ['hint'], extensions }];
    await start(engine, (socket) =>
      socket.write(jsonAnswer(JSON.stringify({ data: { hint: null }, errors, extensions: { http: { status: 401 } } }))),
    );

    for (const { status, data, errors: shown, headers, text } of await both()) {
      expect({ status, data }).toEqual({ status: 200, data: { name: 'Hof', hint: null } });
      expect(shown).toMatchObject([{ extensions: { code: 'SUBGRAPH_ERROR', retryable: false } }]);
      expect(Object.keys(shown?.[0]?.extensions ?? {}).sort()).toEqual(['code', 'municipal', 'requestId', 'retryable']);
      expect(headers.get('x-evil') ?? headers.get('set-cookie')).toBeNull();
      expect(text).not.toContain('hunter2');
      expect(text.length).toBeLessThan(1_000);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(Object.keys(ERRORS))('says %s only where it is a subgraph’s to say (S-22)', async (code) => {
    const errors = [{ message: 'about hunter2', path: ['hint'], extensions: { code } }];
    await start(engine, (socket) => socket.write(jsonAnswer({ data: { hint: null }, errors })));
    const isItsOwn = ['BAD_USER_INPUT', 'MUNICIPALITY_UNKNOWN', 'TOO_MANY_REQUESTS', 'SERVICE_UNAVAILABLE'].includes(
      code,
    );

    for (const { status, data, errors: shown, text } of await both()) {
      expect({ status, data }).toEqual({ status: 200, data: { name: 'Hof', hint: null } });
      expect(shown?.map(({ extensions }) => extensions.code)).toEqual([isItsOwn ? code : 'SUBGRAPH_ERROR']);
      expect(text.includes('hunter2')).toBe(isItsOwn);
    }
  });

  it('passes none of its headers on (S-23)', async () => {
    const head =
      'set-cookie: session=evil\r\naccess-control-allow-origin: *\r\ncache-control: public, max-age=99999\r\nx-evil: 1\r\n';
    await start(engine, (socket) => socket.write(jsonAnswer({ data: { hint: 'x' } }, head)));

    for (const { headers, data } of await both()) {
      expect(data).toEqual({ name: 'Hof', hint: 'x' });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(['set-cookie', 'access-control-allow-origin', 'x-evil'].filter((name) => headers.has(name))).toEqual([]);
    }
  });

  it('is never asked for traces, and theirs are not read (S-24)', async () => {
    const ftv1 = Buffer.alloc(2 * 1024 * 1024, 0xff).toString('base64');
    const evil = await start(engine, (socket) =>
      socket.write(jsonAnswer({ data: { hint: 'x' }, extensions: { ftv1 } })),
    );

    for (let i = 0; i < 2; i += 1) {
      const { data, errors, text } = await gateway.execute(OPERATION, {
        headers: { 'apollo-federation-include-trace': 'ftv1' },
      });
      expect({ data, errors }).toEqual({ data: { name: 'Hof', hint: 'x' }, errors: undefined });
      expect(text).not.toContain('ftv1');
    }
    expect(
      evil
        .requests()
        .map(({ head }) => head)
        .join('\n'),
    ).not.toMatch(/trace|ftv1/i);
  });

  it('sees nothing of the client: no cookie, no authorization, no address', async () => {
    const evil = await start(engine, (socket) => socket.write(jsonAnswer({ data: { hint: 'x' } })));
    await gateway.execute(OPERATION, {
      headers: { cookie: 'a=b', authorization: 'Bearer c', 'x-forwarded-for': '1.2.3.4' },
    });

    expect(
      evil
        .requests()[0]
        ?.head.toLowerCase()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(':')[0])
        .sort(),
    ).toEqual(['accept', 'accept-encoding', 'content-length', 'content-type', 'host', 'x-request-timeout-ms']);
  });

  it('gives its other fields where one of them has a wrong type (S-01)', async () => {
    await start(engine, (socket) => socket.write(jsonAnswer({ data: { hint: { no: 'text' }, count: 'many' } })));

    const { data, errors } = await gateway.execute('{ name hint count }');

    expect(data).toEqual({ name: 'Hof', hint: null, count: null });
    expect(errors?.map(({ path }) => path?.[0]).sort()).toEqual(['count', 'hint']);
  });

  it('is let go of when clients leave, again and again, and stays trusted (H-27)', async () => {
    const rounds = engine === 'compiled' || BUSY === 1 ? 50 : 10;
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', onUnhandled).on('uncaughtExceptionMonitor', onUnhandled);
    let isSlow = true;
    let open = 0;
    let leftAt = 0;
    const untilEnd: number[] = [];
    const evil = await start(engine, (socket) => {
      if (isSlow) {
        open += 1;
        socket.once('close', () => {
          open -= 1;
          untilEnd.push(performance.now() - leftAt);
        });
      } else {
        socket.write(jsonAnswer({ data: { hint: 'x' } }));
      }
    });
    const { hostname, port } = new URL(gateway.url);
    const body = JSON.stringify({ query: OPERATION });
    const request = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    for (let round = 0; round < rounds; round += 1) {
      const clients = Array.from({ length: 20 }, () =>
        connect(Number(port), hostname, function send(this: Socket) {
          this.write(request);
        }),
      );
      await until(() => evil.requests().length === 20 * (round + 1));
      await sleep(10);
      leftAt = performance.now();
      for (const client of clients) {
        client.destroy();
      }
      await until(() => open === 0);
    }
    isSlow = false;
    process.off('unhandledRejection', onUnhandled).off('uncaughtExceptionMonitor', onUnhandled);

    expect(unhandled).toEqual([]);
    expect(evil.requests()).toHaveLength(20 * rounds);
    expect(untilEnd.sort((a, b) => a - b)[10 * rounds]).toBeLessThan(100);
    expect(untilEnd.at(-1)).toBeLessThan(100 * BUSY);
    expect((await gateway.execute(OPERATION)).data).toEqual({ name: 'Hof', hint: 'x' });
  });
});

/** Waits for something that must come to pass in ten seconds. */
async function until(isTrue: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!isTrue()) {
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await sleep(5);
  }
}
