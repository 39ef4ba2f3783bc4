/** What a process holds open, closed in the opposite order of opening. */
export interface Closers {
  add(close: () => Promise<void>): void;
  /** Closes everything once; a closer that fails does not keep the others from closing. */
  closeAll(): Promise<void>;
}

export function createClosers(onFailure: (error: unknown) => void): Closers {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close) => {
      closers.push(close);
    },
    closeAll: async () => {
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
