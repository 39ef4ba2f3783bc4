/** Facts of one line; keys are stable names, values survive JSON. Never put personal data or tokens here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A structured log. `child` adds fields to every line that it writes. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

/** Writes nothing; for tests and for callers that report otherwise. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
