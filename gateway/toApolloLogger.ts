import type { Logger } from '../platform/logger/Logger.ts';

/** Our log in the shape that Apollo's packages write to. */
export function toApolloLogger(logger: Logger) {
  return {
    debug: (message: unknown) => logger.debug({ by: 'apollo' }, String(message)),
    info: (message: unknown) => logger.debug({ by: 'apollo' }, String(message)),
    warn: (message: unknown) => logger.warn({ by: 'apollo' }, String(message)),
    error: (message: unknown) => logger.error({ by: 'apollo' }, String(message)),
  };
}
