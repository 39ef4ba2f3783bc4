import { ERRORS } from '../../../schema/errorCodes.ts';

/** SQLSTATE classes that say that the server, not the statement, is at fault: connection, resources, shutdown, system. */
const SERVER_AT_FAULT = /^(?:08|53|57|58)/;
/** What the driver says when there is no server to answer. */
const NO_CONNECTION = /^connect |connection terminated|timeout exceeded when trying to connect|database is closed/i;

/** Runs a read; a database that does not answer becomes the error that tells clients to come back later. */
export async function whileAvailable<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (isUnavailable(error)) {
      throw ERRORS.SERVICE_UNAVAILABLE.create('The store of apprenticeships does not answer.', undefined, {
        cause: error,
      });
    }
    throw error;
  }
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isSystemCall = 'syscall' in error; // ECONNREFUSED and its kin
  return (
    isSystemCall || (/^[0-9A-Z]{5}$/.test(code) && SERVER_AT_FAULT.test(code)) || NO_CONNECTION.test(error.message)
  );
}
