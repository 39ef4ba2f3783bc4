/** Work that can pause after every small step, so that whoever runs it decides how long it may hold the event loop. */
export type Slices<T> = Generator<void, T, void>;

/** Runs the work without a pause. */
export function runAtOnce<T>(work: Slices<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      return step.value;
    }
  }
}
