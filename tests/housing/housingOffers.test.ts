import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { describeDatabases } from '../support/database.ts';
import {
  askForPages,
  createHousingWorld,
  DAY_MS,
  type HousingWorld,
  readPage,
  resolveOffers,
} from './createHousingWorld.ts';

describeDatabases('Municipality.housingOffers', (open) => {
  let database: SqlDatabase;
  let world: HousingWorld;
  /** Statements that reached the database through a Kysely executor or `query`. */
  let statements: string[];
  beforeAll(async () => {
    const opened = await open();
    database = {
      ...opened,
      as: <Tables>() => {
        const kysely = opened.as<Tables>();
        return kysely.withPlugin({
          transformQuery: ({ node }) => {
            statements.push(node.kind);
            return node;
          },
          transformResult: async ({ result }) => result,
        });
      },
    };
  });
  beforeEach(async () => {
    statements = [];
    world = await createHousingWorld(database);
  });
  afterAll(async () => {
    await database.close();
  });

  it('lists the offers of the municipality and of no other', async () => {
    const here = await world.publish();
    const there = await world.publish({}, 'beispielheim');

    expect(await world.listed('musterstadt')).toEqual([here.id]);
    expect(await world.listed('beispielheim')).toEqual([there.id]);
    expect(await world.listed('zuerichberg')).toEqual([]);
  });

  it('stops listing an offer at the instant of its expiry', async () => {
    const { id } = await world.publish({ durationDays: 3 });
    world.clock.advance(3 * DAY_MS - 1);
    expect(await world.listed()).toEqual([id]);
    expect(await resolveOffers(world, [id])).not.toEqual([null]);

    world.clock.advance(1);
    expect(await readPage(world, 'musterstadt')).toMatchObject({ totalCount: 0, nodes: [] });
    expect(await resolveOffers(world, [id])).toEqual([null]);
  });

  it('answers a list of municipalities out of one statement, in the order asked', async () => {
    for (const municipality of ['musterstadt', 'beispielheim', 'musterstadt', 'zuerichberg', 'musterstadt']) {
      await world.publish({}, municipality);
      world.clock.advance(1_000);
    }
    statements.length = 0;

    const { pages } = await askForPages(
      world,
      ['zuerichberg', 'musterstadt', 'switched-off', 'beispielheim'],
      '(first: 2)',
    );

    expect(statements).toEqual(['RawNode']);
    expect(pages.map((page) => [page?.totalCount, page?.nodes.length, page?.pageInfo.hasNextPage])).toEqual([
      [1, 1, false],
      [3, 2, true],
      [0, 0, false],
      [1, 1, false],
    ]);
  });

  it('answers null for a municipality that the register does not hold, and the others', async () => {
    const { pages, errors } = await askForPages(world, ['atlantis', 'musterstadt']);

    expect(errors).toBeUndefined();
    expect(pages.map((page) => page?.totalCount)).toEqual([undefined, 0]);
  });

  it('resolves many offers by id out of one statement, in the order asked', async () => {
    const first = await world.publish();
    const draft = await world.place();
    const second = await world.publish({}, 'beispielheim');
    statements.length = 0;

    const offers = await resolveOffers(world, [second.id, draft.id, first.id]);

    expect(statements).toEqual(['RawNode']);
    expect(offers).toEqual([
      expect.objectContaining({ id: second.id }),
      null,
      expect.objectContaining({ id: first.id }),
    ]);
  });

  it('resolves no offer of a municipality that has left', async () => {
    const { id } = await world.publish({}, 'beispielheim');
    world.municipalities.remove('beispielheim');

    expect(await resolveOffers(world, [id])).toEqual([null]);
  });

  it.each([
    ['NEWEST', ['c', 'b', 'a']],
    ['RENT', ['b', 'a', 'c']],
    ['AREA', ['c', 'a', 'b']],
  ])('orders by %s', async (order, expected) => {
    for (const [name, baseRentCents, areaSquareMetres] of [
      ['a', 50_000, 60],
      ['b', 40_000, 40.5],
      ['c', 90_000, 110],
    ] as const) {
      await world.publish({ title: `Wohnung ${name}`, baseRentCents, areaSquareMetres });
      world.clock.advance(1);
    }

    const { nodes } = await readPage(world, 'musterstadt', `(orderBy: ${order})`);

    expect(nodes.map(({ title }) => title.at(-1))).toEqual(expected);
  });

  it.each(['NEWEST', 'RENT', 'AREA'])(
    'pages through equal values by %s without losing or doubling one',
    async (order) => {
      const ids = [];
      for (let count = 0; count < 7; count += 1) {
        ids.push((await world.publish({ baseRentCents: count < 4 ? 50_000 : 60_000 })).id);
      }

      const seen: string[] = [];
      let after = '';
      for (let page = 0; page < 4; page += 1) {
        const { nodes, pageInfo, totalCount } = await readPage(
          world,
          'musterstadt',
          `(orderBy: ${order}, first: 2${after})`,
        );
        expect(totalCount).toBe(7);
        expect(pageInfo.hasNextPage).toBe(page < 3);
        seen.push(...nodes.map(({ id }) => id));
        after = `, after: "${pageInfo.endCursor}"`;
      }

      expect([...seen].sort()).toEqual([...ids].sort());
      expect(await world.listed('musterstadt', `(orderBy: ${order}, first: 100)`)).toEqual(seen);
    },
  );

  it('keeps its place when offers before and behind the cursor come and go', async () => {
    const offers = [];
    for (let count = 0; count < 5; count += 1) {
      offers.push(await world.publish({ title: `Wohnung ${count}` }));
      world.clock.advance(1);
    }
    const { nodes, pageInfo } = await readPage(world, 'musterstadt', '(first: 2)');
    expect(nodes.map(({ title }) => title)).toEqual(['Wohnung 4', 'Wohnung 3']);

    await world.publish({ title: 'Wohnung 5' });
    await world.withdraw(String(offers[3]?.token)); // the offer of the cursor itself
    await world.withdraw(String(offers[1]?.token));

    const next = await readPage(world, 'musterstadt', `(first: 2, after: "${pageInfo.endCursor}")`);
    expect(next.nodes.map(({ title }) => title)).toEqual(['Wohnung 2', 'Wohnung 0']);
  });

  it.each<[string, readonly string[]]>([
    ['maxTotalRentCents: 50000', ['kleine']],
    ['maxTotalRentCents: 49999', []],
    ['minAreaSquareMetres: 80.5', ['grosse']],
    ['minRooms: 2.5', ['grosse', 'mittlere']],
    ['availableUntil: "2031-06-30"', ['kleine', 'mittlere']],
    ['availableUntil: "2031-07-01"', ['grosse', 'kleine', 'mittlere']],
    ['text: "GARTEN"', ['grosse', 'mittlere']],
    ['text: "garten see"', ['mittlere']],
    ['text: "beispielheim"', ['grosse']],
    ['text: "100%"', ['kleine']],
    ['text: "1_0"', []],
    ['text: "  "', ['grosse', 'kleine', 'mittlere']],
    ['near: { latitude: 47.55, longitude: 9.69, radiusKm: 1 }', ['mittlere']],
    ['near: { latitude: 47.55, longitude: 9.69, radiusKm: 15 }', ['grosse', 'mittlere']],
    ['near: { latitude: -47.55, longitude: -170.31, radiusKm: 500 }', []],
    ['near: null, text: null, maxTotalRentCents: null', ['grosse', 'kleine', 'mittlere']],
    ['minRooms: 2.5, maxTotalRentCents: 80000', ['mittlere']],
  ])('filters by { %s }', async (filter, expected) => {
    await world.publish({
      title: 'kleine Wohnung',
      description: 'Altbau, 100% renoviert',
      baseRentCents: 40_000,
      runningCostsCents: 8_000,
      additionalCostsCents: 2_000,
      areaSquareMetres: 30,
      totalRooms: 1,
    });
    await world.publish({
      title: 'mittlere Wohnung',
      description: 'mit Garten am See',
      baseRentCents: 70_000,
      areaSquareMetres: 60,
      totalRooms: 2.5,
      availableFrom: '2031-06-30',
      place: { town: 'Musterstadt', location: { latitude: 47.551, longitude: 9.691 } },
    });
    await world.publish({
      title: 'grosse Wohnung',
      description: 'mit Garten',
      baseRentCents: 99_000,
      areaSquareMetres: 80.5,
      totalRooms: 4,
      availableFrom: '2031-07-01',
      place: { town: 'Beispielheim', location: { latitude: 47.65, longitude: 9.69 } },
    });

    const page = await readPage(world, 'musterstadt', `(filter: { ${filter} })`);

    expect(page.nodes.map(({ title }) => title.split(' ')[0]).sort()).toEqual(expected);
    expect(page.totalCount).toBe(expected.length);
  });

  it.each([
    '(first: 101)',
    '(first: -1)',
    '(after: "bm9uc2Vuc2U")',
    `(after: "${Buffer.from('["RENT",5,"00000000000000000000000000000000"]').toString('base64url')}")`,
    `(orderBy: RENT, after: "${Buffer.from('["RENT","5; drop table","00000000000000000000000000000000"]').toString('base64url')}")`,
    `(after: "${Buffer.from('["NEWEST","0000-01-01T00:00:00Z","00000000000000000000000000000000"]').toString('base64url')}")`,
    `(after: "${Buffer.from('["NEWEST","2031-01-01T00:00:00Z","\\u0000"]').toString('base64url')}")`,
    '(filter: { near: { latitude: 91, longitude: 0, radiusKm: 1 } })',
    '(filter: { near: { latitude: 0, longitude: 0, radiusKm: 0 } })',
    '(filter: { near: { latitude: 0, longitude: 0, radiusKm: 501 } })',
    `(filter: { text: "${'x'.repeat(201)}" })`,
    '(filter: { availableUntil: "0000-01-01" })',
  ])('refuses %s before it asks the database', async (args) => {
    statements.length = 0;

    const { errors, pages } = await askForPages(world, ['musterstadt'], args);

    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
    expect(pages).toEqual([null]);
    expect(statements).toEqual([]);
  });

  it('survives any text to search for', async () => {
    for (const text of ['\u0000', 'a\ud800b', '%', '\\', '_', "' or 1=1 --", '(((((', '\u202e', '😀']) {
      const reply = await world.execute(
        `query ($representations: [_Any!]!, $text: String) {
          _entities(representations: $representations) {
            ... on Municipality { housingOffers(filter: { text: $text }) { totalCount } }
          }
        }`,
        { representations: [{ __typename: 'Municipality', slug: 'musterstadt' }], text },
      );
      expect(reply.errors).toBeUndefined();
    }
  });

  it('answers an empty page and the count for first: 0', async () => {
    await world.publish();

    expect(await readPage(world, 'musterstadt', '(first: 0)')).toMatchObject({
      totalCount: 1,
      nodes: [],
      pageInfo: { hasNextPage: true, endCursor: null },
    });
  });

  it('has no field that could show an e-mail address, and may not be cached', async () => {
    const fields = Object.values(world.subgraph.schema.getTypeMap()).flatMap((type) =>
      'getFields' in type && !type.name.endsWith('Input') ? Object.keys(type.getFields()) : [],
    );
    expect(fields).toContain('phone');
    expect(fields.filter((name) => /mail/i.test(name))).toEqual([]);

    await world.publish();
    const reply = await askForPages(world, ['musterstadt']);
    expect(reply.maxAgeSeconds).toBe(0);
    expect(JSON.stringify(reply)).not.toContain('@');
  });
});
