import { readFileSync } from 'node:fs';

import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it } from '@jest/globals';
import { coerceInputValue, isInputType, parse } from 'graphql';
import { parse as parseYaml } from 'yaml';

import { DEMO_HOUSING_OFFERS, housingInputAt } from '../../demo/housingOffers.ts';

describe('DEMO_HOUSING_OFFERS', () => {
  const schema = buildSubgraphSchema(parse(readFileSync('schema/subgraphs/housing.graphql', 'utf8')));
  const inputType = schema.getType('CreateHousingOfferInput');

  it('are about 120, each with a key of its own', () => {
    expect(DEMO_HOUSING_OFFERS).toHaveLength(125);
    expect(new Set(DEMO_HOUSING_OFFERS.map(({ input }) => input.idempotencyKey)).size).toBe(125);
  });

  it('are inputs of createHousingOffer, before and after they get their day', () => {
    if (!isInputType(inputType)) {
      throw new Error('The SDL has no CreateHousingOfferInput.');
    }
    const problems: string[] = [];
    for (const offer of DEMO_HOUSING_OFFERS) {
      for (const input of [offer.input, housingInputAt(offer, new Date('2026-11-23T09:00:00Z'))]) {
        coerceInputValue(input, inputType, (path, _, error) => problems.push(`${path.join('.')}: ${error.message}`));
      }
    }

    expect(problems).toEqual([]);
  });

  it('belong to municipalities that have housing on', () => {
    for (const slug of new Set(DEMO_HOUSING_OFFERS.map(({ municipality }) => municipality))) {
      const file: unknown = parseYaml(readFileSync(`municipalities/${slug}.yaml`, 'utf8'));
      expect(file).toMatchObject({ modules: { housing: { enabled: true } } });
    }
  });

  it('name nobody who exists: example domains and reserved numbers', () => {
    for (const { input } of DEMO_HOUSING_OFFERS) {
      expect(input.landlord.email).toMatch(/@vermietung\.example\.org$/);
      expect(input.landlord.phone ?? '+49 30 23125 000').toMatch(/^\+49 30 23125 \d{3}$/);
      expect(input.baseRentCents).toBeGreaterThan(10_000);
    }
  });

  it('keep day and key for a month', () => {
    const [offer] = DEMO_HOUSING_OFFERS.filter(({ availableInDays }) => availableInDays === 45);
    if (offer === undefined) {
      throw new Error('No offer is free in 45 days.');
    }
    const input = housingInputAt(offer, new Date('2026-11-02T00:00:00Z'));

    expect(input.availableFrom).toBe('2026-12-16');
    expect(input.idempotencyKey).toBe(`${offer.input.idempotencyKey}-2026-11`);
    expect(housingInputAt(offer, new Date('2026-11-30T23:00:00Z'))).toEqual(input);
  });
});
