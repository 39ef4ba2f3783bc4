import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { differences } from './generated/compareOutcomes.ts';
import { type GeneratedOperation, generateOperation } from './generated/generateOperation.ts';
import { hash } from './generated/Random.ts';
import { reduceOperation } from './generated/reduceOperation.ts';
import { createWorld, type Outcomes, type Setting, type World } from './generated/world.ts';

/** The same cases in every run, so that a red run is about the change; another number explores others. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_123);
/** Cases that nobody has seen before may hold one for which the planner finds no end: it plans in a thread then. */
const isBounded = process.env.DIFFERENTIAL_SEED !== undefined || process.env.DIFFERENTIAL_CASE !== undefined;
const GRAPHS = Number(process.env.DIFFERENTIAL_GRAPHS ?? 24);
const OPERATIONS = Math.ceil(Number(process.env.DIFFERENTIAL_OPERATIONS ?? 5_000) / GRAPHS);
/** `graph/operation/faults` of a report: that case alone. */
const REPLAY = process.env.DIFFERENTIAL_CASE?.split('/').map(Number);

const DIRECTIVES = [
  ...['@key(fields: "id")', 'resolvable: false', '@key(fields: "number region")', '@key(fields: "origin { code }")'],
  ...['@requires(', '@provides(', '@provides(fields: "... on', '@override(', 'label: "percent', 'label: "fresh"'],
  ...['@interfaceObject', '@shareable', '@external', '@inaccessible', '@context', '@fromContext'],
  ...['interface ', 'union ', 'enum ', 'input ', 'scalar ', '[['],
];

const count = { graphs: 0, dropped: 0, compared: 0, notValid: 0, faulty: 0, spliced: 0, merged: 0 };
const used = new Set<string>();

/** The seeds of `GRAPHS` graphs; those of which no supergraph can be composed are passed over. */
async function* composable(): AsyncGenerator<{ readonly seed: number; readonly world: World }, never> {
  for (let seed = hash(SEED) % 1_000_000; ; seed++) {
    const world = await createWorld(seed, { isBounded });
    if (world === undefined) {
      count.dropped += 1;
    } else {
      yield { seed, world };
    }
  }
}

function settingFor(world: World, operationSeed: number, percent: number): Setting {
  return {
    faults: { seed: operationSeed, percent },
    overrides: new Map(world.overrideLabels.map((label) => [label, hash(operationSeed, label) % 2 === 0])),
  };
}

async function compare(
  world: World,
  graph: number,
  operationSeed: number,
  percent: number,
): Promise<Outcomes | undefined> {
  const operation = generateOperation(world.apiSchema, operationSeed);
  const setting = settingFor(world, operationSeed, percent);
  const differs = async (candidate: GeneratedOperation): Promise<readonly string[]> => {
    const outcomes = await world.run(candidate, setting);
    return outcomes === undefined ? [] : differences(outcomes);
  };
  const outcomes = await world.run(operation, setting);
  if (outcomes === undefined || differences(outcomes).length === 0) {
    return outcomes;
  }
  const smallest = await reduceOperation(operation, async (candidate) => (await differs(candidate)).length > 0);
  throw new Error(
    [
      `The engines differ. To see it again: DIFFERENTIAL_CASE=${graph}/${operationSeed}/${percent}`,
      ...(await differs(smallest)),
      smallest.text,
      `variables ${JSON.stringify(smallest.variables)}, overrides ${JSON.stringify([...setting.overrides])}`,
      ...world.subgraphs.map(({ name, sdl }) => `# ${name}\n${sdl}`),
    ].join('\n'),
  );
}

describe('compiled engine and @apollo/gateway', () => {
  if (REPLAY !== undefined) {
    const [graph = 0, operationSeed = 0, percent = 0] = REPLAY;
    it(`give the same for ${REPLAY.join('/')}`, async () => {
      const world = await createWorld(graph, { isBounded });
      try {
        expect(world && (await compare(world, graph, operationSeed, percent))).toBeDefined();
      } finally {
        await world?.close();
      }
    }, 120_000);
    return;
  }
  const graphs = composable();

  it.each(Array.from({ length: GRAPHS }, (_, i) => i))(
    `give the same data and errors for ${OPERATIONS} operations over generated graph %i, seed ${SEED}`,
    async (position) => {
      const { seed: graph, world } = (await graphs.next()).value;
      count.graphs += 1;
      try {
        for (const directive of DIRECTIVES) {
          if (world.subgraphs.some(({ sdl }) => sdl.includes(directive))) {
            used.add(directive);
          }
        }
        await fc.assert(
          fc.asyncProperty(fc.nat(1_000_000_000), fc.constantFrom(0, 0, 6), async (operationSeed, percent) => {
            const outcomes = await compare(world, graph, operationSeed, percent);
            count.notValid += outcomes === undefined ? 1 : 0;
            fc.pre(outcomes !== undefined);
            count.compared += 1;
            count.faulty += percent > 0 ? 1 : 0;
            count.spliced += outcomes.isSpliced ? 1 : 0;
            count.merged += outcomes.ours.parsed.requests < outcomes.ours['as planned'].requests ? 1 : 0;
          }),
          { numRuns: OPERATIONS, seed: SEED + position, endOnFailure: true },
        );
      } finally {
        await world.close();
      }
    },
    120_000,
  );

  it('have met every directive, faults in a third of the cases, the fast path and rewritten plans', () => {
    expect(count.compared).toBe(GRAPHS * OPERATIONS);
    expect(DIRECTIVES.filter((directive) => !used.has(directive))).toEqual([]);
    expect(count.faulty / count.compared).toBeGreaterThan(0.3);
    expect(count.spliced / count.compared).toBeGreaterThan(0.3);
    expect(count.merged / count.compared).toBeGreaterThan(0.02);
    expect(count.notValid / count.compared).toBeLessThan(0.05);
    expect(count.dropped).toBeLessThan(GRAPHS);
  });
});
