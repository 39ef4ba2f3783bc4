import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { createTransport } from 'nodemailer';

import { type Clock, systemClock } from '../clock/Clock.ts';
import type { Logger } from '../logger/Logger.ts';
import { assertSafeMessage, MailError, type Mailer } from './Mailer.ts';

export interface MaildirMailerOptions {
  /** Made when it does not exist, with `tmp`, `new` and `cur` below. */
  readonly directory: string;
  readonly from: string;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/**
 * Puts every e-mail into a maildir on this machine instead of sending it, for trying things out.
 * Files are written below `tmp` and then renamed, so that a reader of `new` never sees half a message.
 * Like every delivery agent it stores RFC 5322 messages with LF line ends.
 */
export function createMaildirMailer({ directory, from, logger, clock = systemClock }: MaildirMailerOptions): Mailer {
  const composer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'unix',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let delivered = 0;

  async function deliver(content: Buffer): Promise<string> {
    for (const folder of ['tmp', 'new', 'cur']) {
      await mkdir(join(directory, folder), { recursive: true, mode: 0o700 });
    }
    const name = uniqueName(clock, ++delivered);
    const draft = join(directory, 'tmp', name);
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } catch (error) {
      await unlink(draft).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    const path = join(directory, 'new', name);
    await rename(draft, path);
    return path;
  }

  return {
    send: async (message) => {
      assertSafeMessage(message);
      try {
        const { message: content } = await composer.sendMail({
          from,
          to: { name: '', address: message.to },
          subject: message.subject,
          text: message.text,
          date: new Date(clock.now()),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        if (!Buffer.isBuffer(content)) {
          throw new TypeError('The composed e-mail is not a buffer.');
        }
        const file = await deliver(content);
        logger.info({ file, subject: message.subject }, 'e-mail written to the maildir instead of being sent');
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
        logger.warn({ directory, code }, 'e-mail not written');
        throw new MailError('unavailable', `The e-mail could not be written to the maildir (${code}).`);
      }
    },
    close: async () => {
      composer.close();
    },
  };
}

/** Time, something unique within the host, and the host, as maildir readers expect it; no part comes from the message. */
function uniqueName(clock: Clock, count: number): string {
  const seconds = Math.floor(clock.now() / 1_000);
  const host = hostname().replaceAll('/', '\\057').replaceAll(':', '\\072');
  return `${seconds}.P${process.pid}Q${count}R${randomBytes(8).toString('hex')}.${host}`;
}
