import type { MunicipalitySnapshot } from '../../schema/municipalities/Municipality.ts';
import type { Departure } from './Departure.ts';
import type { AnswerPosition, DisabledFeatures } from './DisabledFeatures.ts';
import type { FetchObserver } from './FetchObserver.ts';
import type { RequestTrace } from './RequestTrace.ts';

/** What one client request carries through all stages. Pinned at its start: nothing here changes generation midway. */
export interface RequestState {
  readonly requestId: string;
  /** The municipalities as they were when the request came in; undefined in a gateway that reads none (every flag is on). */
  readonly snapshot: MunicipalitySnapshot | undefined;
  /** Collects what was left out, for `extensions.features`. */
  readonly disabled: DisabledFeatures;
  /** Milliseconds since the epoch; no fetch waits past it. */
  readonly deadlineAt: number;
  /** Aborts when the client leaves or the server stops. */
  readonly signal: Departure;
  /** Absent where no traces are collected. */
  readonly trace?: RequestTrace | undefined;
  /** Watches the requests to subgraphs. */
  readonly observer?: FetchObserver | undefined;
}

/** Where in the answer the objects of a representation are; undefined: all that the fetch completes. */
export type PositionsOf = (representation: number | undefined) => readonly AnswerPosition[];
