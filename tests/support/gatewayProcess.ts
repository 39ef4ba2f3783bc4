import { fork } from 'node:child_process';
import { join } from 'node:path';

import type { EngineName } from '../../gateway/createGateway.ts';

/** Memory of a gateway while something happened to it. */
export interface Growth {
  /** Resident bytes after everything that could be was collected, when the watch began. */
  readonly before: number;
  /** The most resident bytes that were seen since. */
  readonly most: number;
  /** Resident bytes now, after everything that can be was collected. */
  readonly after: number;
}

export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** Begins to watch the memory. */
  watchMemory(): Promise<void>;
  /** Ends the watch. */
  growth(): Promise<Growth>;
  close(): Promise<void>;
}

/** A gateway in a process of its own over subgraphs that exist already, so that its memory is nobody else's. */
export async function startGatewayProcess(
  subgraphs: Readonly<Record<string, { readonly sdl: string; readonly url: string }>>,
  { engine = 'compiled' }: { readonly engine?: EngineName } = {},
): Promise<GatewayProcess> {
  const script = join(import.meta.dirname, 'serveGateway.ts');
  const child = fork(script, [JSON.stringify({ subgraphs, engine })], {
    execArgv: ['--no-warnings', '--expose-gc', '--max-semi-space-size=32', '--import', 'tsx'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  function heard<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as T));
      void exited.then(() => reject(new Error('The process of the gateway has ended.')));
    });
  }

  async function tell<T>(what: 'watch' | 'growth'): Promise<T> {
    const answer = heard<T>();
    child.send(what);
    return answer;
  }

  const { url } = await heard<{ url: string }>();
  return {
    url,
    pid: child.pid ?? 0,
    watchMemory: () => tell('watch'),
    growth: () => tell('growth'),
    close: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
