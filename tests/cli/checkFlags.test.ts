import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { runCivigraph } from './support/runCivigraph.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'civigraph-check-'));
  await mkdir(join(directory, 'operations', 'inner'), { recursive: true });
  await writeFile(
    join(directory, 'augsburg.yaml'),
    'name: A\nmodules: { events: true, housing: { enabled: true, flags: { contact: true } } }\n',
  );
  await writeFile(join(directory, 'ulm.yaml'), 'name: U\nmodules: { housing: false }\n');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function check(operations: Record<string, string>, ...args: string[]) {
  for (const [name, text] of Object.entries(operations)) {
    await writeFile(join(directory, 'operations', name), text);
  }
  const folder = join(directory, 'operations');
  const { out, error, exitCode } = await runCivigraph(directory, ['flags', 'check', '--operations', folder, ...args]);
  return { lines: out.replaceAll('operations/', '').split('\n').filter(Boolean), error, exitCode };
}

const HOUSING = ['--disable', 'housing', '--municipality', 'augsburg'];

describe('civigraph flags check', () => {
  it('names file, line, operation and field of what would be lost', async () => {
    const { lines, exitCode } = await check(
      {
        'start.graphql': `query Start($slug: ID!) {
  municipality(slug: $slug) {
    name
    homes: housingOffers(first: 3) { nodes { ...Card } }
    events(language: "de") { totalCount }
  }
}
fragment Card on HousingOffer { title landlord { phone } }
`,
        'inner/list.gql': '{ municipalities { nodes { name housingOffers { totalCount } } } }',
        'other.graphql': 'query Other { municipalities { nodes { name } } }',
        'place.graphql': `mutation Place($input: CreateHousingOfferInput!) {
  createHousingOffer(municipality: "augsburg", input: $input) { offer { id } }
}`,
        'notes.txt': 'not an operation',
      },
      ...HOUSING,
    );

    expect(exitCode).toBe(1);
    expect(lines).toEqual([
      'inner/list.gql:1:33 (unnamed): municipalities.nodes.@.housingOffers becomes null (housing)',
      'place.graphql:2:3 Place: the whole mutation is refused, for createHousingOffer (housing)',
      'start.graphql:4:5 Start: municipality.homes becomes null (housing)',
      'start.graphql:8:39 Start: municipality.homes.nodes.@.landlord becomes null (housing.contact)',
      '3 of 4 operations lose something in augsburg',
    ]);
  });

  it('counts a part by itself', async () => {
    const { lines } = await check(
      { 'a.graphql': '{ municipality(slug: "augsburg") { housingOffers { nodes { landlord { name } } } } }' },
      ...['--disable', 'housing.contact', '--municipality', 'augsburg'],
    );
    expect(lines).toEqual([
      'a.graphql:1:60 (unnamed): municipality.housingOffers.nodes.@.landlord becomes null (housing.contact)',
      '1 of 1 operations lose something in augsburg',
    ]);
  });

  it('leaves out operations that name another municipality, and flags that are off already', async () => {
    const operations = { 'a.graphql': '{ municipality(slug: "ulm") { housingOffers { totalCount } } }' };
    expect(await check(operations, ...HOUSING)).toEqual({
      lines: ['0 of 1 operations lose something in augsburg'],
      error: '',
      exitCode: 0,
    });
    expect(await check(operations, '--disable', 'housing', '--municipality', 'ulm')).toEqual({
      lines: ['housing is off in ulm already; 0 of 1 operations lose something in ulm'],
      error: '',
      exitCode: 0,
    });
  });

  it('names operations that are not valid at all', async () => {
    const { lines, exitCode } = await check({ 'a.graphql': '{\n  nothing\n}', 'b.graphql': '{' }, ...HOUSING);
    expect(exitCode).toBe(1);
    expect(lines).toEqual([
      'a.graphql:2:3 Cannot query field "nothing" on type "Query".',
      'b.graphql:1:2 Syntax Error: Expected Name, found <EOF>.',
      '0 of 0 operations lose something in augsburg',
    ]);
  });

  it('fails for names that do not exist, with the nearest', async () => {
    const wrong = ['--disable', 'housng', '--municipality', 'augsburg'];
    expect((await check({}, ...wrong)).error).toContain('did you mean "housing"?');
    expect((await check({}, '--disable', 'housing', '--municipality', 'augsbrug')).error).toContain('"augsburg"');
  });

  it('tells which parents a null takes along', async () => {
    // A list may not hold null, so an object of a gated type that is off takes the list and what encloses it.
    const composed = composeSupergraph([
      {
        name: 'search',
        url: 'http://127.0.0.1:1',
        file: 'search.graphql',
        sdl: `
          extend schema
            @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
            @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature"])
            @composeDirective(name: "@feature")
          directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT
          type Query { municipality(slug: ID!): Municipality }
          type Municipality @key(fields: "slug") { slug: ID! search: Results }
          type Results { hits: [Hit!]! }
          union Hit = Page | Flat
          type Page { title: String }
          type Flat @feature(flag: "housing") { rent: Int }
        `,
      },
    ]);
    if (composed.kind === 'failed') {
      throw new Error(composed.problems.map(({ message }) => message).join('\n'));
    }
    const supergraph = join(directory, 'supergraph.graphql');
    await writeFile(supergraph, composed.supergraphSdl);
    await writeFile(join(directory, 'augsburg.yaml'), 'name: A\nmodules: { housing: true }\n');

    const { lines } = await check(
      { 'a.graphql': '{ municipality(slug: "augsburg") { search { hits { __typename } } } }' },
      ...[...HOUSING, '--supergraph', supergraph],
    );

    expect(lines[0]).toBe(
      'a.graphql:1:45 (unnamed): municipality.search.hits.@ is lost (housing) and takes municipality.search along',
    );
  });
});
