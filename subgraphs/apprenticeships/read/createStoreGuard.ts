import type { Logger } from '../../../platform/logger/Logger.ts';
import { ERRORS } from '../../../schema/errorCodes.ts';

/** Runs a read; a database that does not answer becomes the error that tells clients to come back later. */
export type StoreGuard = <Value>(read: () => Promise<Value>) => Promise<Value>;

/** PostgreSQL, appendix A. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
/** Connection exception, insufficient resources, operator intervention, system error: the server's fault. */
const SERVER_AT_FAULT = /^(?:08|53|57|58)/;

/** A statement that the database refuses is our own mistake and passes through. */
export function createStoreGuard(logger: Logger): StoreGuard {
  return async (read) => {
    try {
      return await read();
    } catch (error) {
      if (!isUnavailable(error)) {
        throw error;
      }
      logger.warn({ err: error }, 'apprenticeship store unavailable');
      throw ERRORS.SERVICE_UNAVAILABLE.create('The store of apprenticeships does not answer at the moment.');
    }
  };
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) {
    return false;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return !SQLSTATE.test(code) || SERVER_AT_FAULT.test(code);
}
