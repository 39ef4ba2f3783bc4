import { afterEach, describe, expect, it } from '@jest/globals';

import { createDecideOverride } from '../../gateway/operation/decideOverrides.ts';
import { createTestGateway, type TestGateway } from '../support/testGateway.ts';

const OLD = {
  sdl: 'type Query { rate: Int tariff: String }',
  resolvers: { Query: { rate: () => 1, tariff: () => 'old' } },
};
const NEW = {
  sdl: `type Query {
    rate: Int @override(from: "before", label: "percent(30)")
    tariff: String @override(from: "before", label: "fresh")
  }`,
  resolvers: { Query: { rate: () => 2, tariff: () => 'new' } },
};

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

describe.each(['compiled', 'apollo'] as const)('progressive overrides with the engine %s', (engine) => {
  it('ask the subgraph that the labels choose, for each request anew', async () => {
    const on = new Set<string>();
    gateway = await createTestGateway({
      subgraphs: { before: OLD, after: NEW },
      engine,
      decideOverride: (label) => on.has(label),
    });
    const { execute } = gateway;
    const answer = async () => (await execute('{ rate tariff }')).data;

    expect(await answer()).toEqual({ rate: 1, tariff: 'old' });
    on.add('fresh');
    expect(await answer()).toEqual({ rate: 1, tariff: 'new' });
    on.add('percent(30)').delete('fresh');
    expect(await answer()).toEqual({ rate: 2, tariff: 'old' });
    on.clear();
    expect(await answer()).toEqual({ rate: 1, tariff: 'old' });
  });

  it('take other labels for off, and a percentage for that share of the requests', async () => {
    gateway = await createTestGateway({ subgraphs: { before: OLD, after: NEW }, engine });
    const { execute } = gateway;

    const answers = await Promise.all(Array.from({ length: 40 }, () => execute('{ rate tariff }')));

    expect(answers.map(({ data }) => data?.tariff)).toEqual(answers.map(() => 'old'));
    expect(new Set(answers.map(({ data }) => data?.rate))).toEqual(new Set([1, 2]));
  });
});

describe('decideOverride', () => {
  const decide = createDecideOverride(new Set(['fresh']));
  const ids = Array.from({ length: 2_000 }, (_, i) => `request-${i}`);
  const chosen = (label: string) => ids.filter((requestId) => decide(label, { requestId }));

  it('holds a percentage for about that share of the request ids', () => {
    expect(chosen('percent(0)')).toEqual([]);
    expect(chosen('percent(100)')).toEqual(ids);
    expect(chosen('percent(30)').length / ids.length).toBeCloseTo(0.3, 1);
    expect(chosen('percent(0.5)').length).toBeLessThan(40);
  });

  it('holds a larger percentage for all requests of a smaller one', () => {
    const larger = new Set(chosen('percent(40)'));
    expect(chosen('percent(20)').every((id) => larger.has(id))).toBe(true);
  });

  it('holds other labels where they are named', () => {
    expect([chosen('fresh').length, chosen('stale').length]).toEqual([ids.length, 0]);
  });
});
