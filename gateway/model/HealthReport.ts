/** `/health/ready`: whether requests can be served, and what is not as it ought to be. */
export interface HealthReport {
  /** `degraded` serves requests: from the last good configuration, or without the shared cache. */
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly supergraph: { readonly id: string };
  /** Absent in a gateway that reads no municipality. */
  readonly municipalities?: {
    readonly snapshot: string;
    readonly loadedAt: string;
    readonly ageSeconds: number;
    /** When a date will switch something; null: none will. */
    readonly nextSwitchAt: string | null;
    readonly count: number;
    /** What is wrong with the files as they are now, `file:line:column message`. */
    readonly problems: readonly string[];
  };
  readonly cache: { readonly reachable: boolean };
}
