import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items that are handled between two turns of the event loop; a part of the CMS can hold thousands. */
const BATCH = 25;

/** Maps without holding the event loop for longer than a batch takes. */
export async function inTurns<In, Out>(items: Iterable<In>, map: (item: In) => Out): Promise<readonly Out[]> {
  const results: Out[] = [];
  for (const item of items) {
    results.push(map(item));
    if (results.length % BATCH === 0) {
      await nextTurn();
    }
  }
  return results;
}
