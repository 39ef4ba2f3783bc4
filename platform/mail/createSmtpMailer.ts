import { createTransport } from 'nodemailer';

import type { Logger } from '../logger/Logger.ts';
import { toUrl } from '../url/toUrl.ts';
import { assertSafeMessage, MailError, type Mailer } from './Mailer.ts';

export interface SmtpMailerOptions {
  /** `smtp://` (STARTTLS where offered; `?requireTLS=true` insists) or `smtps://`, with user and password if needed. */
  readonly url: string;
  /** The sender, `name <address>` or a bare address. */
  readonly from: string;
  readonly logger: Logger;
  /** From the call to the server's last answer, waiting for a connection included. Default 10,000. */
  readonly deadlineMs?: number;
  /** Messages under way or waiting; further ones are turned away at once. Default 200. */
  readonly maxPending?: number;
}

/** Sends through an SMTP server over a few connections that stay open. */
export function createSmtpMailer({
  url,
  from,
  logger,
  deadlineMs = 10_000,
  maxPending = 200,
}: SmtpMailerOptions): Mailer {
  assertSmtpUrl(url);
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 3,
    // A message whose connection broke may have been delivered: the caller decides, the pool does not send it twice.
    maxRequeues: 0,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let pending = 0;

  return {
    send: async (message) => {
      assertSafeMessage(message);
      if (pending >= maxPending) {
        throw new MailError('unavailable', `${maxPending} e-mails are waiting to be sent already.`);
      }
      pending += 1;
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), deadlineMs);
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: message.to },
          subject: message.subject,
          text: message.text,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: deadline.signal,
        });
        logger.debug({}, 'e-mail sent');
      } catch (error) {
        const failure = deadline.signal.aborted
          ? new MailError('unavailable', `The mail server did not take the e-mail within ${deadlineMs} ms.`)
          : toMailError(error);
        logger.warn({ failure: failure.failure, reason: failure.message }, 'e-mail not sent');
        throw failure;
      } finally {
        clearTimeout(timer);
        pending -= 1;
      }
    },
    close: async () => {
      transport.close();
    },
  };
}

function assertSmtpUrl(url: string): void {
  const protocol = toUrl(url)?.protocol;
  if (protocol !== 'smtp:' && protocol !== 'smtps:') {
    // The URL may hold a password: it is not repeated here.
    throw new Error('The URL of the mail server must begin with smtp:// or smtps://.');
  }
}

/** The error of the library names the recipient and quotes the server, so only its codes are passed on. */
function toMailError(error: unknown): MailError {
  const { code, responseCode } = Object(error) as { code?: unknown; responseCode?: unknown };
  const status = typeof responseCode === 'number' ? responseCode : undefined;
  const step = typeof code === 'string' && /^[A-Z_]{2,30}$/.test(code) ? code : 'unknown reason';
  const summary = status === undefined ? step : `${step}, SMTP ${status}`;
  // EENVELOPE is the step of MAIL FROM and RCPT TO; 55x there speaks of the recipient (RFC 5321, section 4.2.2).
  return code === 'EENVELOPE' && status !== undefined && status >= 550 && status <= 553
    ? new MailError('refused', `The mail server refused the recipient (${summary}).`)
    : new MailError('unavailable', `The mail server did not take the e-mail (${summary}).`);
}
