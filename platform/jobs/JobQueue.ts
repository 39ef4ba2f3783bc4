/** Work that is done once however many processes run: scheduled, retried, one active run per queue. */
export interface JobQueue {
  /** Runs `work` for every job of the queue, one at a time; a second process waits its turn. */
  work(queue: string, work: (payload: unknown, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Puts one job in; a job that waits already is not doubled. */
  send(queue: string, payload?: object): Promise<void>;
  /** Sends a job at every tick of a five-field cron expression, in the zone given. */
  schedule(queue: string, cron: string, timeZone: string): Promise<void>;
  /** Lets active work end (10 s at most), then stops. */
  close(): Promise<void>;
}
