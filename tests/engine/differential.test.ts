import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { generateOperation } from './generated/generateOperation.ts';
import { createWorld, type World } from './generated/world.ts';

/** The same cases in every run, so that a red run is about the change; another number explores others. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_123);
const GRAPHS = 6;
const OPERATIONS = 200;

const worlds = new Map<number, World>();

function worldOf(seed: number): World {
  const world = worlds.get(seed) ?? createWorld(seed);
  if (world === undefined) {
    throw new Error(`The generated graph ${seed} does not compose.`);
  }
  worlds.set(seed, world);
  return world;
}

describe('compiled engine and @apollo/gateway', () => {
  it('give the same data and error paths over generated graphs, operations and faults', async () => {
    const firstGraph = fc.sample(fc.nat(1_000_000), { numRuns: 1, seed: SEED })[0] ?? 0;
    let compared = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.nat(GRAPHS - 1),
        fc.nat(1_000_000_000),
        fc.constantFrom(0, 0, 6),
        async (graph, operationSeed, faultPercent) => {
          const world = worldOf(firstGraph + graph);
          const operation = generateOperation(world.apiSchema, operationSeed);
          const outcome = await world.run(operation, { seed: operationSeed, faultPercent });
          fc.pre(outcome !== undefined);
          const { data, subgraphErrors } = outcome.apollo;
          compared += 1;
          const context = { graph: firstGraph + graph, text: operation.text, variables: operation.variables };
          for (const [way, ours] of Object.entries(outcome.ours)) {
            expect({ way, ...context, data: ours.data, subgraphErrors: ours.subgraphErrors }).toEqual({
              way,
              ...context,
              data,
              subgraphErrors,
            });
          }
        },
      ),
      { numRuns: OPERATIONS, seed: SEED },
    );

    expect(compared).toBe(OPERATIONS);
  }, 240_000);
});
