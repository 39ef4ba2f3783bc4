import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import type { TestGateway } from '../support/testGateway.ts';
import { createTown, SLUGS } from './town.ts';

const MODULES = { events: true, housing: true, reviews: true };
const ON = Object.fromEntries(SLUGS.map((slug) => [slug, MODULES]));
const OFF = Object.fromEntries(SLUGS.map((slug) => [slug, { events: false, housing: false, reviews: false }]));

let gateway: TestGateway;
afterEach(() => gateway.close());

describe.each<[EngineName, number]>([
  ['compiled', 1_500],
  ['apollo', 500],
])('flags that flip while requests run, engine %s', (engine, count) => {
  it(`F-21, C-17: none of ${count} answers mixes two snapshots`, async () => {
    gateway = await createTown({ engine });
    // Three levels of fetches; the number keeps equal requests from sharing one execution.
    const query =
      'query ($n: Int) { municipality(slug: "augsburg") { events(first: $n) { id } pages { hint relatedOffers { rating } } offerCount } }';
    await gateway.execute(query, { n: 1 });
    let flips = 0;
    let sent = 0;
    const kinds = { on: 0, off: 0, mixed: 0 };

    const client = async (): Promise<void> => {
      for (let n = sent++; n < count; n = sent++) {
        // Flips come between requests of other clients, wherever those are.
        if (n % 7 === 0) {
          gateway.setMunicipalities(flips++ % 2 === 0 ? OFF : ON);
        }
        const { data } = await gateway.execute(query, { n: 1 + (n % 3) });
        const town = data?.municipality as {
          events: unknown;
          offerCount: unknown;
          pages: { hint: unknown; relatedOffers: { rating: unknown }[] | null }[];
        };
        const seen = [
          town.events,
          town.offerCount,
          town.pages[0]?.hint,
          town.pages[0]?.relatedOffers,
          town.pages[0]?.relatedOffers?.[0]?.rating,
        ];
        const open = seen.filter((value) => value !== null && value !== undefined).length;
        kinds[open === seen.length ? 'on' : open === 0 ? 'off' : 'mixed']++;
      }
    };
    await Promise.all(Array.from({ length: 20 }, client));

    expect(kinds.mixed).toBe(0);
    expect(kinds.on).toBeGreaterThan(count / 20);
    expect(kinds.off).toBeGreaterThan(count / 20);
    expect(flips).toBeGreaterThan(count / 10);
  }, 240_000);
});
