import { GraphQLError } from 'graphql';

import type { Logger } from '../../platform/logger/Logger.ts';
import { ERRORS } from '../../schema/errorCodes.ts';

/** Runs work on a store; a store that does not answer becomes SERVICE_UNAVAILABLE, which clients know and may retry. */
export type StoreGuard = <T>(work: () => Promise<T>) => Promise<T>;

export interface StoreGuardOptions {
  /** The subgraph, for log and message. */
  readonly name: string;
  readonly logger: Logger;
  /** The store holds personal data: of a refused statement only the SQLSTATE passes on, for the driver's error quotes rows. Default false. */
  readonly isPersonal?: boolean;
}

/** PostgreSQL, appendix A. `EPIPE` is no SQLSTATE. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
/** Connection exception, insufficient resources, operator intervention, system error: the server's fault. */
const SERVER_AT_FAULT = /^(?:08|53|57|58)/;

/** A statement that the database refuses is our own mistake and stays one. */
export function createStoreGuard({ name, logger, isPersonal = false }: StoreGuardOptions): StoreGuard {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GraphQLError || error instanceof TypeError || error instanceof RangeError) {
        throw error;
      }
      const code: unknown = Reflect.get(Object(error), 'code');
      const state = typeof code === 'string' ? code : 'none';
      if (SQLSTATE.test(state) && !SERVER_AT_FAULT.test(state)) {
        throw isPersonal ? new Error(`The store of "${name}" refused a statement (SQLSTATE ${state}).`) : error;
      }
      logger.warn(isPersonal ? { code: state } : { err: error }, `the store of "${name}" does not answer`);
      throw ERRORS.SERVICE_UNAVAILABLE.create(`The store of "${name}" does not answer at the moment.`);
    }
  };
}
