import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, visit } from 'graphql';

import { systemClock } from '../../platform/clock/Clock.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import type { KeyValueStore } from '../../platform/keyvalue/KeyValueStore.ts';
import type { WayOff } from '../../schema/municipalities/Municipality.ts';
import { choices } from './generated/Choices.ts';
import { SLUGS } from './generated/data.ts';
import { FLAGS, MODULES } from './generated/graph.ts';
import { generateOperation } from './generated/operation.ts';
import { type Decide, expectedData } from './generated/oracle.ts';
import { askedThoughOff } from './generated/outgoing.ts';
import { readsModule } from './generated/readsModule.ts';
import { createWorld, type EngineOfWorld, type RunningEngine, toSnapshot, type World } from './generated/world.ts';

/** The same cases in every run, so that a red run is about the change; another number explores others. */
const SEED = Number(process.env.FLAGS_SEED ?? 20_261_123);
const GRAPHS = Number(process.env.FLAGS_GRAPHS ?? 12);

const worlds = fc
  .sample(choices(120), { seed: SEED, numRuns: GRAPHS * 3 })
  .map(createWorld)
  .filter((world): world is World => world !== undefined)
  .slice(0, GRAPHS);

interface Case {
  readonly world: number;
  readonly operation: readonly number[];
  readonly flags: readonly boolean[];
  readonly module: number;
  /** Flags that are on in every municipality, whatever `flags` says. */
  readonly everywhere: readonly boolean[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  world: fc.nat(GRAPHS - 1),
  operation: choices(80),
  flags: fc.array(fc.boolean(), { minLength: FLAGS.length * SLUGS.length, maxLength: FLAGS.length * SLUGS.length }),
  module: fc.nat(MODULES.length - 1),
  everywhere: fc.array(fc.boolean(), { minLength: FLAGS.length, maxLength: FLAGS.length }),
});

const ALL_SLUGS: readonly string[] = SLUGS;

const allOn: Decide = (slug) => ALL_SLUGS.includes(slug);

/** A part is off where its module is. */
function decide({ flags, everywhere }: Case): Decide {
  const at = (slug: string, flag: string) =>
    allOn(slug, flag) &&
    (everywhere[FLAGS.indexOf(flag)] === true ||
      flags[ALL_SLUGS.indexOf(slug) * FLAGS.length + FLAGS.indexOf(flag)] === true);
  return (slug, flag) => at(slug, flag) && at(slug, flag.split('.')[0] ?? flag);
}

function worldOf({ world }: Case): World {
  const found = worlds[world % worlds.length];
  if (found === undefined) {
    throw new Error('No generated graph composes.');
  }
  return found;
}

const engines = new Map<string, RunningEngine>();
afterAll(() => Promise.all(worlds.map((world) => world.close())));

function engineOf(test: Case, options: EngineOfWorld = {}): RunningEngine {
  const key = `${test.world % worlds.length} ${JSON.stringify(options)}`;
  const engine = engines.get(key) ?? worldOf(test).engine(options);
  engines.set(key, engine);
  return engine;
}

function operationOf(test: Case) {
  return generateOperation(worldOf(test).apiSchema, test.operation);
}

/** Runs a property; a counterexample is told with all that it takes to see it. */
async function check(property: (test: Case) => Promise<string | undefined>, numRuns: number, endOnFailure = false) {
  const outcome = await fc.check(
    fc.asyncProperty(cases, async (test) => {
      const problem = await property(test);
      if (problem !== undefined) {
        throw new Error(problem);
      }
    }),
    { seed: SEED, numRuns, endOnFailure },
  );
  const [found] = outcome.counterexample ?? [];
  const report =
    found === undefined
      ? undefined
      : [
          `FLAGS_SEED=${SEED} ${JSON.stringify(found)}`,
          operationOf(found).query,
          JSON.stringify(operationOf(found).variables),
          SLUGS.map((slug) => `${slug}: ${FLAGS.filter((flag) => decide(found)(slug, flag)).join(' ')}`).join('\n'),
          worldOf(found)
            .subgraphs.map(({ sdl }) => sdl.slice(sdl.indexOf('interface Named')))
            .join('\n'),
          String(outcome.errorInstance),
        ].join('\n\n');
  return { failed: outcome.failed, report, runs: outcome.numRuns };
}

const TIMEOUT_MS = 300_000;
const RUNS = Number(process.env.FLAGS_RUNS ?? 500);

/** 1: a gated field of a disabled municipality never appears in an outgoing request. */
const asksNothingThatIsOff =
  (options: EngineOfWorld) =>
  async (test: Case): Promise<string | undefined> => {
    const { supergraphSchema: schema, features } = worldOf(test);
    const isOn = decide(test);
    const { calls } = await engineOf(test, options).run(operationOf(test), () => toSnapshot(isOn, 'f'));
    for (const call of calls) {
      const [problem] = askedThoughOff(call, { schema, features, isOn, slugs: SLUGS });
      if (problem !== undefined) {
        return `${problem} in ${call.query} ${JSON.stringify(call.variables)}`;
      }
    }
    return undefined;
  };

/** 2: answer(F) = mask(answer(all on), F), where the mask takes the modules out of the data. */
const answersWhatIsOn =
  (options: EngineOfWorld, knowsAll = false) =>
  async (test: Case): Promise<string | undefined> => {
    const { apiSchema, features } = worldOf(test);
    for (const isOn of [allOn, decide(test)]) {
      const operation = operationOf(test);
      const got = await engineOf(test, options).run(operation, () => toSnapshot(isOn, 'f', { knowsAll }));
      const expected = JSON.stringify(await expectedData(apiSchema, features, isOn, operation));
      if (JSON.stringify(got.data) !== expected) {
        return `expected ${expected}\ngot      ${JSON.stringify(got.data)}\n${got.calls.map((call) => `${call.query} ${JSON.stringify(call.variables)}`).join('\n')}`;
      }
    }
    return undefined;
  };

/** 3: switching a module changes no byte of an answer that reads nothing of it. */
const keepsToItsModule =
  (leak: boolean) =>
  async (test: Case): Promise<string | undefined> => {
    const { apiSchema, features } = worldOf(test);
    const operation = operationOf(test);
    const module = MODULES[test.module] ?? 'alpha';
    if (readsModule(apiSchema, features, operation.query, module)) {
      return undefined;
    }
    const isOn = decide(test);
    const switched: Decide = (slug, flag) =>
      leak || flag.split('.')[0] === module ? !isOn(slug, flag) && allOn(slug, flag) : isOn(slug, flag);
    const engine = engineOf(test);
    const before = await engine.run(operation, () => toSnapshot(isOn, 'before'));
    const after = await engine.run(operation, () => toSnapshot(switched, 'after'));
    return before.text === after.text ? undefined : `${before.text}\n${after.text}`;
  };

/** 4: cached = uncached, whatever was cached before under other flags. */
const answersAlikeFromCache =
  (store: () => KeyValueStore) =>
  async (test: Case): Promise<string | undefined> => {
    const operation = operationOf(test);
    const cached = worldOf(test).engine({ store: store() });
    const some = decide(test);
    const others: Decide = (slug, flag) => !some(slug, flag) && allOn(slug, flag);
    for (const [id, isOn] of [
      ['all', allOn],
      ['some', some],
      ['others', others],
      ['all', allOn],
      ['some', some],
    ] as const) {
      const got = await cached.run(operation, () => toSnapshot(isOn, id));
      const expected = await engineOf(test).run(operation, () => toSnapshot(isOn, id));
      if (got.text !== expected.text) {
        return `${id}: expected ${expected.text}\ngot ${got.text}`;
      }
    }
    return undefined;
  };

/** Answers in bytes are those that are parsed, with the places of what is off. */
const answersAlikeInBytes =
  (others: (test: Case) => Decide) =>
  async (test: Case): Promise<string | undefined> => {
    const operation = operationOf(test);
    const parsed = await engineOf(test).run(operation, () => toSnapshot(decide(test), 'f'));
    const inBytes = await engineOf(test, { overHttp: true }).run(operation, () => toSnapshot(others(test), 'f'));
    return inBytes.text === parsed.text ? undefined : `${inBytes.text}\n${parsed.text}`;
  };

/** 5: one snapshot for the whole request, also while another takes its place. */
const answersFromOneSnapshot =
  (isPinned: boolean) =>
  async (test: Case): Promise<string | undefined> => {
    const operation = operationOf(test);
    const one = toSnapshot(decide(test), 'one');
    const other = toSnapshot((slug, flag) => !decide(test)(slug, flag) && allOn(slug, flag), 'other');
    let reads = 0;
    const current = () => (reads++ % 2 === 0 ? one : other);
    const pinned = current();
    const got = await engineOf(test).run(operation, isPinned ? () => pinned : current);
    const whole = await Promise.all([one, other].map((each) => engineOf(test).run(operation, () => each)));
    return whole.some(({ text }) => text === got.text) ? undefined : got.text;
  };

interface Told {
  readonly data: unknown;
  readonly disabled: readonly {
    readonly municipality: string | null;
    readonly paths: readonly (readonly (string | number)[])[];
  }[];
}

/** What is told to be off is null in the answer, each of it and nothing else. */
const tellsOfNulls =
  (options: EngineOfWorld, change = (path: readonly (string | number)[]) => path) =>
  async (test: Case): Promise<string | undefined> => {
    const { text } = await engineOf(test, options).run(operationOf(test), () => toSnapshot(decide(test), 'f'));
    const { data, disabled } = JSON.parse(text) as Told;
    const isNull =
      options.kind === 'apollo' ? isNullSomewhere : (from: unknown, path: Path) => valueAt(from, path) === null;
    const wrong = disabled.flatMap(({ paths }) => paths).find((path) => !isNull(data, change(path)));
    return wrong === undefined ? undefined : `${wrong.join('.')} in ${text}`;
  };

type Path = readonly (string | number)[];

/** `@`: the executor of @apollo/gateway does not always tell which object of a list a request is about. */
function isNullSomewhere(data: unknown, path: Path): boolean {
  const at = path.indexOf('@');
  const list = valueAt(data, path.slice(0, at));
  return at === -1
    ? valueAt(data, path) === null
    : Array.isArray(list) && list.some((item) => isNullSomewhere(item, path.slice(at + 1)));
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value === null ? null : Reflect.get(Object(value), step)), data);
}

/** Municipalities that reject get no data, and nothing is fetched where one of them is named in an argument. */
const rejects =
  (options: EngineOfWorld, whenOff: WayOff = 'reject') =>
  async (test: Case): Promise<string | undefined> => {
    const operation = operationOf(test);
    const isOn = decide(test);
    const { text } = await engineOf(test, options).run(operation, () => toSnapshot(isOn, 'told'));
    const { data, disabled } = JSON.parse(text) as Told;
    const got = await engineOf(test, options).run(operation, () => toSnapshot(isOn, 'rejected', { whenOff }));
    // Strangers have nothing to say.
    const paths = disabled
      .filter(({ municipality }) => ALL_SLUGS.includes(municipality ?? ''))
      .flatMap((each) => each.paths);
    const named = paths.find(([first, , ...rest]) => rest.length === 0 && municipalitiesIn(operation.query).has(first));
    if (named !== undefined && got.calls.length > 0) {
      return `${named.join('.')} is known before ${got.calls.map(({ query }) => query).join('\n')}`;
    }
    if (paths.length > 0 && got.data !== null) {
      return `${JSON.stringify(paths)} in ${got.text}`;
    }
    const isRefused = got.calls.length === 0;
    return paths.length > 0 || isRefused || JSON.stringify(got.data) === JSON.stringify(data) ? undefined : got.text;
  };

/** Response names of the root fields that return a municipality by its slug. */
function municipalitiesIn(query: string): ReadonlySet<unknown> {
  const names = new Set<unknown>();
  visit(parse(query), {
    Field: (field) => {
      if (field.name.value === 'municipality' && field.arguments?.[0]?.name.value === 'slug') {
        names.add(field.alias?.value ?? field.name.value);
      }
    },
  });
  return names;
}

describe(`F-24: flags over generated graphs, operations and data (FLAGS_SEED=${SEED})`, () => {
  it('generates graphs that compose', () => {
    expect(worlds).toHaveLength(GRAPHS);
  });

  const properties: readonly [string, (test: Case) => Promise<string | undefined>, number][] = [
    ['asks for nothing that is off', asksNothingThatIsOff({}), RUNS],
    ['asks for nothing that is off, in bytes', asksNothingThatIsOff({ overHttp: true }), RUNS],
    ['asks for nothing that is off, with the engine apollo', asksNothingThatIsOff({ kind: 'apollo' }), RUNS / 5],
    ['answers what is on, and null in place of the rest', answersWhatIsOn({}), RUNS],
    ['answers what is on, in bytes', answersWhatIsOn({ overHttp: true }), RUNS],
    ['answers what is on, with the engine apollo', answersWhatIsOn({ kind: 'apollo' }), RUNS / 5],
    ['changes no byte of an answer that reads nothing of a module', keepsToItsModule(false), RUNS],
    [
      'answers from the cache as without it',
      answersAlikeFromCache(() => createMemoryStore({ clock: systemClock })),
      RUNS * 0.3,
    ],
    ['answers and tells the same in bytes', answersAlikeInBytes(decide), RUNS],
    ['tells of nulls', tellsOfNulls({}), RUNS],
    ['tells of nulls, in bytes', tellsOfNulls({ overHttp: true }), RUNS],
    ['tells of nulls, with the engine apollo', tellsOfNulls({ kind: 'apollo' }), RUNS / 5],
    ['rejects, before the fetches where it can', rejects({}), RUNS],
    ['rejects with the engine apollo', rejects({ kind: 'apollo' }), RUNS / 5],
    ['answers from one snapshot', answersFromOneSnapshot(true), RUNS / 2],
  ];
  it.each(properties)(
    '%s',
    async (_name, property, runs) => {
      const { report } = await check(property, runs);
      expect(report).toBeUndefined();
    },
    TIMEOUT_MS,
  );

  const controls: readonly [string, (test: Case) => Promise<string | undefined>][] = [
    ['requests without a gate', asksNothingThatIsOff({ isGated: false })],
    ['answers without a gate', answersWhatIsOn({ isGated: false })],
    ['strangers that are taken for known', answersWhatIsOn({}, true)],
    ['strangers that are taken for known, in bytes', answersWhatIsOn({ overHttp: true }, true)],
    ['a switch that takes other modules along', keepsToItsModule(true)],
    ['answers in bytes of another snapshot', answersAlikeInBytes(() => allOn)],
    ['a cache whose keys forget what was asked', answersAlikeFromCache(() => createForgetfulKeys())],
    ['what is told to be off one step too early', tellsOfNulls({}, (path) => path.slice(0, -1))],
    ['municipalities that do not reject', rejects({}, 'errors')],
    ['a snapshot that changes while a request runs', answersFromOneSnapshot(false)],
  ];
  it.each(controls)(
    'finds out about %s',
    async (_name, property) => {
      const { failed } = await check(property, RUNS, true);
      expect(failed).toBe(true);
    },
    TIMEOUT_MS,
  );
});

/** Keeps everything under the first part of its key: of all that was asked, the last answer. */
function createForgetfulKeys(): KeyValueStore {
  const store = createMemoryStore({ clock: systemClock });
  const cut = (key: string) => key.split(':', 1)[0] ?? key;
  return {
    ...store,
    getMany: (keys) => store.getMany(keys.map(cut)),
    setMany: (entries) => store.setMany(entries.map((entry) => ({ ...entry, key: cut(entry.key) }))),
  };
}
