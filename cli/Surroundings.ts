/** What a command may touch of the process that runs it. */
export interface Surroundings {
  /** The installation's folder. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Whether standard error is a terminal, where progress may rewrite its line. */
  readonly isTerminal: boolean;
  /** Asks whoever sits in front of the terminal; undefined: nobody does. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly setExitCode: (code: number) => void;
  /** Calls back at the first SIGINT or SIGTERM. */
  readonly onStopSignal: (stop: () => void) => void;
}
