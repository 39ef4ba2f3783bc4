import type { Logger } from '../logger/Logger.ts';

/** One upstream system that is pulled: the CMS, a feed. Runs never overlap for one name. */
export interface IngestSource {
  /** Stable, `[a-z0-9-]+`: names the job queue, the log lines and `--source`. */
  readonly name: string;
  run(options: IngestRunOptions): Promise<IngestReport>;
}

export interface IngestRunOptions {
  /** Only these slugs; absent: all that are configured. */
  readonly municipalities?: readonly string[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** An operator has looked: an empty or much smaller answer is the truth and not a fault. Default false. */
  readonly acceptShrunken?: boolean;
  /** Called after each unit of work (a municipality, a query). */
  readonly onProgress?: (progress: IngestProgress) => void;
}

export interface IngestProgress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

/** What a run did. A failed part leaves what was stored before untouched. */
export interface IngestReport {
  readonly source: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly accepted: number;
  readonly changed: number;
  readonly removed: number;
  readonly rejections: readonly IngestRejection[];
  readonly failures: readonly IngestFailure[];
}

/** One item of a payload that was refused, and why; the others were stored. */
export interface IngestRejection {
  readonly part: string;
  readonly key: string;
  readonly reason: string;
}

/** One part (a municipality's language, a query) that could not be fetched or trusted as a whole. */
export interface IngestFailure {
  readonly part: string;
  readonly reason: string;
}
