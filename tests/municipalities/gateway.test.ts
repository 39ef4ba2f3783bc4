import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createGateway, type Gateway } from '../../gateway/createGateway.ts';
import { createPlanner } from '../../gateway/plan/createPlanner.ts';
import { systemClock } from '../../platform/clock/Clock.ts';
import { createMemoryStore } from '../../platform/keyvalue/createMemoryStore.ts';
import { silentLogger } from '../../platform/logger/Logger.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import type { MunicipalityRegister } from '../../schema/municipalities/Municipality.ts';
import { createSubgraph } from '../../subgraphs/kit/createSubgraph.ts';
import { FEDERATION } from '../support/testGateway.ts';
import { createFolder, type Folder, until } from './support/createFolder.ts';

const TOWNS = `
  type Query { municipality(slug: ID!): Municipality }
  type Municipality @key(fields: "slug") { slug: ID! name: String }
  type Mutation { subscribe(municipality: ID!): Boolean @feature(flag: "news", municipality: "$municipality") }
`;
const homes = (field: string, flag: string) => `
  type Municipality @key(fields: "slug") { slug: ID! ${field}: Int @feature(flag: "${flag}") }
`;

let folder: Folder;
let open: (() => Promise<void>)[] = [];
/** Fields of the second level wait for it. */
let hold: Promise<void> = Promise.resolve();

beforeEach(async () => {
  hold = Promise.resolve();
  folder = await createFolder({ 'a.yaml': 'name: A\nmodules: { housing: true, news: true }\n' });
});
afterEach(async () => {
  for (const close of open.reverse()) {
    await close();
  }
  open = [];
  await folder.close();
});

/** A gateway over a register that follows real files. */
async function start(register: MunicipalityRegister) {
  const subgraphs = [
    {
      name: 'towns',
      sdl: TOWNS,
      resolvers: {
        Query: {
          municipality: (_: unknown, { slug }: { slug: string }) =>
            register.current().municipalities.has(slug) ? { slug, name: slug } : null,
        },
        Mutation: { subscribe: () => true },
      },
    },
    ...['housing', 'news'].map((flag) => ({
      name: flag,
      sdl: homes(`${flag}Count`, flag),
      resolvers: {
        Municipality: {
          __resolveReference: async ({ slug }: { slug: string }) => {
            await (flag === 'news' ? hold : undefined);
            return { slug, [`${flag}Count`]: 1 };
          },
        },
      },
    })),
  ];
  const composed = composeSupergraph(
    subgraphs.map(({ name, sdl }) => ({ name, url: 'http://127.0.0.1:1', sdl: FEDERATION + sdl })),
  );
  if (composed.kind === 'failed') {
    throw new Error(composed.problems.map(({ message }) => message).join('\n'));
  }
  const running = await Promise.all(
    subgraphs.map(({ name, sdl, resolvers }) =>
      createSubgraph({ name, typeDefs: FEDERATION + sdl, resolvers, createContext: () => ({}), logger: silentLogger }),
    ),
  );
  open.push(...running.map((subgraph) => () => subgraph.close()));
  const gateway: Gateway = await createGateway({
    supergraphSdl: composed.supergraphSdl,
    inProcess: new Map(running.map((subgraph) => [subgraph.name, subgraph])),
    municipalities: register,
    planner: createPlanner(composed.supergraphSdl),
    store: createMemoryStore({ clock: systemClock }),
    clock: systemClock,
    logger: silentLogger,
  });
  open.push(() => gateway.close());
  const origin = `http://127.0.0.1:${await gateway.listen(0)}`;
  return {
    origin,
    ask: async (query: string) => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: expectations look into answers of any shape
      return (await response.json()) as any;
    },
    // biome-ignore lint/suspicious/noExplicitAny: the same
    health: async () => (await (await fetch(`${origin}/health/ready`)).json()) as any,
  };
}

const BOTH = '{ municipality(slug: "a") { name housingCount newsCount } }';

describe('a gateway over municipality files that change', () => {
  it('C-15: ends what is in flight for a municipality that is removed, and no longer knows it afterwards', async () => {
    const register = await folder.open();
    const { ask, origin } = await start(register);
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const inFlight = ask(BOTH);
    await delay(200);
    await folder.write({ 'b.yaml': 'name: B\n', 'a.yaml': 'name: A\nslug: renamed\n' });
    await until(() => !register.current().municipalities.has('a'), 5_000);
    release();

    expect((await inFlight).data).toEqual({ municipality: { name: 'a', housingCount: 1, newsCount: 1 } });
    expect((await ask(BOTH)).data).toEqual({ municipality: null });
    const { errors } = await ask('mutation { subscribe(municipality: "a") }');
    expect(errors[0].extensions.code).toBe('MUNICIPALITY_UNKNOWN');
    expect((await fetch(`${origin}/schema/a`)).status).toBe(404);
  });

  it('C-16: shows in its health which snapshot it answers from, how old it is and what comes next', async () => {
    const other = await createFolder({ 'a.yaml': 'name: A\nmodules: { housing: true, news: true }\n' });
    try {
      const registers = [await folder.open(), await other.open()];
      const [one, two] = [
        await start(registers[0] as MunicipalityRegister),
        await start(registers[1] as MunicipalityRegister),
      ];
      const first = (await one.health()).municipalities;
      expect(first).toMatchObject({
        snapshot: expect.stringMatching(/^[0-9a-f]{16}$/),
        count: 1,
        problems: [],
        nextSwitchAt: null,
      });
      expect(first.ageSeconds).toBeGreaterThanOrEqual(0);
      expect((await two.health()).municipalities.snapshot).toBe(first.snapshot);

      await other.write({
        'a.yaml': 'name: A\nmodules: { housing: { enabled: true, until: 2999-12-30 }, news: true }\n',
      });
      await until(() => registers[1]?.current().nextSwitchAt !== undefined);
      const second = (await two.health()).municipalities;
      expect(second.snapshot).not.toBe(first.snapshot);
      expect(second.nextSwitchAt).toBe('2999-12-30T23:00:00.000Z');
    } finally {
      await other.close();
    }
  });

  it('C-17: answers every request from exactly one snapshot while flags flip', async () => {
    const register = await folder.open();
    const { ask } = await start(register);
    let flips = 0;
    register.onChange(() => {
      flips += 1;
    });
    let isDone = false;
    const flipping = (async () => {
      for (let n = 1; n <= 8; n += 1) {
        await folder.replace('a.yaml', `name: A\nmodules: { housing: ${n % 2 === 0}, news: ${n % 2 === 0} }\n`);
        await until(() => flips === n);
        await delay(50);
      }
      isDone = true;
    })();
    const answers = new Map<string, number>();
    while (!isDone) {
      hold = delay(15);
      const some = await Promise.all(Array.from({ length: 4 }, () => ask(BOTH)));
      for (const { data, errors } of some) {
        const kind = JSON.stringify([data.municipality.housingCount, data.municipality.newsCount, errors?.length ?? 0]);
        answers.set(kind, (answers.get(kind) ?? 0) + 1);
      }
    }
    await flipping;

    expect(flips).toBe(8);
    expect([...answers.keys()].sort()).toEqual(['[1,1,0]', '[null,null,0]']);
  });
});
