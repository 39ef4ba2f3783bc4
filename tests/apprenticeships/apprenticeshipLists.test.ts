import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { silentLogger } from '../../platform/logger/Logger.ts';
import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { createApprenticeshipsSubgraph } from '../../subgraphs/apprenticeships/createApprenticeshipsSubgraph.ts';
import type { Subgraph, SubgraphReply } from '../../subgraphs/kit/Subgraph.ts';
import { describeDatabases } from '../support/database.ts';
import { createTestRegister, toFile } from './support/createTestRegister.ts';
import { typeDefs } from './support/createTestWorld.ts';
import { at, type Draft, storeRecords } from './support/storeRecords.ts';

interface Page {
  readonly nodes: readonly Record<string, unknown>[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}

const CENTRE = { latitude: 48.3673, longitude: 10.8921 };
const PAGE = 'nodes { id distanceKm } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount';

describeDatabases('Municipality.apprenticeships', (open) => {
  let database: SqlDatabase;
  let subgraph: Subgraph;
  let statements: string[] = [];
  const clock = { at: Date.parse('2027-03-01T12:00:00Z'), now: () => clock.at };
  const many = Object.fromEntries(
    Array.from({ length: 45 }, (_, index) => [
      `ort-${index}`,
      toFile({ name: `Ort ${index}`, location: { latitude: 48 + index / 20, longitude: 10.9 } }),
    ]),
  );

  beforeAll(async () => {
    database = await open();
    subgraph = await createApprenticeshipsSubgraph({
      typeDefs,
      database: counted(database, (text) => statements.push(text)),
      municipalities: createTestRegister({
        ...many,
        augsburg: toFile({ name: 'Augsburg', postcode: '86150', location: CENTRE }),
        narrow: toFile({ name: 'Enge', location: CENTRE, module: '{ enabled: true, radiusKm: 5 }' }),
        picky: toFile({ name: 'Wahl', location: CENTRE, module: '{ enabled: true, sources: [sprungbrett] }' }),
        unlocated: toFile({ name: 'Neuburg an der Donau', postcode: '86633' }),
      }),
      clock,
      logger: silentLogger,
    });
  });
  beforeEach(async () => {
    await database.query('truncate apprenticeships, apprenticeship_queries cascade');
    clock.at = Date.parse('2027-03-01T12:00:00Z');
    statements = [];
  });
  afterAll(async () => {
    await subgraph.close();
    await database.close();
  });

  function ask(
    slugs: readonly string[],
    args: Readonly<Record<string, unknown>>,
    selection = PAGE,
  ): Promise<SubgraphReply> {
    return subgraph.execute({
      query: `query ($representations: [_Any!]!, $filter: ApprenticeshipFilter, $orderBy: ApprenticeshipOrder, $first: Int, $after: String) {
        _entities(representations: $representations) {
          ... on Municipality {
            apprenticeships(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { ${selection} }
          }
        }
      }`,
      variables: { representations: slugs.map((slug) => ({ __typename: 'Municipality', slug })), ...args },
    });
  }

  async function list(slug: string, args: Readonly<Record<string, unknown>> = {}, selection?: string): Promise<Page> {
    const reply = await ask([slug], args, selection);
    expect(reply.errors).toBeUndefined();
    return Object(reply.data)._entities[0].apprenticeships;
  }

  async function ids(slug: string, args: Readonly<Record<string, unknown>> = {}): Promise<readonly unknown[]> {
    return (await list(slug, args)).nodes.map(({ id }) => String(id).replace('bundesagentur:', ''));
  }

  async function refusal(args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const reply = await ask(['augsburg'], args);
    return reply.errors?.map(({ message, extensions }) => [extensions?.code, message]);
  }

  it('measures from the municipality to the nearest place of each, within the radius', async () => {
    await storeRecords(database, [
      { externalId: 'here' },
      { externalId: 'munich', places: [at(48.137, 11.575)] },
      { externalId: 'friedberg', places: [at(48.3572, 10.9846)] },
      { externalId: 'two-places', places: [at(48.137, 11.575), at(48.4, 10.9)] },
    ]);

    expect((await list('augsburg', { orderBy: 'DISTANCE' })).nodes).toEqual([
      { id: 'bundesagentur:here', distanceKm: 0 },
      { id: 'bundesagentur:two-places', distanceKm: 3.683 },
      { id: 'bundesagentur:friedberg', distanceKm: 6.926 },
    ]);
  });

  it('takes the radius from the filter, else from the file, else 25 km', async () => {
    await storeRecords(database, [
      { externalId: '4km', places: [at(48.4033, 10.8921)] },
      { externalId: '24km', places: [at(48.5831, 10.8921)] },
      { externalId: '26km', places: [at(48.6011, 10.8921)] },
    ]);
    const orderBy = 'DISTANCE';

    expect(await ids('narrow', { orderBy })).toEqual(['4km']);
    expect(await ids('augsburg', { orderBy })).toEqual(['4km', '24km']);
    expect(await ids('narrow', { orderBy, filter: { radiusKm: 27.5 } })).toEqual(['4km', '24km', '26km']);
    expect(await ids('augsburg', { orderBy, filter: { radiusKm: 0 } })).toEqual([]);
  });

  it('agrees with the distance on the sphere for any place', async () => {
    const points = fc.sample(
      fc.record({
        latitude: fc.double({ min: 46.5, max: 50.5, noNaN: true }),
        longitude: fc.double({ min: 8, max: 14, noNaN: true }),
      }),
      { numRuns: 300, seed: 7 },
    );
    await storeRecords(
      database,
      points.map(({ latitude, longitude }, index) => ({ externalId: `p${index}`, places: [at(latitude, longitude)] })),
    );
    const expected = points
      .map((point, index) => ({ id: `bundesagentur:p${index}`, km: sphericalKm(CENTRE, point) }))
      .filter(({ km }) => km <= 150);
    expect(expected.length).toBeGreaterThan(20);

    const { nodes, totalCount } = await list('augsburg', {
      first: 100,
      filter: { radiusKm: 150 },
      orderBy: 'DISTANCE',
    });

    expect(totalCount).toBe(expected.length);
    const found = new Map(nodes.map(({ id, distanceKm }) => [id, distanceKm]));
    for (const { id, km } of expected) {
      expect(found.get(id)).toBeCloseTo(km, 2);
    }
  });

  it('finds what has no coordinates by postcode or by the bare name, at an unknown distance', async () => {
    const somewhere = { ...at(0, 0), location: null };
    await storeRecords(database, [
      { externalId: 'postcode', places: [{ ...somewhere, postcode: '86633' }] },
      { externalId: 'town', places: [{ ...somewhere, town: 'NEUBURG  an der Donau' }] },
      { externalId: 'other', places: [{ ...somewhere, postcode: '86150', town: 'Augsburg' }] },
      { externalId: 'nowhere', places: [] },
      { externalId: 'located', places: [{ ...at(48.7367, 11.1797), postcode: '86633' }] },
    ]);

    expect((await list('unlocated', { orderBy: 'DISTANCE' })).nodes).toEqual([
      { id: 'bundesagentur:postcode', distanceKm: null },
      { id: 'bundesagentur:town', distanceKm: null },
    ]);
    expect(await ids('augsburg')).toEqual(['other']);
  });

  it.each<[Record<string, unknown>, readonly string[]]>([
    [{ text: 'bäcker' }, ['baker']],
    [{ text: 'BACKER  mühle' }, ['baker']],
    [{ text: 'bäcker metall' }, []],
    [{ text: 'straße' }, ['builder']],
    [{ text: '%' }, []],
    [{ text: '_' }, []],
    [{ text: '\\' }, []],
    [{ text: ' \u0000 ' }, ['baker', 'builder', 'student']],
    [{ kinds: ['DUAL_STUDY'] }, ['student']],
    [{ kinds: ['DUAL_STUDY', 'INTERNSHIP'] }, ['builder', 'student']],
    [{ kinds: [] }, []],
    [{ occupation: 'bäcker' }, ['baker']],
    [{ occupation: 'B 12345' }, ['builder']],
    [{ occupation: 'Mühle' }, []],
    [{ startsFrom: '2027-09-01' }, ['baker', 'student']],
    [{ startsFrom: '2027-09-02' }, ['student']],
    [{ startsTo: '2027-09-01' }, ['baker']],
    [{ startsFrom: '2027-09-02', startsTo: '2027-10-01' }, ['student']],
    [{ startsFrom: '0000-01-01' }, ['baker', 'student']],
    [{ sources: ['bundesagentur'] }, ['baker', 'builder', 'student']],
    [{ sources: ['sprungbrett'] }, []],
    [{ sources: [] }, []],
    [{ sources: ['bundes\u0000', '\ud800'] }, []],
    [{}, ['baker', 'builder', 'student']],
  ])('filters by %j', async (filter, expected) => {
    await storeRecords(database, [
      {
        externalId: 'baker',
        title: 'Ausbildung zum Bäcker (m/w/d)',
        occupation: { name: 'Bäcker/in', scheme: null, code: null },
        employer: 'Mühle am See',
        startsOn: '2027-09-01',
      },
      {
        externalId: 'builder',
        kind: 'INTERNSHIP',
        title: 'Praktikum',
        occupation: { name: 'Straßenbauer/in', scheme: 'KldB', code: 'B 12345' },
      },
      {
        externalId: 'student',
        kind: 'DUAL_STUDY',
        title: 'Duales Studium',
        employer: 'Metall KG',
        startsOn: '2027-10-01',
      },
    ]);

    expect(await ids('augsburg', { filter })).toEqual(expected);
    expect((await list('augsburg', { filter })).totalCount).toBe(expected.length);
  });

  it('lists only the sources of the file, whatever the filter says', async () => {
    await storeRecords(database, [{ externalId: 'a' }, { externalId: 'b', source: 'sprungbrett' }]);

    expect(await ids('picky')).toEqual(['sprungbrett:b']);
    expect(await ids('picky', { filter: { sources: ['bundesagentur'] } })).toEqual([]);
    expect(await ids('picky', { filter: { sources: ['bundesagentur', 'sprungbrett'] } })).toEqual(['sprungbrett:b']);
  });

  it('lists what expires today, and not what expired yesterday where the municipality lies', async () => {
    await storeRecords(database, [
      { externalId: 'today', expiresOn: '2027-03-01' },
      { externalId: 'yesterday', expiresOn: '2027-02-28' },
    ]);

    expect(await ids('augsburg')).toEqual(['today']);
    clock.at = Date.parse('2027-03-01T22:30:00Z'); // 23:30 in Berlin
    expect(await ids('augsburg')).toEqual(['today']);
    clock.at = Date.parse('2027-03-01T23:30:00Z');
    expect(await ids('augsburg')).toEqual([]);
  });

  const drafts: Draft[] = Array.from({ length: 23 }, (_, index) => ({
    externalId: `r${String(index).padStart(2, '0')}`,
    publishedOn: `2027-02-0${1 + (index % 4)}`,
    startsOn: index % 3 === 0 ? null : `2027-09-0${1 + (index % 2)}`,
    places:
      index % 5 === 0
        ? [{ ...at(0, 0), location: null, postcode: '86150' }]
        : [at(CENTRE.latitude + (index % 4) / 100, CENTRE.longitude)],
  }));

  it.each<[string, (a: Draft, b: Draft) => number]>([
    ['NEWEST', (a, b) => compare(b.publishedOn, a.publishedOn)],
    ['STARTS_ON', (a, b) => compare(a.startsOn ?? '9', b.startsOn ?? '9')],
    ['DISTANCE', (a, b) => latitudeOf(a) - latitudeOf(b)],
  ])('pages through all in the order %s, each once, unknown values last', async (orderBy, inOrder) => {
    await storeRecords(database, drafts);
    const expected = drafts
      .toSorted((a, b) => inOrder(a, b) || compare(a.externalId, b.externalId))
      .map((it) => it.externalId);

    for (const first of [1, 4, 22, 23, 100]) {
      const seen: unknown[] = [];
      let page: Page | undefined;
      while (page === undefined || page.pageInfo.hasNextPage) {
        const after: string | null = page?.pageInfo.endCursor ?? null;
        page = await list('augsburg', { orderBy, first, after });
        expect(page.totalCount).toBe(23);
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor);
        seen.push(...page.nodes.map(({ id }) => String(id).replace('bundesagentur:', '')));
      }
      expect(seen).toEqual(expected);
    }
  });

  it('neither repeats nor skips when something new comes in between two pages', async () => {
    await storeRecords(database, drafts);
    const before = await list('augsburg', { first: 10 });
    await storeRecords(database, [{ externalId: 'new', publishedOn: '2027-02-28' }, ...drafts]);
    const after = await list('augsburg', { first: 100, after: before.pageInfo.endCursor });

    expect(new Set([...before.nodes, ...after.nodes].map(({ id }) => id)).size).toBe(23);
    expect(after.totalCount).toBe(24);
  });

  it('counts without giving any, and gives none behind the last', async () => {
    await storeRecords(database, drafts);

    expect(await list('augsburg', { first: 0 })).toEqual({
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, endCursor: null },
      totalCount: 23,
    });
    const { pageInfo } = await list('augsburg', { first: 23 });
    expect(await list('augsburg', { after: pageInfo.endCursor })).toMatchObject({ nodes: [], totalCount: 23 });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['more than 100', { first: 101 }, '"first" must lie between 0 and 100, got 101.'],
    ['a negative number', { first: -1 }, '"first" must lie between 0 and 100, got -1.'],
    ['a negative radius', { filter: { radiusKm: -1 } }, '"radiusKm" must lie between 0 and 200, got -1.'],
    [
      'a radius around half the country',
      { filter: { radiusKm: 201 } },
      '"radiusKm" must lie between 0 and 200, got 201.',
    ],
    [
      'a text that is none',
      { filter: { text: 'x'.repeat(201) } },
      'Search text must be at most 200 characters long, got 201.',
    ],
    ['too many words', { filter: { text: 'a b c d e f g h i j k' } }, '"text" must hold at most 10 words, got 11.'],
    ['a cursor of its own making', { after: 'abc' }, '"after" is not a cursor of this connection.'],
    [
      'a cursor of another order',
      { after: cursor('DISTANCE', 5, 'x') },
      '"after" is not a cursor of this connection in the order NEWEST.',
    ],
    [
      'a cursor without a day',
      { after: cursor('NEWEST', 'heute', 'x') },
      '"after" is not a cursor of this connection in the order NEWEST.',
    ],
    [
      'a cursor of no day',
      { after: cursor('NEWEST', '2027-02-31', 'x') },
      '"after" is not a cursor of this connection in the order NEWEST.',
    ],
    [
      'a cursor with half a metre',
      { orderBy: 'DISTANCE', after: cursor('DISTANCE', 0.5, 'x') },
      '"after" is not a cursor of this connection in the order DISTANCE.',
    ],
    [
      'a cursor with NUL',
      { after: cursor('NEWEST', '2027-02-01', '\u0000') },
      '"after" is not a cursor of this connection in the order NEWEST.',
    ],
  ])('refuses %s', async (_, args, message) => {
    expect(await refusal(args)).toEqual([['BAD_USER_INPUT', message]]);
  });

  it('is null for a slug that no municipality has', async () => {
    expect(await ask(['atlantis'], {})).toMatchObject({ data: { _entities: [{ apprenticeships: null }] } });
  });

  it('answers 45 municipalities with three statements, in their order', async () => {
    await storeRecords(
      database,
      Array.from({ length: 45 }, (_, index) => ({ externalId: `r${index}`, places: [at(48 + index / 20, 10.9)] })),
    );
    const slugs = Object.keys(many).toReversed();

    const reply = await ask(
      slugs,
      { filter: { radiusKm: 1 } },
      'totalCount nodes { id places { location { latitude } } sources { source } }',
    );

    expect(reply.errors).toBeUndefined();
    expect(
      Object(reply.data)._entities.map(({ apprenticeships }: { apprenticeships: Page }) =>
        apprenticeships.nodes.map(({ id }) => id),
      ),
    ).toEqual(slugs.map((slug) => [slug.replace('ort-', 'bundesagentur:r')]));
    expect(statements).toHaveLength(3);
  });

  it('answers two lists of one municipality apart', async () => {
    await storeRecords(database, [{ externalId: 'a' }, { externalId: 'b', kind: 'INTERNSHIP' }]);

    const reply = await subgraph.execute({
      query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Municipality {
        all: apprenticeships { totalCount }
        internships: apprenticeships(filter: { kinds: [INTERNSHIP] }, first: null, orderBy: null) { totalCount }
      } } }`,
      variables: { representations: [{ __typename: 'Municipality', slug: 'augsburg' }] },
    });

    expect(reply).toMatchObject({ data: { _entities: [{ all: { totalCount: 2 }, internships: { totalCount: 1 } }] } });
    expect(statements).toHaveLength(2);
  });

  it('may be kept for five minutes', async () => {
    expect((await ask(['augsburg'], {})).maxAgeSeconds).toBe(300);
  });

  it('resolves apprenticeships by id with one statement, unknown ones to null, from nowhere', async () => {
    await storeRecords(database, [
      { externalId: 'a', requirements: ['Mittlere Reife'], positions: 2 },
      { externalId: 'b' },
    ]);

    const reply = await subgraph.execute({
      query: `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Apprenticeship { __typename id title distanceKm positions requirements } } }`,
      variables: {
        representations: ['bundesagentur:b', 'bundesagentur:none', 'bundes\u0000', 'bundesagentur:a'].map((id) => ({
          __typename: 'Apprenticeship',
          id,
        })),
      },
    });

    expect(reply.errors).toBeUndefined();
    expect(Object(reply.data)._entities).toEqual([
      {
        __typename: 'Apprenticeship',
        id: 'bundesagentur:b',
        title: 'Ausbildung b',
        distanceKm: null,
        positions: null,
        requirements: [],
      },
      null,
      null,
      {
        __typename: 'Apprenticeship',
        id: 'bundesagentur:a',
        title: 'Ausbildung a',
        distanceKm: null,
        positions: 2,
        requirements: ['Mittlere Reife'],
      },
    ]);
    expect(statements).toHaveLength(1);
  });
});

describeDatabases('the subgraph of apprenticeships', (open) => {
  it('says that its store is gone, to clients and to the probe, and comes to no harm', async () => {
    const database = await open();
    const subgraph = await createApprenticeshipsSubgraph({
      typeDefs,
      database,
      municipalities: createTestRegister({ hof: toFile({ name: 'Hof' }) }),
      clock: { now: () => 0 },
      logger: silentLogger,
    });
    const port = await subgraph.listen(0);
    const probe = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
    expect(await probe()).toBe(200);

    await database.close();
    const reply = await subgraph.execute({
      query:
        '{ _entities(representations: [{ __typename: "Municipality", slug: "hof" }]) { ... on Municipality { apprenticeships { totalCount } } } }',
    });

    expect(reply.data).toEqual({ _entities: [{ apprenticeships: null }] });
    expect(reply.errors?.map(({ message, extensions }) => [message, extensions?.code])).toEqual([
      ['The store of "apprenticeships" does not answer at the moment.', 'SERVICE_UNAVAILABLE'],
    ]);
    expect(await probe()).toBe(503);
    await subgraph.close();
  });
});

function counted(database: SqlDatabase, onStatement: (text: string) => void): SqlDatabase {
  return {
    ...database,
    as: <Tables>() =>
      database.as<Tables>().withPlugin({
        transformQuery: ({ node }) => {
          onStatement(node.kind);
          return node;
        },
        transformResult: async ({ result }) => result,
      }),
  };
}

function sphericalKm(a: typeof CENTRE, b: typeof CENTRE): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  // Law of cosines: another formula than the one under test.
  const cosine =
    Math.sin(radians(a.latitude)) * Math.sin(radians(b.latitude)) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.cos(radians(a.longitude - b.longitude));
  return 6371.0088 * Math.acos(Math.min(1, cosine));
}

function cursor(...values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

function compare(a: string | null | undefined, b: string | null | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
}

function latitudeOf({ places }: Draft): number {
  return places?.[0]?.location?.latitude ?? 90;
}
