import { type DestinationStream, destination, pino } from 'pino';

import { formatLine } from './formatLine.ts';
import type { LogFields, Logger } from './Logger.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** The least that is written. Default `info`. */
  readonly level?: LogLevel;
  /** `json`: a JSON object a line, for collectors. `text`: a line for people. Default `json`. */
  readonly format?: 'json' | 'text';
  /** Takes whole lines. Default: standard output. */
  readonly write?: (line: string) => void;
}

/** Never written, wherever a field of this name stands in the fields or one object below. */
const SECRET_FIELDS = [
  'password',
  'pass',
  'secret',
  'token',
  'accessToken',
  'apiKey',
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
];

/** How many causes of an error are followed. */
const MAX_CAUSES = 5;

/** A logger over pino. `err` in the fields is an error; its causes are written with it. */
export function createLogger({ level = 'info', format = 'json', write }: LoggerOptions = {}): Logger {
  const output = write ?? toStandardOutput();
  const stream: DestinationStream = {
    write: (line) => {
      const safe = hideUrlPasswords(line);
      output(format === 'json' ? safe : formatLine(safe));
    },
  };
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => toErrorFields(error, MAX_CAUSES) },
      redact: { paths: SECRET_FIELDS.flatMap(toPaths), censor: '[hidden]' },
    },
    stream,
  );
  return toLogger(logger);
}

function toLogger(logger: Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>): Logger {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields: LogFields) => toLogger(logger.child(fields)),
  };
}

function toStandardOutput(): (line: string) => void {
  const stream = destination({ dest: 1, sync: true });
  stream.on('error', () => {}); // the reader at the other end of a pipe has gone; there is nobody left to tell
  return (line) => stream.write(line);
}

function toPaths(field: string): readonly string[] {
  return field.startsWith('[')
    ? [field, `*${field}`, `*.headers${field}`]
    : [field, `*.${field}`, `headers.${field}`, `*.headers.${field}`];
}

/** The parts of an error that explain it. Other properties stay out: drivers hang clients with passwords on theirs. */
function toErrorFields(error: unknown, causes: number): unknown {
  if (!isErrorLike(error)) {
    return error;
  }
  const { name, message, stack, code, cause, errors } = error;
  return {
    type: name ?? 'Error',
    message,
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || causes === 0 ? {} : { cause: toErrorFields(cause, causes - 1) }),
    ...(Array.isArray(errors) && causes > 0
      ? { errors: errors.slice(0, 10).map((each) => toErrorFields(each, causes - 1)) }
      : {}),
  };
}

interface ErrorLike {
  readonly message: string;
  readonly name?: string;
  readonly stack?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

function hideUrlPasswords(line: string): string {
  return line.replace(/(\w:\/\/[^\s:@/"\\]*):[^\s@/"\\]+@/g, '$1:[hidden]@');
}
