import { describe, expect, it } from '@jest/globals';

import { createLogger, type LoggerOptions } from '../../../platform/logger/createLogger.ts';
import type { Logger } from '../../../platform/logger/Logger.ts';

function record(options: LoggerOptions = {}): { logger: Logger; lines: string[]; entries: () => unknown[] } {
  const lines: string[] = [];
  const logger = createLogger({ ...options, write: (line) => lines.push(line) });
  return { logger, lines, entries: () => lines.map((line) => JSON.parse(line)) };
}

describe('createLogger', () => {
  it('writes one JSON object a line with level, time and fields', () => {
    const { logger, lines, entries } = record();

    logger.info({ municipality: 'augsburg', count: 2 }, 'synchronised\npages');

    expect(lines[0]?.match(/\n/g)).toHaveLength(1);
    expect(entries()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        municipality: 'augsburg',
        count: 2,
        message: 'synchronised\npages',
      },
    ]);
  });

  it('leaves out what is below its level', () => {
    const { logger, entries } = record({ level: 'warn' });

    logger.info({}, 'quiet');
    logger.warn({}, 'loud');

    expect(entries()).toMatchObject([{ message: 'loud' }]);
  });

  it('adds the fields of a child to each of its lines', () => {
    const { logger, entries } = record();

    logger.child({ source: 'cms' }).child({ part: 'de' }).error({}, 'failed');

    expect(entries()).toMatchObject([{ level: 'error', source: 'cms', part: 'de' }]);
  });

  it('writes an error with its causes, and nothing else that hangs on it', () => {
    const { logger, entries } = record();
    const cause = Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      client: { password: 'x1' },
    });

    logger.error({ err: new TypeError('The feed did not answer.', { cause }) }, 'run failed');

    expect(entries()).toMatchObject([
      {
        err: {
          type: 'TypeError',
          message: 'The feed did not answer.',
          cause: { type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
        },
      },
    ]);
    expect(JSON.stringify(entries())).not.toContain('x1');
  });

  it('survives an error that is its own cause', () => {
    const { logger, entries } = record();
    const error = new Error('circle');
    error.cause = error;

    logger.error({ err: error }, 'failed');

    expect(entries()).toHaveLength(1);
  });

  it('hides secrets in fields, headers and URLs', () => {
    const { logger, lines } = record();
    const secret = 'hunter2';

    logger.info({ token: secret, smtp: { password: secret }, req: { headers: { authorization: secret } } }, 'fields');
    logger.info({ headers: { cookie: secret, 'set-cookie': secret, 'x-api-key': secret } }, 'headers');
    logger.info(
      { url: `postgres://anna:${secret}@db.example.org/civigraph`, err: new Error(`redis://:${secret}@cache failed`) },
      `no connection to postgres://anna:${secret}@db.example.org`,
    );

    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('postgres://anna:[hidden]@db.example.org/civigraph');
  });

  it('writes a line for people', () => {
    const { logger, lines } = record({ format: 'text' });

    logger.warn({ feed: 'ihk', tries: 3, err: new Error('late', { cause: new Error('no route') }) }, 'feed failed');

    expect(lines).toEqual([
      expect.stringMatching(
        /^\d\d:\d\d:\d\d WARN {2}feed failed feed=ihk tries=3 \(Error: late\) \(Error: no route\)\n$/,
      ),
    ]);
  });

  it('puts the stack of an error below its line for people', () => {
    const { logger, lines } = record({ format: 'text' });

    logger.error({ err: new Error('broken') }, 'stopped');

    expect(lines[0]).toMatch(/ERROR stopped \(Error: broken\)\n {4}at .*createLogger\.test/);
  });

  it('does not let outside text forge a line for people', () => {
    const { logger, lines } = record({ format: 'text' });

    logger.info({ title: 'Hof\n12:00:00 ERROR forged\u001b[31m' }, 'page');

    expect(lines[0]?.split('\n')).toHaveLength(2);
    expect(lines[0]).not.toContain('\u001b');
  });
});
