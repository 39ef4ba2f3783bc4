// A process of its own (node --expose-gc --import tsx): a gateway over the subgraphs that it is given, as JSON in its argument. It
// prints its port; then each line that comes in makes it collect the young objects and print what the heap holds.
import { createInterface } from 'node:readline';

import { createGateway } from '../../gateway/createGateway.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';

const composed = composeSupergraph(JSON.parse(process.argv[2] ?? '[]'));
if (composed.kind === 'failed') {
  throw new Error(composed.problems.map(({ message }) => message).join('\n'));
}
const { supergraphSdl } = composed;
const gateway = await createGateway({
  supergraphSdl,
  planner: createPlanner(supergraphSdl),
  keepsAnswers: false,
  store: createMemoryStore(),
  clock: systemClock,
  logger: silentLogger,
});
const print = (number: number): void => void process.stdout.write(`${number}\n`);
print(await gateway.listen(0));

const collect = globalThis.gc as unknown as (options: { type: 'minor' | 'major'; execution: 'sync' }) => void;
for await (const type of createInterface(process.stdin)) {
  collect({ type: type === 'major' ? 'major' : 'minor', execution: 'sync' });
  print(process.memoryUsage().heapUsed);
}
