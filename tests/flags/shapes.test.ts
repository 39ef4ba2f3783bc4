import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { TestGateway } from '../support/testGateway.ts';
import { createTown } from './town.ts';

describe.each(['compiled', 'apollo'] as const)('shapes of operations with the engine %s', (engine) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await createTown({ engine });
  });
  afterAll(() => gateway.close());

  const run = async (query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await gateway.execute(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };

  it('binds an entity of another type to the municipality that encloses it, from a subgraph that knows none', async () => {
    expect(await run('{ municipalities { slug pages { rating likes } housingOffers { rating } } }')).toEqual({
      municipalities: [
        { slug: 'augsburg', pages: [{ rating: 4, likes: 9 }], housingOffers: [{ rating: 5 }] },
        { slug: 'bremen', pages: [{ rating: 4, likes: 9 }], housingOffers: [{ rating: 5 }] },
        { slug: 'celle', pages: [{ rating: 4, likes: 9 }], housingOffers: null },
        { slug: 'dachau', pages: [{ rating: null, likes: 9 }], housingOffers: [{ rating: null }] },
      ],
    });
  });

  it('binds it to the municipality that an argument named', async () => {
    expect(await run('query ($s: ID!) { municipality(slug: $s) { pages { rating likes } } }', { s: 'dachau' })).toEqual(
      {
        municipality: { pages: [{ rating: null, likes: 9 }] },
      },
    );
  });

  it('binds an edge of another subgraph, and what is behind it', async () => {
    expect(
      await run(
        '{ municipality(slug: "augsburg") { neighbours { slug pages { relatedOffers { title landlord rating } } } } }',
      ),
    ).toEqual({
      municipality: {
        neighbours: [
          {
            slug: 'bremen',
            pages: [
              { relatedOffers: [{ title: 'Title of offer@bremen', landlord: 'Owner of offer@bremen', rating: 5 }] },
            ],
          },
          { slug: 'celle', pages: [{ relatedOffers: null }] },
          {
            slug: 'dachau',
            pages: [{ relatedOffers: [{ title: 'Title of offer@dachau', landlord: null, rating: null }] }],
          },
        ],
      },
    });
  });

  it('follows the path that the directive names where no municipality encloses the field', async () => {
    expect(await run('{ pages { id hint } }')).toEqual({
      pages: [
        { id: 'page@augsburg', hint: 'Hint on page@augsburg' },
        { id: 'page@bremen', hint: null },
        { id: 'page@celle', hint: 'Hint on page@celle' },
        { id: 'page@dachau', hint: 'Hint on page@dachau' },
      ],
    });
  });

  it('reads the argument that the directive names', async () => {
    expect(await run('{ on: eventsIn(town: "augsburg") { title } off: eventsIn(town: "bremen") { title } }')).toEqual({
      on: [{ title: 'Title of event-1@augsburg' }],
      off: null,
    });
  });

  it('masks an object of a gated type in the place of a union or an interface', async () => {
    expect(await run('{ municipalities { hits { __typename ... on Event { title } } titled { id title } } }')).toEqual({
      municipalities: ['augsburg', 'bremen', 'celle', 'dachau'].map((slug) => ({
        hits: [
          { __typename: 'Page' },
          slug === 'bremen' ? null : { __typename: 'Event', title: `Title of event-1@${slug}` },
        ],
        titled: [
          { id: `page@${slug}`, title: `Title of page@${slug}` },
          slug === 'bremen' ? null : { id: `event-1@${slug}`, title: `Title of event-1@${slug}` },
        ],
      })),
    });
  });

  it('decides over objects of a gated type by their own path where nothing encloses them', async () => {
    expect(await run('{ found(text: "x") { __typename ... on Event { title } } }')).toEqual({
      found: ['augsburg', 'bremen', 'celle', 'dachau'].flatMap((slug) => [
        { __typename: 'Page' },
        slug === 'bremen' ? null : { __typename: 'Event', title: `Title of event-1@${slug}` },
      ]),
    });
    expect(
      await run(
        '{ a: node(id: "event-1@bremen") { id } b: node(id: "event-1@celle") { id ... on Titled { title } } c: node(id: "event-9@nowhere") { id } d: node(id: "page@bremen") { id } }',
      ),
    ).toEqual({
      a: null,
      b: { id: 'event-1@celle', title: 'Title of event-1@celle' },
      c: null,
      d: { id: 'page@bremen' },
    });
  });
});
