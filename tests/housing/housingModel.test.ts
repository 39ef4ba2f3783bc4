import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { SqlDatabase } from '../../platform/sql/SqlDatabase.ts';
import { purgeHousing } from '../../subgraphs/housing/createHousingMaintenance.ts';
import { describeDatabases } from '../support/database.ts';
import { codesOf, createHousingWorld, DAY_MS, HOUR_MS, payloadOf, resolveOffers } from './createHousingWorld.ts';

type Step =
  | { readonly kind: 'place' | 'publish'; readonly durationDays: number }
  | { readonly kind: 'place-without-mail' }
  | { readonly kind: 'confirm' | 'withdraw'; readonly which: number; readonly municipality: string }
  | { readonly kind: 'advance'; readonly milliseconds: number }
  | { readonly kind: 'purge' };

/** What the exchange promises about one offer, in the simplest words. */
interface ModelOffer {
  readonly id: string;
  readonly token: string;
  readonly createdAt: number;
  readonly durationDays: number;
  expiresAt: number | undefined;
  isErased: boolean;
}

const which = fc.nat({ max: 5 });
const municipality = fc.constantFrom('musterstadt', 'musterstadt', 'musterstadt', 'beispielheim');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('place' as const, 'publish' as const),
      durationDays: fc.integer({ min: 3, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'place-without-mail' as const }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('confirm' as const), which, municipality }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), which, municipality }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      // The instants at which something ends, one millisecond around them, and anything between.
      milliseconds: fc.oneof(
        fc.constantFrom(1, 48 * HOUR_MS - 1, 48 * HOUR_MS, 3 * DAY_MS - 1, 3 * DAY_MS),
        fc.integer({ min: 1, max: 2 * DAY_MS }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'purge' as const }) },
);

describeDatabases('the housing exchange', (open) => {
  let database: SqlDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => {
    await database.close();
  });

  it('lists and resolves exactly the confirmed, unexpired, not withdrawn offers, whatever happened before', async () => {
    let listedSomething = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
        const world = await createHousingWorld(database);
        const model: ModelOffer[] = [];

        for (const each of steps) {
          const now = world.clock.now();
          switch (each.kind) {
            case 'place':
            case 'publish': {
              const { id, token } = await world[each.kind]({ durationDays: each.durationDays });
              model.push({
                id,
                token,
                createdAt: now,
                durationDays: each.durationDays,
                expiresAt: each.kind === 'publish' ? now + each.durationDays * DAY_MS : undefined,
                isErased: false,
              });
              break;
            }
            case 'place-without-mail':
              world.mailer.failWith = 'unavailable';
              expect((await world.create()).errors).toHaveLength(1);
              world.mailer.failWith = undefined;
              break;
            case 'confirm': {
              const offer = model[each.which % Math.max(1, model.length)];
              const reply = await world.confirm(offer?.token ?? '0'.repeat(72), each.municipality);
              const isOpen = offer?.expiresAt === undefined && now < (offer?.createdAt ?? 0) + 48 * HOUR_MS;
              const isRunning = now < (offer?.expiresAt ?? 0);
              if (offer && each.municipality === 'musterstadt' && !offer.isErased && (isOpen || isRunning)) {
                offer.expiresAt ??= now + offer.durationDays * DAY_MS;
                expect(payloadOf(reply).offer).toMatchObject({
                  id: offer.id,
                  expiresAt: new Date(offer.expiresAt).toISOString(),
                });
              } else {
                expect(codesOf(reply)).toEqual(['token: TOKEN_UNKNOWN']);
              }
              break;
            }
            case 'withdraw': {
              const offer = model[each.which % Math.max(1, model.length)];
              const reply = await world.withdraw(offer?.token ?? '0'.repeat(72), each.municipality);
              if (offer && each.municipality === 'musterstadt' && !offer.isErased) {
                offer.isErased = true;
                expect(payloadOf(reply).offer).toMatchObject({ id: offer.id, status: 'WITHDRAWN' });
              } else {
                expect(codesOf(reply)).toEqual(['token: TOKEN_UNKNOWN']);
              }
              break;
            }
            case 'advance':
              world.clock.advance(each.milliseconds);
              break;
            case 'purge':
              await purgeHousing({ database, clock: world.clock, logger: world.logger });
              for (const offer of model) {
                offer.isErased ||= (offer.expiresAt ?? offer.createdAt + 48 * HOUR_MS) <= now;
              }
              break;
            default:
              throw new TypeError(`Unknown step ${JSON.stringify(each satisfies never)}.`);
          }

          const at = world.clock.now();
          const visible = model.filter(({ isErased, expiresAt }) => !isErased && at < (expiresAt ?? 0));
          listedSomething += visible.length;
          expect([...(await world.listed())].sort()).toEqual(visible.map(({ id }) => id).sort());
          expect(await world.listed('beispielheim')).toEqual([]);
          const resolved = await resolveOffers(
            world,
            model.map(({ id }) => id),
          );
          expect(resolved.map((offer) => offer !== null)).toEqual(model.map((offer) => visible.includes(offer)));
          const stored = model.filter(({ isErased }) => !isErased).map(({ id }) => id);
          expect((await world.rows()).map(({ id }) => String(id)).sort()).toEqual(stored.sort());
        }
      }),
      { numRuns: 40 },
    );
    expect(listedSomething).toBeGreaterThan(50);
  }, 120_000);
});
