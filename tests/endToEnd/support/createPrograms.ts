import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process may take to start on a machine that does much else. On a quiet one it is seconds. */
export const START_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 40_000;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A line of a program's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly message: string };

export interface Program {
  readonly name: string;
  readonly pid: number;
  output(): string;
  log(): readonly LogLine[];
  /** Waits for a line of the log; fails with the whole output when it does not come, or when the process ends first. */
  logged(message: string, limitMs?: number): Promise<LogLine>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  exited(limitMs?: number): Promise<Exit>;
}

export interface Programs {
  start(role: string, environment: Readonly<Record<string, string>>): Program;
  /** Asks all that still run to stop. */
  stopAll(): Promise<readonly (Exit & { readonly role: string })[]>;
  killAll(): Promise<void>;
}

/** Starts roles of the compiled program as processes of their own, and knows each of them until it has ended. */
export function createPrograms(main: string, { cwd }: { cwd: string }): Programs {
  const running = new Set<Program>();

  function start(role: string, environment: Readonly<Record<string, string>>): Program {
    const child = spawn(process.execPath, [main, role], {
      cwd,
      // Nothing of the surroundings: what a developer or CI has set must not decide how a test ends.
      env: { PATH: process.env.PATH, LOG_FORMAT: 'json', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = follow(child, role);
    running.add(program);
    void program.exited(Number.POSITIVE_INFINITY).finally(() => running.delete(program));
    return program;
  }

  return {
    start,
    stopAll: () =>
      Promise.all([...running].map(async (program) => ({ role: program.name, ...(await program.stop()) }))),
    killAll: async () => {
      await Promise.all([...running].map((program) => program.stop('SIGKILL')));
    },
  };
}

function follow(child: ChildProcess, name: string): Program {
  let output = '';
  const changes = new Set<() => void>();
  const end = once(child, 'close').then(([code, signal]): Exit => ({ code, signal }));
  let exit: Exit | undefined;
  void end.then((ended) => {
    exit = ended;
    notify();
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      notify();
    });
  }

  function notify(): void {
    for (const change of changes) {
      change();
    }
  }

  function log(): LogLine[] {
    return output.split('\n').flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return isLogLine(value) ? [value] : [];
      } catch {
        return []; // what people read: the welcome, messages of failed starts
      }
    });
  }

  async function logged(message: string, limitMs = START_LIMIT_MS): Promise<LogLine> {
    return within(limitMs, `"${message}"`, () => {
      const line = log().find((each) => each.message === message);
      if (line === undefined && exit !== undefined) {
        throw new Error(`The role ${name} ended (${JSON.stringify(exit)}) before it said "${message}":\n${output}`);
      }
      return line;
    });
  }

  /** Looks whenever something was written, or the process has ended. */
  async function within<T>(limitMs: number, what: string, look: () => T | undefined): Promise<T> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const found = look();
      if (found !== undefined) {
        return found;
      }
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) {
        throw new Error(`No ${what} from the role ${name} within ${limitMs} ms:\n${output}`);
      }
      const stop = new AbortController();
      const change = () => stop.abort();
      changes.add(change);
      await delay(Math.min(leftMs, 60_000), undefined, { signal: stop.signal }).catch(() => {});
      changes.delete(change);
    }
  }

  function exited(limitMs = STOP_LIMIT_MS): Promise<Exit> {
    return limitMs === Number.POSITIVE_INFINITY ? end : within(limitMs, 'end', () => exit);
  }

  return {
    name,
    pid: child.pid ?? -1,
    output: () => output,
    log,
    logged,
    exited,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal); // by the handle: a process that has ended already is left alone
      return exited();
    },
  };
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}
