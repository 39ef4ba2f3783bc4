import type { Logger } from '../../platform/logger/Logger.ts';
import { ERRORS } from '../../schema/errorCodes.ts';

/** Runs work on the store and keeps what its errors quote (rows, keys, parameters) out of logs and answers. */
export type StoreGuard = <T>(work: () => Promise<T>) => Promise<T>;

/** PostgreSQL, appendix A: connection exception, insufficient resources, operator intervention, system error. */
const UNAVAILABLE_CLASSES = ['08', '53', '57', '58'];

/**
 * A database that cannot be reached becomes SERVICE_UNAVAILABLE. A statement that it refuses is our mistake; the error
 * of the driver holds the refused row (`detail`), hence personal data, so only the SQLSTATE is passed on.
 */
export function createStoreGuard(logger: Logger): StoreGuard {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) {
        throw error;
      }
      const { code } = Object(error) as { code?: unknown };
      const state = typeof code === 'string' ? code : 'none';
      const isSqlState = /^(?=.*[0-9])[0-9A-Z]{5}$/.test(state); // EPIPE is not one
      if (isSqlState && !UNAVAILABLE_CLASSES.includes(state.slice(0, 2))) {
        throw new Error(`The database refused a statement of the housing exchange (SQLSTATE ${state}).`);
      }
      logger.warn({ code: state }, 'housing store unavailable');
      throw ERRORS.SERVICE_UNAVAILABLE.create('The housing exchange cannot reach its store at the moment.');
    }
  };
}
