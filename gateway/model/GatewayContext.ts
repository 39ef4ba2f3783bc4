import type { PlanRecorder } from './PlanDescription.ts';
import type { RequestState } from './RequestState.ts';

/** The context value that Apollo Server and the executor carry through a request. */
export interface GatewayContext {
  readonly state: RequestState;
  /** For a request that may see its plan; it is the observer of the state then. */
  readonly recorder?: PlanRecorder | undefined;
}
