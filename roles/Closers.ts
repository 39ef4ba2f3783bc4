/** What a process holds open, closed in the opposite order of opening. */
export interface Closers {
  add(close: () => Promise<void>): void;
  /** Aborts when closing begins: long work gives up, and nothing new is started. */
  readonly signal: AbortSignal;
  /** Closes everything once; a closer that fails does not keep the others from closing. */
  closeAll(): Promise<void>;
}

export function createClosers(onFailure: (error: unknown) => void): Closers {
  const closers: (() => Promise<void>)[] = [];
  const controller = new AbortController();
  return {
    signal: controller.signal,
    add: (close) => {
      closers.push(close);
    },
    closeAll: async () => {
      controller.abort();
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          onFailure(error);
        }
      }
    },
  };
}
