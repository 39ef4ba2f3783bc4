/**
 * Tells whether anybody still waits for something. Every `AbortSignal` is one; of that, this is what is used here, and making
 * one for every request costs next to nothing.
 */
export interface Departure {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A departure that its owner announces. */
export class OwnDeparture implements Departure {
  aborted = false;
  #listeners: Set<() => void> | undefined;

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  /** Nobody waits any more. Tells it once. */
  abort(): void {
    const listeners = this.#listeners;
    this.aborted = true;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) {
      listener();
    }
  }
}
