import { createHash } from 'node:crypto';

import { afterEach, describe, expect, it } from '@jest/globals';

import { getIntrospectionQuery } from 'graphql';

import { createEngine } from '../../gateway/engine/createEngine.ts';
import { DEFAULT_LIMITS, limitOperation } from '../../gateway/operation/limitOperation.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import type { Planner, PlanRequest } from '../../gateway/plan/Planner.ts';
import { type PlannerThread, type PlanningBounds, startPlannerThread } from '../../gateway/plan/startPlannerThread.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { createTestGateway, FEDERATION, type TestSubgraph } from '../support/testGateway.ts';

/** Every subgraph can go on from every station, so the ways through a few of them are many. */
const TYPES = ['Bus', 'Tram', 'Ferry'];
const LINES = ['north', 'south', 'east', 'west', 'night'];
const SUBGRAPHS: Readonly<Record<string, TestSubgraph>> = Object.fromEntries(
  LINES.map((line) => [
    line,
    {
      sdl: `
        type Query { stop: Stop @shareable }
        interface Stop { id: ID! next: Stop }
        ${TYPES.map((type) => `type ${type} implements Stop @key(fields: "id") { id: ID! next: Stop @shareable ${line}${type}: Int }`).join('\n')}
      `,
      resolvers: { Query: { stop: () => ({ __typename: 'Bus', id: '1', northBus: 4 }) } },
    },
  ]),
);
const ALL = TYPES.map((type) => `... on ${type} { ${LINES.map((line) => line + type).join(' ')} }`).join(' ');
/** Within all limits, and yet a planner without bounds does not come to an end. */
const HOSTILE = `{ stop { ${ALL} next { ${ALL} next { ${ALL} next { ${ALL} next { id } } } } } }`;
const BOUNDLESS: PlanningBounds = { maxPaths: 1_000_000_000, maxEvaluatedPlans: 1_000_000_000 };
const SIMPLE = '{ stop { id } }';

const SUPERGRAPH = compose(Object.fromEntries(Object.entries(SUBGRAPHS).map(([name, { sdl }]) => [name, sdl])));

function compose(subgraphs: Readonly<Record<string, string>>): string {
  const composed = composeSupergraph(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: 'http://127.0.0.1:1', sdl: FEDERATION + sdl })),
  );
  if (composed.kind === 'failed') {
    throw new Error(composed.problems.map(({ message }) => message).join('\n'));
  }
  return composed.supergraphSdl;
}

/** @apollo/query-planner 2.14 goes round in a circle over this one (`FetchGroup.isDescendantOf`): DIFFERENTIAL_SEED=7 met it. */
const CIRCULAR = {
  subgraphs: {
    map: `
      type Query { city(id: ID): City }
      interface Place { id: ID! title: String }
      type Park implements Place @key(fields: "id") @key(fields: "code") { id: ID! code: ID title: String @shareable }
      type City implements Place @key(fields: "id") {
        id: ID! title: String @shareable next: City @shareable
        parks: [[Park!]!] @external places: [Place] @external
        size: Int @requires(fields: "parks { id } places { id }")
      }`,
    green: `
      interface Place { id: ID! title: String }
      type Park @key(fields: "code") { code: ID }
      type City implements Place @key(fields: "id") {
        id: ID! title: String @shareable next: City @shareable
        parks: [[Park!]!] places: [Place]
        size: Int @external
        rank: Int @requires(fields: "size")
      }`,
  },
  text: '{ city { next { other: rank size ... on Place { title ... on City { rank } } } } }',
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const asked = (text: string): PlanRequest => ({ text, prepared: text, overrides: new Map() });

async function startThread(bounds: PlanningBounds, supergraphSdl = SUPERGRAPH): Promise<PlannerThread> {
  const thread = await startPlannerThread(supergraphSdl, { ...bounds, logger: silentLogger });
  closers.push(thread.close);
  return thread;
}

async function codeOf(planner: Planner, text: string): Promise<unknown> {
  const answer = await planner.plan(asked(text));
  return answer.kind === 'refused' ? answer.errors[0]?.extensions.code : answer.kind;
}

describe.each([
  ['in this thread', async () => createPlanner(SUPERGRAPH)],
  ['in a thread of its own', () => startThread({})],
])('a planner %s', (_where, create) => {
  it('gives schemas, plans, and the problems of texts that are not valid', async () => {
    const planner = await create();

    expect(planner.apiSchema.getType('_Entity')).toBeUndefined();
    expect(planner.apiSchema.getType('Tram')).toBeDefined();
    expect(planner.supergraphSchema.getType('join__Graph')).toBeDefined();
    expect(await planner.plan(asked(SIMPLE))).toMatchObject({
      kind: 'planned',
      root: { kind: 'Fetch', operation: '{stop{__typename id}}' },
    });
    expect(await planner.plan(asked('{ __typename }'))).toMatchObject({ kind: 'planned', root: undefined });
    const refused = await planner.plan(asked('{\n  stop { ide }\n}'));
    expect(refused.kind === 'refused' && refused.errors.map((error) => error.toJSON())).toEqual([
      {
        message: 'Cannot query field "ide" on type "Stop". Did you mean "id"?',
        locations: [{ line: 2, column: 10 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });

  it('refuses an operation with too many ways to its fields (G-10)', async () => {
    expect(await codeOf(await create(), HOSTILE)).toBe('OPERATION_TOO_LARGE');
  });
});

describe('a thread that plans', () => {
  it('refuses what takes too long, begins anew, and plans what has waited (G-10, FT-30)', async () => {
    const thread = await startThread({ ...BOUNDLESS, maxHeapMb: 1_024, timeoutMs: 3_000, maxWaitMs: 60_000 });

    const codes = await Promise.all([codeOf(thread, HOSTILE), codeOf(thread, SIMPLE)]);

    expect(codes).toEqual(['OPERATION_TOO_LARGE', 'planned']);
    expect(thread.restarts()).toBe(1);
  });

  it('refuses what takes too much memory, and lives (G-10)', async () => {
    const thread = await startThread({ ...BOUNDLESS, maxHeapMb: 32, timeoutMs: 20_000, maxWaitMs: 60_000 });

    expect(await codeOf(thread, HOSTILE)).toBe('OPERATION_TOO_LARGE');
    expect(await codeOf(thread, SIMPLE)).toBe('planned');
    expect(thread.restarts()).toBe(1);
  });

  it('refuses what would wait too long (L-4)', async () => {
    const thread = await startThread({ ...BOUNDLESS, timeoutMs: 3_000, maxWaiting: 1, maxWaitMs: 100 });

    const codes = await Promise.all([HOSTILE, SIMPLE, SIMPLE].map((text) => codeOf(thread, text)));

    expect(codes).toEqual(['OPERATION_TOO_LARGE', 'OVERLOADED', 'OVERLOADED']);
    expect(await codeOf(thread, SIMPLE)).toBe('planned');
  });

  it('refuses a small operation over which the planner goes round in a circle, and lives (G-10)', async () => {
    const thread = await startThread({ maxWaitMs: 60_000 }, compose(CIRCULAR.subgraphs));

    expect(await codeOf(thread, CIRCULAR.text)).toBe('OPERATION_TOO_LARGE');
    expect(await codeOf(thread, '{ city { next { rank size title } } }')).toBe('planned');
    expect(thread.restarts()).toBe(1);
  });

  it('does not start over something that is no supergraph', async () => {
    await expect(startThread({}, 'type Query { a: Int }')).rejects.toThrow(/supergraph/);
  });

  it('lets nobody wait who asks when it is closed', async () => {
    const thread = await startThread({ ...BOUNDLESS });
    const running = codeOf(thread, HOSTILE).catch(() => 'ended');
    await thread.close();

    expect(await running).toBe('ended');
    expect(await codeOf(thread, SIMPLE)).toBe('OVERLOADED');
  });
});

describe('a gateway that meets a hostile operation', () => {
  it('answers others meanwhile, and its thread never stands still for long (G-10, FT-30)', async () => {
    const gateway = await createTestGateway({
      subgraphs: SUBGRAPHS,
      planner: (supergraphSdl) =>
        startThread({ ...BOUNDLESS, maxHeapMb: 1_024, timeoutMs: 1_500, maxWaitMs: 60_000 }, supergraphSdl),
    });
    closers.push(gateway.close);
    await gateway.execute(SIMPLE);

    /** Asks twenty times a second until the work ends: how often there was an answer, and the longest time without a turn. */
    const during = async (work: Promise<unknown>) => {
      let isOver = false;
      void work.finally(() => {
        isOver = true;
      });
      let answered = 0;
      let longestGapMs = 0;
      let lastAt = performance.now();
      const timer = setInterval(() => {
        const now = performance.now();
        longestGapMs = Math.max(longestGapMs, now - lastAt);
        lastAt = now;
      }, 5);
      while (!isOver) {
        const { data } = await gateway.execute(SIMPLE);
        expect(data).toEqual({ stop: { id: '1' } });
        answered += isOver ? 0 : 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      clearInterval(timer);
      return { answered, longestGapMs };
    };

    const quiet = await during(new Promise((resolve) => setTimeout(resolve, 1_000)));
    const gaps: number[] = [];
    // A machine that is busy with something else can stop us once, but not each time.
    for (let attempt = 0; attempt < 3; attempt++) {
      const hostile = gateway.execute(HOSTILE.replace('{', `query Attempt${attempt} {`));
      const { answered, longestGapMs } = await during(hostile);
      gaps.push(longestGapMs);
      expect(answered).toBeGreaterThan(3);
      expect((await hostile).errors?.[0]?.extensions.code).toBe('OPERATION_TOO_LARGE');
    }
    expect(Math.min(...gaps)).toBeLessThan(100 + quiet.longestGapMs);
  });

  it('tells clients to come back when too many operations are new at once', async () => {
    const gateway = await createTestGateway({
      subgraphs: SUBGRAPHS,
      planner: async (supergraphSdl) => {
        const thread = await startThread({}, supergraphSdl);
        await thread.close(); // plans nothing any more
        return thread;
      },
    });
    closers.push(gateway.close);

    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SIMPLE }),
    });

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED', retryable: true } }] });
  });
});

describe('introspection', () => {
  const answersOf = async (text: string) => {
    const engine = createEngine({ planner: createPlanner(SUPERGRAPH), limitRules: [limitOperation(DEFAULT_LIMITS)] });
    const compilation = await engine.compile(text);
    return compilation.kind === 'compiled' ? 'compiled' : compilation.errors[0]?.message;
  };

  it('is answered for tools, which ask for the schema once and for types by name (G-12)', async () => {
    expect(await answersOf(getIntrospectionQuery())).toBe('compiled');
    expect(await answersOf(`{ ${TYPES.map((type) => `${type}: __type(name: "${type}") { name }`).join(' ')} }`)).toBe(
      'compiled',
    );
  });

  it.each([
    ['the schema twice', '{ a: __schema { types { name } } b: __schema { types { name } } }'],
    [
      'the schema twice, by a fragment',
      '{ ...S a: __schema { ...T } } fragment S on Query { __schema { ...T } } fragment T on __Schema { types { name } }',
    ],
    ['many types', `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: __type(name: "Bus") { name }`).join(' ')} }`],
    [
      'fields of fields of fields',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
    ],
  ])('is refused where it asks for %s (G-12)', async (_what, text) => {
    expect(await answersOf(text)).toMatch(/more than|Maximum introspection depth/);
  });
});

/** A planner that counts, and plans each text but once: what differs is the name of the operation. */
function createCountingPlanner(): Planner & { readonly planned: string[] } {
  const planner = createPlanner(SUPERGRAPH);
  const planned: string[] = [];
  const answers = new Map<string, ReturnType<Planner['plan']>>();
  return {
    ...planner,
    planned,
    plan: (request) => {
      planned.push(request.text);
      const shape = request.text.slice(request.text.indexOf('{'));
      const answer = answers.get(shape) ?? planner.plan(request);
      answers.set(shape, answer);
      return answer;
    },
  };
}

describe('compiled operations', () => {
  it('are compiled once for equal requests that arrive together', async () => {
    const planner = createCountingPlanner();
    const engine = createEngine({ planner });

    const together = await Promise.all([engine.compile(SIMPLE), engine.compile(SIMPLE), engine.compile(SIMPLE)]);
    const later = await engine.compile(SIMPLE);

    expect(planner.planned).toEqual([SIMPLE]);
    expect(new Set([...together, later].map((one) => (one.kind === 'compiled' ? one.operation : one))).size).toBe(1);
  });

  it('stay within their bytes however many come, and a flood of refused ones drives none out (G-14, L-10)', async () => {
    const maxOperationBytes = 1_000_000;
    const engine = createEngine({
      planner: createCountingPlanner(),
      maxOperationBytes,
      limitRules: [limitOperation(DEFAULT_LIMITS)],
    });
    let highest = 0;
    for (let i = 0; i < 10_000; i++) {
      await engine.compile(`query Number${i} { stop { id } }`);
      highest = Math.max(highest, engine.kept().bytes);
    }
    const { operations, bytes } = engine.kept();

    expect(highest).toBeLessThanOrEqual(maxOperationBytes);
    expect(bytes).toBeGreaterThan(maxOperationBytes / 2);
    expect(operations).toBeGreaterThan(50);
    for (let i = 0; i < 100; i++) {
      await engine.compile(`query Number${i} { ${'a: stop { id } '.repeat(31)} }`);
    }
    expect(engine.known('query Number9999 { stop { id } }')).toBeDefined();
    expect(engine.kept()).toEqual({ operations, bytes });
  }, 120_000);

  it('weigh more with every set of conditions that they are compiled for', async () => {
    const engine = createEngine({ planner: createPlanner(SUPERGRAPH) });
    const compiled = await engine.compile(
      'query ($a: Boolean!, $b: Boolean!) { stop { id @skip(if: $a) next @include(if: $b) { id } } }',
    );
    if (compiled.kind === 'refused') {
      throw compiled.errors[0];
    }
    const weights = [engine.kept().bytes];
    for (const values of [
      [true, true],
      [true, false],
      [true, true],
    ]) {
      compiled.operation.variant(values);
      weights.push(engine.kept().bytes);
    }

    const [none = 0, one = 0, two = 0, again = 0] = weights;
    expect(one).toBeGreaterThan(none);
    expect(two).toBeGreaterThan(one);
    expect(again).toBe(two);
  });

  it('are one and the same for a text and its persisted id, and refused texts get none (G-32, G-33)', async () => {
    const planner = createCountingPlanner();
    const gateway = await createTestGateway({ subgraphs: SUBGRAPHS, planner: () => planner });
    closers.push(gateway.close);
    const ask = async (text: string, withText: boolean) => {
      const sha256Hash = createHash('sha256').update(text).digest('hex');
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...(withText ? { query: text } : {}),
          extensions: { persistedQuery: { version: 1, sha256Hash } },
        }),
      });
      const body = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
      return body.data ?? body.errors?.[0]?.extensions.code;
    };

    expect(await ask(SIMPLE, false)).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await ask(SIMPLE, true)).toEqual({ stop: { id: '1' } });
    expect(await ask(SIMPLE, false)).toEqual({ stop: { id: '1' } });
    expect((await gateway.execute(SIMPLE)).data).toEqual({ stop: { id: '1' } });
    expect(planner.planned).toEqual([SIMPLE]);

    expect(await ask('{ nowhere }', true)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await ask('{ nowhere }', false)).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});
