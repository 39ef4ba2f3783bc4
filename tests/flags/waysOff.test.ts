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
