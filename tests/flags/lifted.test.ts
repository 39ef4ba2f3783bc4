import { afterEach, describe, expect, it } from '@jest/globals';

import { createTestGateway, type TestGateway, type TestSubgraph } from '../support/testGateway.ts';

const MUNICIPALITIES = { ahlen: { events: true, offers: true }, bonn: { events: false, offers: false } };

interface Slug {
  readonly slug: string;
}

let gateway: TestGateway;
afterEach(() => gateway.close());

/** Resolves once it is opened, or with `false` when nobody did within two seconds. */
function createGate(): { open(): void; readonly opened: Promise<boolean> } {
  let open = (): void => {};
  const opened = new Promise<boolean>((resolve) => {
    open = () => resolve(true);
    setTimeout(resolve, 2_000, false).unref();
  });
  return { open, opened };
}

describe.each([
  { way: 'in process', overHttp: false },
  { way: 'over HTTP', overHttp: true },
])('F-12: a gated field of the subgraph that yields a list, which has a request of its own, $way', ({ overHttp }) => {
  async function start(): Promise<{ sawOffers: () => boolean }> {
    const offersAsked = createGate();
    let sawOffers = false;
    const town: TestSubgraph = {
      sdl: `
        type Query { municipalities: [Municipality!]! }
        type Municipality @key(fields: "slug") { slug: ID!  name: String  events: [Event!] @feature(flag: "events") }
        type Event @key(fields: "id") { id: ID!  title: String }
      `,
      resolvers: {
        Query: { municipalities: () => Object.keys(MUNICIPALITIES).map((slug) => ({ slug })) },
        Municipality: {
          __resolveReference: ({ slug }: Slug) => ({ slug }),
          name: ({ slug }: Slug) => slug.toUpperCase(),
          events: async ({ slug }: Slug) => {
            sawOffers = await offersAsked.opened;
            return [{ id: `fair in ${slug}`, title: 'Fair' }];
          },
        },
        Event: { __resolveReference: ({ id }: { id: string }) => ({ id }) },
      },
    };
    const market: TestSubgraph = {
      sdl: `
        type Municipality @key(fields: "slug") { slug: ID!  offers: Int @feature(flag: "offers") }
        type Event @key(fields: "id") { id: ID!  stalls: Int }
      `,
      resolvers: {
        Municipality: {
          __resolveReference: ({ slug }: Slug) => ({ slug }),
          offers: () => {
            offersAsked.open();
            return 3;
          },
        },
        Event: { __resolveReference: ({ id }: { id: string }) => ({ id }), stalls: () => 12 },
      },
    };
    gateway = await createTestGateway({
      subgraphs: { town, market },
      municipalities: MUNICIPALITIES,
      overHttp,
      keepsAnswers: false,
    });
    return { sawOffers: () => sawOffers };
  }

  it('holds up no other subgraph', async () => {
    const { sawOffers } = await start();

    const { data } = await gateway.execute('{ municipalities { name events { title } offers } }');

    expect(data).toEqual({
      municipalities: [
        { name: 'AHLEN', events: [{ title: 'Fair' }], offers: 3 },
        { name: 'BONN', events: null, offers: null },
      ],
    });
    expect(sawOffers()).toBe(true);
  });

  it('is waited for by those who ask about what it brings', async () => {
    const { sawOffers } = await start();

    const { data, errors } = await gateway.execute('{ municipalities { offers events { stalls } } }');

    expect(errors).toBeUndefined();
    expect(data).toEqual({
      municipalities: [
        { offers: 3, events: [{ stalls: 12 }] },
        { offers: null, events: null },
      ],
    });
    expect(sawOffers()).toBe(true);
    expect(gateway.calls('market')).toHaveLength(2);
  });
});
