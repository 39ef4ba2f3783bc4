import type { RequestState } from './RequestState.ts';

/** The context value that Apollo Server and the executor carry through a request. */
export interface GatewayContext {
  readonly state: RequestState;
}
