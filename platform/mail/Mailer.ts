/** One e-mail to one person: plain text, so nothing in it can be markup. */
export interface MailMessage {
  /** A bare address, never a list and never with a display name. */
  readonly to: string;
  readonly subject: string;
  /** Lines end in LF. */
  readonly text: string;
}

/** Hands e-mails over. `send` ends within the mailer's own deadline; it rejects with a MailError and nothing else. */
export interface Mailer {
  /** Resolves when the next server (or the directory) has taken the message. */
  send(message: MailMessage): Promise<void>;
  close(): Promise<void>;
}

/** `refused`: this recipient or message will never be taken. `unavailable`: a later try can succeed. */
export type MailFailure = 'refused' | 'unavailable';

/** Why an e-mail was not handed over. Holds neither the address nor the text, so it may be logged. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly failure: MailFailure;
  constructor(failure: MailFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** Throws when a message could smuggle a header or a second recipient (RFC 5322, sections 2.2 and 3.4). */
export function assertSafeMessage({ to, subject }: MailMessage): void {
  if (/[^\x21-\x7e]|[<>,;:"()[\]\\]/.test(to) || !/^[^@]+@[^@]+$/.test(to)) {
    throw new MailError('refused', 'The recipient is not one bare e-mail address.');
  }
  if (/\p{Cc}/u.test(subject)) {
    throw new MailError('refused', 'The subject holds a control character.');
  }
}
