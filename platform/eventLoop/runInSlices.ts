/** Runs the steps of some work and lets the event loop turn in between. `sliceMs`: how long it works at a stretch. */
export async function runInSlices<T>(work: Generator<void, T, void>, { sliceMs = 10 } = {}): Promise<T> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const step = work.next();
      if (step.done === true) {
        return step.value;
      }
    } while (performance.now() < end);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
