import { afterEach, describe, expect, it } from '@jest/globals';

import type { TestGateway } from '../support/testGateway.ts';
import { createTown } from './town.ts';

const QUERY = '{ municipality(slug: "celle") { slug housingOffers { title } offerCount } }';

let gateway: TestGateway;
afterEach(() => gateway.close());

describe.each(['compiled', 'apollo'] as const)('what an answer says of a module that is off, engine %s:', (engine) => {
  async function answerWith(whenOff: string | undefined, query = QUERY) {
    gateway = await createTown({ engine });
    gateway.setMunicipalities({
      augsburg: { housing: true },
      celle: { housing: { enabled: false, ...(whenOff === undefined ? {} : { whenOff }) } },
    });
    await gateway.execute(query);
    return gateway.execute(query);
  }
  const NULLS = { municipality: { slug: 'celle', housingOffers: null, offerCount: null } };
  const NOTE = {
    flag: 'housing',
    municipality: 'celle',
    reason: 'STATIC',
    pathCount: 2,
    paths: [
      ['municipality', 'housingOffers'],
      ['municipality', 'offerCount'],
    ],
  };
  const notes = (answer: Awaited<ReturnType<typeof answerWith>>) =>
    answer.extensions?.features?.disabled.map(({ paths, ...note }) => ({ ...note, paths: [...(paths as [])].sort() }));
  const errorsOf = ({ errors }: Awaited<ReturnType<typeof answerWith>>) =>
    errors
      ?.map(({ path, extensions }) => [
        path?.join('.'),
        extensions.code,
        (extensions.municipal as { flag: string }).flag,
      ])
      .sort();

  it.each([undefined, 'extensions'])('a note in its extensions (%s)', async (whenOff) => {
    const answer = await answerWith(whenOff);
    expect(answer.data).toEqual(NULLS);
    expect(answer.errors).toBeUndefined();
    expect(notes(answer)).toEqual([NOTE]);
  });

  it('nothing (silent)', async () => {
    const answer = await answerWith('silent');
    expect(answer.data).toEqual(NULLS);
    expect(answer.errors).toBeUndefined();
    expect(answer.extensions).toBeUndefined();
  });

  it('an error for each field, beside the data (errors)', async () => {
    const answer = await answerWith('errors');
    expect(answer.data).toEqual(NULLS);
    expect(notes(answer)).toEqual([NOTE]);
    expect(errorsOf(answer)).toEqual([
      ['municipality.housingOffers', 'FEATURE_DISABLED', 'housing'],
      ['municipality.offerCount', 'FEATURE_DISABLED', 'housing'],
    ]);
  });

  it('errors and no data, even of municipalities that have it on (reject)', async () => {
    const answer = await answerWith('reject', '{ municipalities { slug housingOffers { title } } }');
    expect(answer.data).toBeNull();
    expect(errorsOf(answer)).toEqual([['municipalities.2.housingOffers', 'FEATURE_DISABLED', 'housing']]);
  });

  describe('refuses, before anything is fetched, an operation for a municipality that rejects:', () => {
    const REJECTS = { enabled: false, whenOff: 'reject' };

    async function ask(query: string, variables?: Record<string, unknown>) {
      gateway = await createTown({ engine });
      gateway.setMunicipalities({
        augsburg: { events: true, housing: true, reviews: true },
        celle: { events: REJECTS, housing: REJECTS, reviews: REJECTS },
        dachau: { housing: { enabled: true, flags: { contact: false }, whenOff: 'reject' } },
      });
      const answer = await gateway.execute(query, variables);
      return { answer, calls: ['content', 'housing', 'reviews'].flatMap((name) => [...gateway.calls(name)]) };
    }

    it.each([
      ['a field of another subgraph', '{ municipality(slug: "celle") { slug offerCount } }', 'municipality.offerCount'],
      [
        'a field of the same subgraph',
        '{ municipality(slug: "celle") { slug eventCount } }',
        'municipality.eventCount',
      ],
      ['an alias below an alias', '{ c: municipality(slug: "celle") { n: offerCount } }', 'c.n'],
      [
        'a fragment',
        'query { ...Town } fragment Town on Query { municipality(slug: "celle") { ... on Municipality { offerCount } } }',
        'municipality.offerCount',
      ],
      [
        'a field below one that is on, whose list is all that is known of it',
        '{ municipality(slug: "dachau") { housingOffers { title landlord } } }',
        'municipality.housingOffers',
      ],
      [
        'a field of one type in a list of several',
        '{ municipality(slug: "celle") { hits { ... on Page { rating } ... on Event { id } } } }',
        'municipality.hits',
      ],
      ['a root field with its municipality', '{ eventsOf(municipality: "celle") { id } }', 'eventsOf'],
      ['an argument that the directive names', '{ eventsIn(town: "celle") { id } }', 'eventsIn'],
      [
        'one municipality of two',
        '{ a: municipality(slug: "augsburg") { offerCount } b: municipality(slug: "celle") { offerCount } }',
        'b.offerCount',
      ],
    ])('%s', async (_, query, path) => {
      const { answer, calls } = await ask(query);
      expect(calls).toEqual([]);
      expect(answer.data).toBeNull();
      expect(errorsOf(answer)?.map(([at, code]) => [at, code])).toEqual([[path, 'FEATURE_DISABLED']]);
      expect(answer.extensions?.features?.disabled).toEqual([
        expect.objectContaining({ reason: 'STATIC', pathCount: 1, paths: [path.split('.')] }),
      ]);
    });

    it.each([
      ['sent', 'query ($slug: ID!) { municipality(slug: $slug) { offerCount } }', { slug: 'celle' }],
      ['by default', 'query ($slug: ID = "celle") { municipality(slug: $slug) { offerCount } }', undefined],
    ])('a variable, %s', async (_, query, variables) => {
      const { answer, calls } = await ask(query.replace('ID =', 'ID! ='), variables);
      expect(calls).toEqual([]);
      expect(errorsOf(answer)).toEqual([['municipality.offerCount', 'FEATURE_DISABLED', 'housing']]);
    });

    it('a mutation that asks for what is off of what it writes, so that nothing is written', async () => {
      const { answer, calls } = await ask(
        'mutation { createOffer(municipality: "dachau", title: "x") { id landlord } }',
      );
      expect(calls).toEqual([]);
      expect(answer.data).toBeNull();
      expect(errorsOf(answer)).toEqual([['createOffer.landlord', 'FEATURE_DISABLED', 'housing.contact']]);
    });

    it.each([
      ['@skip', 'query ($no: Boolean!) { municipality(slug: "celle") { slug offerCount @skip(if: $no) } }', true],
      [
        '@include',
        'query ($no: Boolean!) { municipality(slug: "celle") { slug ... @include(if: $no) { offerCount } } }',
        false,
      ],
      ['a constant', '{ municipality(slug: "celle") { slug ... @skip(if: true) { offerCount } } }', undefined],
    ])('but not where %s leaves the field out', async (_, query, no) => {
      const { answer } = await ask(query, { no });
      expect(answer.data).toEqual({ municipality: { slug: 'celle' } });
      expect(answer.errors).toBeUndefined();
      expect(answer.extensions).toBeUndefined();
    });

    it('but not where it asks for nothing that is off', async () => {
      const { answer } = await ask(
        '{ municipality(slug: "celle") { slug } b: municipality(slug: "augsburg") { offerCount } }',
      );
      expect(answer.data).toEqual({ municipality: { slug: 'celle' }, b: { offerCount: 3 } });
      expect(answer.errors).toBeUndefined();
    });

    it('and after the fetch that yields it, where nothing else names the municipality', async () => {
      const { answer, calls } = await ask('{ municipality(slug: "augsburg") { neighbours { offerCount } } }');
      expect(answer.data).toBeNull();
      expect(errorsOf(answer)?.map(([at]) => at)).toEqual(['municipality.neighbours.1.offerCount']);
      expect(JSON.stringify(calls)).not.toContain('"slug":"celle"');
    });
  });

  it('what each municipality chose, in a list of them', async () => {
    gateway = await createTown({ engine });
    const off = (whenOff: string) => ({ housing: { enabled: false, whenOff } });
    gateway.setMunicipalities({
      augsburg: { housing: true },
      bremen: off('silent'),
      celle: off('errors'),
      dachau: off('extensions'),
    });
    const answer = await gateway.execute('{ municipalities { slug offerCount } }');
    expect(answer.data?.municipalities).toHaveLength(4);
    expect(errorsOf(answer)).toEqual([['municipalities.2.offerCount', 'FEATURE_DISABLED', 'housing']]);
    expect(answer.extensions?.features?.disabled.map(({ municipality }) => municipality)).toEqual(['celle', 'dachau']);
  });
});
