import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RoleProcess {
  readonly name: string;
  isRunning(): boolean;
  /** How often it ended by itself since it last ran for long enough. */
  deaths(): number;
}

export interface RoleProcesses {
  /** Starts a role and keeps it running: it is started again, later each time, when it ends by itself. */
  start(name: string, role: string, environment: NodeJS.ProcessEnv): RoleProcess;
  isStopping(): boolean;
  /** Asks all to stop, the last one started first, and waits until they have. */
  stop(): Promise<void>;
  /** Does not wait for work in flight. */
  kill(): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** After so long a role counts as sound, and its next death as its first. */
const SOUND_AFTER_MS = 60_000;

/** The roles of the program as processes of this machine; each line of their logs is shown behind the role's name. */
export function createRoleProcesses({
  main,
  write,
}: {
  /** The compiled main.ts. */
  readonly main: string;
  readonly write: (text: string) => void;
}): RoleProcesses {
  const names: string[] = []; // in the order of their first start
  const children = new Map<string, ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  let stopping: Promise<void> | undefined;

  function start(name: string, role: string, environment: NodeJS.ProcessEnv): RoleProcess {
    let deaths = 0;
    const show = (line: string) => write(`${name.padEnd(15)} | ${line}\n`);

    function run(): void {
      const startedAt = performance.now();
      // A process group of its own: Ctrl-C reaches this process alone, which then stops the roles in order.
      const child = spawn(process.execPath, [main, role], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      children.set(name, child);
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', show);
      }
      child.once('error', (error) => show(`could not be started: ${error.message}`));
      child.once('close', (code, signal) => {
        children.delete(name);
        if (stopping !== undefined) {
          return;
        }
        deaths = performance.now() - startedAt > SOUND_AFTER_MS ? 1 : deaths + 1;
        const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (deaths - 1));
        show(`ended (${signal ?? `exit code ${code}`}); it is started again in ${pauseMs / 1_000} s`);
        const timer = setTimeout(() => {
          timers.delete(timer);
          run();
        }, pauseMs);
        timers.add(timer);
      });
    }

    names.push(name);
    run();
    return { name, isRunning: () => children.has(name), deaths: () => deaths };
  }

  async function stopAll(): Promise<void> {
    for (const timer of timers) {
      clearTimeout(timer);
    }
    // Gateways before subgraphs, so that what they have accepted can still be answered.
    for (const name of names.toReversed()) {
      const child = children.get(name);
      if (child !== undefined && child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGTERM');
        await ended;
      }
    }
  }

  return {
    start,
    isStopping: () => stopping !== undefined,
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
    kill: () => {
      for (const child of children.values()) {
        child.kill('SIGKILL');
      }
    },
  };
}
