import type { Logger } from '../../../platform/logger/Logger.ts';
import { ERRORS } from '../../../schema/errorCodes.ts';

/** Runs a read; a store that does not answer becomes an error that clients know and may retry. */
export type StoreGuard = <T>(read: () => Promise<T>) => Promise<T>;

/** PostgreSQL, appendix A: connection exception, insufficient resources, operator intervention, system error. */
const UNAVAILABLE = /^(?:08|53|57|58)[0-9A-Z]{3}$/;
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** A statement that the database refuses is our own mistake and passes through. */
export function createStoreGuard(logger: Logger): StoreGuard {
  return async (read) => {
    try {
      return await read();
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
      const isRefusal = typeof code === 'string' && SQLSTATE.test(code) && !UNAVAILABLE.test(code);
      if (isRefusal || error instanceof TypeError || error instanceof RangeError) {
        throw error;
      }
      logger.warn({ err: error }, 'content store unavailable');
      throw ERRORS.SERVICE_UNAVAILABLE.create('The content cannot be read from its store at the moment.');
    }
  };
}
