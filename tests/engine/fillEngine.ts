// A process of its own (node --expose-gc --import tsx): fills an engine over our own supergraph with operations that all differ,
// executes each as often as told, and prints what the heap has grown by and what the engine says that it keeps.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { GraphQLSchema } from 'graphql';

import { createEngine, type Engine } from '../../gateway/engine/createEngine.ts';
import type { FetchSender } from '../../gateway/model/SubgraphFetch.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const [, , bound = '', times = ''] = process.argv;
const maxOperationBytes = Number(bound);
const executions = Number(times);
/** How many fields the operations ask for, in turns. */
const SIZES = [3, 25, 100, 10, 400, 25, 50];

const { readMunicipal } = (await import(join(ROOT, 'bench/workloads/municipal.mjs'))) as {
  readMunicipal: () => {
    readonly supergraphSdl: string;
    readonly answer: (subgraph: string, request: unknown) => { readonly data?: unknown; readonly errors?: unknown };
  };
};
const { generateOperation } = (await import(join(ROOT, 'bench/workloads/generateOperation.mjs'))) as {
  generateOperation: (schema: GraphQLSchema, seed: string, fields: number) => string;
};

// bench/ may have packages of its own.
const { buildSchema } = createRequire(join(ROOT, 'bench/workloads/'))('graphql') as typeof import('graphql');

const { supergraphSdl, answer } = readMunicipal();
const apiSchema = buildSchema(readFileSync(join(ROOT, 'schema/api.graphql'), 'utf8'));
const planner = createPlanner(supergraphSdl);

const sender: FetchSender = {
  send: async ({ subgraph, operation, variables }) => {
    const { data } = answer(subgraph, { query: operation, variables });
    return { data: JSON.parse(JSON.stringify(data ?? null)) };
  },
  sendBytes: async ({ subgraph, body }) => {
    const bytes = Buffer.from(JSON.stringify(answer(subgraph, JSON.parse(Buffer.from(body, 'latin1').toString()))));
    return { bytes, read: () => JSON.parse(bytes.toString()) };
  },
};

async function run(engine: Engine, seed: string, fields: number): Promise<void> {
  const compilation = await engine.compile(generateOperation(apiSchema, seed, fields));
  if (compilation.kind === 'refused') {
    throw compilation.errors[0];
  }
  for (let i = 0; i < executions; i++) {
    await engine.execute(compilation.operation, {}, sender);
  }
}

async function usedBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await setTimeout(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Fills an engine until it has let go of half of what it was given. */
async function fill(engine: Engine, seed: string): Promise<number> {
  let given = 0;
  for (; engine.kept().operations > given / 2 || given < 2 * SIZES.length; given++) {
    await run(engine, `${seed} ${given}`, SIZES[given % SIZES.length] ?? 0);
  }
  return given;
}

// What is made once, by the libraries too, is there before.
await fill(createEngine({ planner, maxOperationBytes: maxOperationBytes / 4 }), 'first');
const before = await usedBytes();
const engine = createEngine({ planner, maxOperationBytes });
const given = await fill(engine, 'then');
const grownBytes = (await usedBytes()) - before;
process.stdout.write(JSON.stringify({ given, grownBytes, ...engine.kept() }));
await engine.close();
