import { afterEach, describe, expect, it } from '@jest/globals';

import type { EngineName } from '../../gateway/createGateway.ts';
import type { TestGateway } from '../support/testGateway.ts';
import { createTown, SLUGS } from './town.ts';

const MODULES = { events: true, housing: true, reviews: true };
const ON = Object.fromEntries(SLUGS.map((slug) => [slug, MODULES]));
const OFF = Object.fromEntries(SLUGS.map((slug) => [slug, { events: false, housing: false, reviews: false }]));

let gateway: TestGateway;
afterEach(() => gateway.close());

/** The row's whole number of answers: FLIP_ANSWERS=10000. */
const { FLIP_ANSWERS } = process.env;

describe.each<[EngineName, number]>([
  ['compiled', Number(FLIP_ANSWERS ?? 1_500)],
  ['apollo', Number(FLIP_ANSWERS ?? 500)],
])('flags that flip while requests run, engine %s', (engine, count) => {
  it(`F-21, C-17: none of ${count} answers mixes two snapshots`, async () => {
    gateway = await createTown({ engine });
    // Three levels of fetches; the number keeps equal requests from sharing one execution.
    const query =
      'query ($n: Int) { municipality(slug: "augsburg") { events(first: $n) { id } pages { hint relatedOffers { rating } } offerCount } }';
    gateway.setMunicipalities(ON);
    await gateway.execute(query, { n: 1 });
    const housingCalls = gateway.calls('housing').length;
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
    // The spy: what one answer with everything off cost is none of these requests.
    expect(gateway.calls('housing').length).toBeLessThanOrEqual(housingCalls * (kinds.on + 1));
    expect(gateway.calls('reviews').length).toBeLessThanOrEqual(kinds.on + 1);
  }, 240_000);
});
