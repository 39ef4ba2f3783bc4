import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createTestGateway } from '../support/testGateway.ts';
import { runCivigraph } from './support/runCivigraph.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-plan-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function plan(operation: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const file = join(directory, 'operation.graphql');
  await writeFile(file, operation);
  return runCivigraph(directory, ['plan', file, ...args], { environment });
}

const OPERATION = `query Start($jobs: Boolean!) {
  municipality(slug: "augsburg") {
    name
    apprenticeships(first: 1) @include(if: $jobs) { totalCount }
    housingOffers(first: 1) { totalCount }
  }
}`;

describe('civigraph plan', () => {
  it('prints the plan as a tree, with flags and conditions, and the requests', async () => {
    const { out, exitCode } = await plan(OPERATION, ['--variables', '{"jobs":true}']);

    expect(exitCode).toBe(0);
    expect(out).toBe(`3 requests when $jobs: true

Sequence
├─ [1] content
└─ Parallel
   ├─ [2] housing at municipality, housingOffers if housing is on
   └─ if $jobs
      └─ [3] apprenticeships at municipality, apprenticeships if apprenticeships is on

[1] content
    query Start__content__0{municipality(slug:"augsburg"){__typename slug name}}
[2] housing, after [1]
    query Start__housing__1($representations:[_Any!]!){_entities(representations:$representations){...on Municipality{housingOffers(first:1){totalCount}slug}}}
[3] apprenticeships, after [1]
    query Start__apprenticeships__2($representations:[_Any!]!){_entities(representations:$representations){...on Municipality{apprenticeships(first:1){totalCount}slug}}}
`);
  });

  it('leaves out what a condition leaves out', async () => {
    const { out } = await plan(OPERATION, ['--variables', '{"jobs":false}', '--json']);

    const { conditions, requests } = JSON.parse(out);
    expect(conditions).toEqual({ jobs: false });
    expect(requests.map(({ subgraph }: { subgraph: string }) => subgraph)).toEqual(['content', 'housing']);
  });

  it('says where an operation is wrong', async () => {
    expect(await plan('{\n  nowhere\n}')).toEqual({
      out: '',
      error: 'operation.graphql:2:3: Cannot query field "nowhere" on type "Query".\n',
      exitCode: 1,
    });
  });

  it('shows what became of the requests at a gateway that is running', async () => {
    const planToken = 'the-token-of-this-test';
    const gateway = await createTestGateway({
      subgraphs: { content: { sdl: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'you' } } } },
      planToken,
    });
    try {
      const at = ['--url', gateway.url];
      const { out } = await plan('{ hello }', at, { PLAN_TOKEN: planToken });
      expect(out).toMatch(
        /^1 request\n\n\[1\] content\n\n\[1\] content, 15 B from the subgraph, [\d.]+ ms from [\d.]+ ms on\n {4}\{hello\}\n$/,
      );
      expect((await plan('{ hello }', at)).error).toContain('PLAN_TOKEN must hold');
      expect((await plan('{ hello }', at, { PLAN_TOKEN: 'another' })).error).toContain('showed no plan');
      expect((await plan('{ bye }', at, { PLAN_TOKEN: planToken })).error).toContain('Cannot query field "bye"');
    } finally {
      await gateway.close();
    }
  });
});
