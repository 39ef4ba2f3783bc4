import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

import { createMaildirMailer } from '../../platform/mail/createMaildirMailer.ts';
import { createSmtpMailer } from '../../platform/mail/createSmtpMailer.ts';
import { assertSafeMessage, MailError, type Mailer } from '../../platform/mail/Mailer.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { openTestDatabase } from '../support/database.ts';
import {
  codesOf,
  createHousingWorld,
  createRecordingLogger,
  payloadOf,
  type RecordingLogger,
  readId,
  readToken,
} from './createHousingWorld.ts';

const FROM = 'Wohnbörse Musterstadt <noreply@example.org>';
const MESSAGE = { to: 'mara.muster@example.org', subject: 'Bestätigen: 2½ Zimmer', text: 'Grüße\n\nGeheimwort-4711\n' };

interface TestSmtpServer {
  readonly url: string;
  readonly mails: ParsedMail[];
  readonly recipients: string[];
  /** The code of the answer to RCPT TO; undefined: taken. */
  refusal: number | undefined;
  connections: number;
  close(): Promise<void>;
}

async function startSmtpServer(): Promise<TestSmtpServer> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onConnect: (_session, callback) => {
      state.connections += 1;
      callback();
    },
    onRcptTo: (address, _session, callback) => {
      if (state.refusal === undefined) {
        state.recipients.push(address.address);
        callback();
        return;
      }
      callback(Object.assign(new Error(`no ${address.address} here`), { responseCode: state.refusal }));
    },
    onData: (stream, _session, callback) => {
      simpleParser(stream).then(
        (mail) => {
          state.mails.push(mail);
          callback();
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error('unreadable')),
      );
    },
  });
  await new Promise<void>((resolve) => {
    smtp.listen(0, '127.0.0.1', () => resolve());
  });
  const state: TestSmtpServer = {
    url: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    mails: [],
    recipients: [],
    refusal: undefined,
    connections: 0,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
  return state;
}

function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The server does not listen on a port.');
  }
  return address.port;
}

async function failureOf(work: Promise<void>): Promise<MailError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MailError) {
      return error;
    }
    throw error;
  }
  throw new Error('Nothing failed.');
}

describe('assertSafeMessage', () => {
  it.each([
    '',
    'a',
    'a@b@c',
    'a@example.org, b@example.org',
    'a@example.org\r\nBcc: b',
    'A <a@example.org>',
    'ä@example.org',
  ])('X-10: refuses the recipient %j', (to) => {
    expect(() => assertSafeMessage({ ...MESSAGE, to })).toThrow(MailError);
  });

  it('X-10: refuses a line break in the subject', () => {
    expect(() => assertSafeMessage({ ...MESSAGE, subject: 'a\r\nBcc: b@example.org' })).toThrow(MailError);
    expect(() => assertSafeMessage(MESSAGE)).not.toThrow();
  });
});

describe('createSmtpMailer', () => {
  let server: TestSmtpServer;
  let mailer: Mailer;
  let logger: RecordingLogger;
  beforeEach(async () => {
    server = await startSmtpServer();
    logger = createRecordingLogger();
    mailer = createSmtpMailer({ url: server.url, from: FROM, logger });
  });
  afterEach(async () => {
    await mailer.close();
    await server.close();
  });

  it('delivers text and subject with their umlauts to the one recipient', async () => {
    await mailer.send(MESSAGE);

    const [mail] = server.mails;
    expect(mail?.subject).toBe(MESSAGE.subject);
    expect(mail?.text?.trim()).toBe(MESSAGE.text.trim());
    expect(mail?.html).toBe(false);
    expect(mail?.from?.value).toEqual([{ name: 'Wohnbörse Musterstadt', address: 'noreply@example.org' }]);
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(server.recipients).toEqual([MESSAGE.to]);
  });

  it('sends many messages over a few connections', async () => {
    await Promise.all(Array.from({ length: 20 }, () => mailer.send(MESSAGE)));

    expect(server.mails).toHaveLength(20);
    expect(server.connections).toBeLessThanOrEqual(3);
  });

  it('calls a refused recipient refused, and a full or busy mailbox a thing to try again', async () => {
    server.refusal = 550;
    expect((await failureOf(mailer.send(MESSAGE))).failure).toBe('refused');
    server.refusal = 451;
    expect((await failureOf(mailer.send(MESSAGE))).failure).toBe('unavailable');
    server.refusal = undefined;
    await mailer.send(MESSAGE);
    expect(server.mails).toHaveLength(1);
  });

  it('X-20: names no recipient and no text in errors and log lines', async () => {
    server.refusal = 550;
    const { message } = await failureOf(mailer.send(MESSAGE));
    server.refusal = undefined;
    await mailer.send(MESSAGE);

    expect(logger.lines).toHaveLength(2);
    expect(`${message}${logger.lines.join('')}`).not.toMatch(/mara|Geheimwort|Zimmer/i);
  });

  it('is unavailable when no server listens', async () => {
    await server.close();

    expect((await failureOf(mailer.send(MESSAGE))).failure).toBe('unavailable');
    server = await startSmtpServer();
  });

  it('gives up at its deadline when a server accepts the connection and says nothing', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', () => resolve());
    });
    const hasty = createSmtpMailer({
      url: `smtp://127.0.0.1:${portOf(silent)}`,
      from: FROM,
      logger,
      deadlineMs: 200,
      maxPending: 2,
    });
    const started = performance.now();

    const failures = await Promise.all([1, 2, 3].map(() => failureOf(hasty.send(MESSAGE))));

    expect(performance.now() - started).toBeLessThan(3_000);
    expect(failures.map(({ failure }) => failure)).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(failures[2]?.message).toBe('2 e-mails are waiting to be sent already.');
    await hasty.close();
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => silent.close(resolve));
  });

  it.each(['', 'http://127.0.0.1', 'mail.example.org', 'file:///etc/passwd'])('refuses the URL %j at once', (url) => {
    expect(() => createSmtpMailer({ url, from: FROM, logger })).toThrow('smtp:// or smtps://');
  });

  it('does not repeat a password of a bad URL', () => {
    expect(() => createSmtpMailer({ url: 'http://user:hunter2@127.0.0.1', from: FROM, logger })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('createMaildirMailer', () => {
  let directory: string;
  let logger: RecordingLogger;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'civigraph-maildir-'));
    logger = createRecordingLogger();
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('writes a readable message into new/ and leaves nothing in tmp/', async () => {
    const maildir = join(directory, 'below', 'mail');
    const mailer = createMaildirMailer({ directory: maildir, from: FROM, logger });

    await mailer.send(MESSAGE);

    const [name, ...others] = await readdir(join(maildir, 'new'));
    expect(others).toEqual([]);
    expect(await readdir(join(maildir, 'tmp'))).toEqual([]);
    expect(await readdir(join(maildir, 'cur'))).toEqual([]);
    const file = join(maildir, 'new', name ?? '');
    expect((await stat(file)).mode & 0o077).toBe(0);
    const mail = await simpleParser(await readFile(file));
    expect(mail.subject).toBe(MESSAGE.subject);
    expect(mail.text?.trim()).toBe(MESSAGE.text.trim());
    expect(mail.to).toMatchObject({ value: [{ address: MESSAGE.to, name: '' }] });
    expect(mail.messageId).toMatch(/^<.+@.+>$/);
    expect(mail.date).toBeInstanceOf(Date);
    await mailer.close();
  });

  it('X-20: logs the file and the subject, and neither the recipient nor the text', async () => {
    const mailer = createMaildirMailer({ directory, from: FROM, logger });

    await mailer.send(MESSAGE);

    const [line, ...others] = logger.lines;
    expect(others).toEqual([]);
    const [name] = await readdir(join(directory, 'new'));
    expect(JSON.parse(line ?? '')).toMatchObject({
      file: join(directory, 'new', name ?? ''),
      subject: MESSAGE.subject,
    });
    expect(line).not.toMatch(/mara|Geheimwort/i);
  });

  it('gives messages of the same instant names of their own', async () => {
    const mailers = [1, 2].map(() =>
      createMaildirMailer({ directory, from: FROM, logger, clock: { now: () => 1_900_000_000_000 } }),
    );

    await Promise.all(Array.from({ length: 20 }, (_, index) => mailers[index % 2]?.send(MESSAGE)));

    const names = await readdir(join(directory, 'new'));
    expect(names).toHaveLength(20);
    expect(names.every((name) => name.startsWith('1900000000.'))).toBe(true);
  });

  it('is unavailable where it cannot write', async () => {
    await writeFile(join(directory, 'file'), '');
    const mailer = createMaildirMailer({ directory: join(directory, 'file'), from: FROM, logger });

    expect((await failureOf(mailer.send(MESSAGE))).failure).toBe('unavailable');
    await chmod(directory, 0o700);
  });
});

describe('the confirmation e-mail', () => {
  let database: SqlDatabase;
  let server: TestSmtpServer;
  beforeAll(async () => {
    database = await openTestDatabase();
    server = await startSmtpServer();
  });
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  it('travels over SMTP and publishes the offer by the code in it', async () => {
    const logger = createRecordingLogger();
    const mailer = createSmtpMailer({ url: server.url, from: FROM, logger });
    const world = await createHousingWorld(database, { mailer, publicUrl: 'https://app.example.org/' });

    const id = readId(await world.create({ runningCostsCents: 12_050, totalRooms: 2.5 }));

    const mail = server.mails.at(-1);
    const text = mail?.text ?? '';
    const token = readToken({ to: '', subject: '', text });
    expect(mail?.subject).toBe('Bitte bestätigen Sie Ihr Wohnungsangebot / Please confirm your housing offer');
    expect(text).toContain(`https://app.example.org/musterstadt/housing/confirm#${token}`);
    expect(text).toContain(`https://app.example.org/musterstadt/housing/withdraw#${token}`);
    expect(text.replace(/\s/g, ' ')).toContain('54 m², 2,5 Zimmer, 600,50 € im Monat');
    expect(text.replace(/\s/g, ' ')).toContain('54 m², 2.5 rooms, €600.50 a month');
    expect(text).toContain('am 3. Mai 2031 um 14:00');
    expect(text).toContain('on 3 May 2031 at 14:00');
    expect(payloadOf(await world.confirm(token)).offer).toMatchObject({ id, status: 'PUBLISHED' });
    expect(`${logger.lines.join('')}${world.logger.lines.join('')}`).not.toContain(token.slice(32));
    await mailer.close();
  });

  it('holds the code alone when no public address is configured', async () => {
    const mailer = createSmtpMailer({ url: server.url, from: FROM, logger: createRecordingLogger() });
    const world = await createHousingWorld(database, { mailer });

    await world.create();

    const text = server.mails.at(-1)?.text ?? '';
    expect(text).not.toContain('://');
    expect(payloadOf(await world.withdraw(readToken({ to: '', subject: '', text }))).offer).not.toBeNull();
    await mailer.close();
  });

  it('keeps the code on one line of the file in a maildir, for people who read it with a pager', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'civigraph-maildir-'));
    const mailer = createMaildirMailer({ directory, from: FROM, logger: createRecordingLogger() });
    const world = await createHousingWorld(database, { mailer });

    const id = readId(await world.create());

    const [name] = await readdir(join(directory, 'new'));
    const raw = await readFile(join(directory, 'new', name ?? ''), 'utf8');
    const token = readToken({ to: '', subject: '', text: raw });
    expect(payloadOf(await world.confirm(token)).offer).toMatchObject({ id });
    await rm(directory, { recursive: true, force: true });
  });

  it('is refused by the server: the landlord learns it and nothing is stored', async () => {
    const mailer = createSmtpMailer({ url: server.url, from: FROM, logger: createRecordingLogger() });
    const world = await createHousingWorld(database, { mailer });
    server.refusal = 550;

    expect(codesOf(await world.create())).toEqual(['landlord.email: EMAIL_REFUSED']);
    expect(await world.rows()).toEqual([]);
    server.refusal = undefined;
    await mailer.close();
  });
});
