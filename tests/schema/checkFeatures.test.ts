import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createProgram } from '../../cli/createProgram.ts';
import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { editDistance, suggestFlagName } from '../../schema/features/flagName.ts';

/** One line, so that line 2 of an SDL is its first own line. */
const HEAD = [
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@override", "@inaccessible", "@interfaceObject", "@composeDirective"])',
  '@link(url: "https://civigraph.org/feature/v1.0", import: ["@feature"]) @composeDirective(name: "@feature")',
  'directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT',
].join(' ');

/** What every world needs: the way to a municipality. */
const ROOT = 'type Query { municipality(slug: ID!): Municipality }';

interface Outcome {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly messages: readonly string[];
}

/** Composes SDLs as subgraphs a, b, ...; a finding is `CODE file:line:column`. */
function compose(...sdls: readonly string[]): Outcome {
  return composeWith(HEAD, ...sdls);
}

function composeWith(head: string, ...sdls: readonly string[]): Outcome {
  const composed = composeSupergraph(
    sdls.map((sdl, index) => {
      const name = 'abc'.charAt(index);
      return { name, url: `http://${name}.example.org`, sdl: `${head}\n${sdl}`, file: `${name}.graphql` };
    }),
  );
  const problems = composed.kind === 'failed' ? composed.problems : [];
  const warnings = composed.kind === 'failed' ? [] : composed.warnings;
  return {
    problems: problems.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`),
    warnings: warnings.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`),
    notes: composed.kind === 'failed' ? [] : composed.hints.filter((hint) => hint.startsWith('The module')),
    messages: [...problems, ...warnings].map(({ message }) => message),
  };
}

interface Rule {
  readonly rule: string;
  readonly violated: readonly string[];
  /** Where it is reported. */
  readonly at: string;
  readonly mended: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    rule: 'FEATURE_FIELD_NOT_NULLABLE',
    violated: [`${ROOT}\ntype Municipality { slug: ID! news: [String!]! @feature(flag: "news") }`],
    at: 'a.graphql:3:31',
    mended: [`${ROOT}\ntype Municipality { slug: ID! news: [String!] @feature(flag: "news") }`],
  },
  {
    rule: 'FEATURE_TYPE_NOT_NULLABLE',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! best: Offer! }\ntype Offer @feature(flag: "offers") { title: String! }`,
    ],
    at: 'a.graphql:3:31',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! best: Offer }\ntype Offer @feature(flag: "offers") { title: String! }`,
    ],
  },
  {
    rule: 'FEATURE_TYPE_NOT_NULLABLE',
    violated: [
      `${ROOT}\ntype Mutation { offer(municipality: ID!): Offer! }\ntype Municipality { slug: ID! }\ntype Offer @feature(flag: "offers") { title: String! }`,
    ],
    at: 'a.graphql:3:17',
    mended: [
      `${ROOT}\ntype Mutation { offer(municipality: ID!): Offer! @feature(flag: "offers.new") }\ntype Municipality { slug: ID! }\ntype Offer @feature(flag: "offers") { title: String! }`,
    ],
  },
  {
    rule: 'FEATURE_IN_KEY',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ntype Note @key(fields: "tag { id }") { tag: Tag! }\ntype Tag {\n  id: ID @feature(flag: "news")\n}`,
    ],
    at: 'a.graphql:6:10',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ntype Note @key(fields: "tag { id }") { tag: Tag! }\ntype Tag { id: ID name: String @feature(flag: "news") }`,
    ],
  },
  {
    rule: 'FEATURE_IN_KEY',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ntype Note @key(fields: "tag { id }") { tag: Tag }\ntype Tag @feature(flag: "news") { id: ID! }`,
    ],
    at: 'a.graphql:5:10',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ntype Note @key(fields: "id") { id: ID! tag: Tag }\ntype Tag @feature(flag: "news") { id: ID! }`,
    ],
  },
  {
    rule: 'FEATURE_INTERFACE_MISMATCH',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ninterface Note { text: String @feature(flag: "news") }\ntype Post implements Note { text: String }`,
    ],
    at: 'a.graphql:5:29',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ninterface Note { text: String @feature(flag: "news") }\ntype Post implements Note { text: String @feature(flag: "news") }`,
    ],
  },
  {
    rule: 'FEATURE_COPIES_DIFFER',
    violated: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! news: String @shareable @feature(flag: "news") }`,
      'type Municipality @key(fields: "slug") { slug: ID! news: String @shareable }',
    ],
    at: 'b.graphql:2:52',
    mended: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! news: String @shareable @feature(flag: "news") }`,
      'type Municipality @key(fields: "slug") { slug: ID! news: String @shareable @feature(flag: "news") }',
    ],
  },
  {
    rule: 'FEATURE_COPIES_DIFFER',
    violated: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! best: Offer }\ntype Offer @shareable @feature(flag: "offers") { title: String }`,
      'type Municipality @key(fields: "slug") { slug: ID! worst: Offer }\ntype Offer @shareable @feature(flag: "news") { title: String }',
    ],
    at: 'b.graphql:3:23',
    mended: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! best: Offer }\ntype Offer @shareable @feature(flag: "offers") { title: String }`,
      'type Municipality @key(fields: "slug") { slug: ID! worst: Offer }\ntype Offer @shareable { title: String }',
    ],
  },
  {
    rule: 'FEATURE_REQUIRES_MISMATCH',
    violated: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! rent: Int @feature(flag: "housing") }`,
      'type Municipality @key(fields: "slug") { slug: ID! rent: Int @external advice: String @requires(fields: "rent") }',
    ],
    at: 'b.graphql:2:72',
    mended: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! rent: Int @feature(flag: "housing") }`,
      'type Municipality @key(fields: "slug") { slug: ID! rent: Int @external advice: String @requires(fields: "rent") @feature(flag: "housing.advice") }',
    ],
  },
  {
    rule: 'FEATURE_FLAG_INVALID',
    violated: [`${ROOT}\ntype Municipality { slug: ID! courses: Int @feature(flag: "LanguageCourses") }`],
    at: 'a.graphql:3:44',
    mended: [`${ROOT}\ntype Municipality { slug: ID! courses: Int @feature(flag: "language-courses") }`],
  },
  {
    rule: 'FEATURE_FLAG_INVALID',
    violated: [`${ROOT}\ntype Municipality { slug: ID! courses: Int @feature(flag: "") }`],
    at: 'a.graphql:3:44',
    mended: [`${ROOT}\ntype Municipality { slug: ID! courses: Int @feature(flag: "news.courses") }`],
  },
  {
    rule: 'FEATURE_MODULE_MISSPELT',
    violated: [`${ROOT}\ntype Municipality { slug: ID! flats: Int @feature(flag: "housng.contact") }`],
    at: 'a.graphql:3:42',
    mended: [`${ROOT}\ntype Municipality { slug: ID! flats: Int @feature(flag: "housing.contact") }`],
  },
  {
    rule: 'FEATURE_PATH_INVALID',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! page: Page }\ntype Page { text: String @feature(flag: "news", municipality: "owner.slug") place: Municipality }`,
    ],
    at: 'a.graphql:4:26',
    mended: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! page: Page }\ntype Page @key(fields: "id") { id: ID! text: String @feature(flag: "news", municipality: "place.slug") place: Municipality }`,
    ],
  },
  {
    rule: 'FEATURE_PATH_INVALID',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! }\ntype Mutation { post(town: ID!): Boolean! @feature(flag: "news", municipality: "$city") }`,
    ],
    at: 'a.graphql:4:43',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! }\ntype Mutation { post(town: ID!): Boolean! @feature(flag: "news", municipality: "$town") }`,
    ],
  },
  {
    rule: 'FEATURE_UNBOUND',
    violated: [
      `type Query { municipality(slug: ID!): Municipality latest: String @feature(flag: "news") }\ntype Municipality { slug: ID! }`,
    ],
    at: 'a.graphql:2:67',
    mended: [
      `type Query { municipality(slug: ID!): Municipality latest(municipality: ID!): String @feature(flag: "news") }\ntype Municipality { slug: ID! }`,
    ],
  },
  {
    rule: 'FEATURE_UNBOUND',
    violated: [
      `type Query { municipality(slug: ID!): Municipality page: Page }\ntype Municipality { slug: ID! }\ntype Page { text: String @feature(flag: "news") }`,
    ],
    at: 'a.graphql:4:26',
    mended: [
      `type Query { municipality(slug: ID!): Municipality page(municipality: ID!): Page }\ntype Municipality { slug: ID! }\ntype Page { text: String @feature(flag: "news") }`,
    ],
  },
  {
    rule: 'FEATURE_UNBOUND',
    violated: [
      `type Query { municipality(slug: ID!): Municipality best: Offer }\ntype Municipality { slug: ID! }\ntype Offer @feature(flag: "offers") { title: String }`,
    ],
    at: 'a.graphql:2:52',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! best: Offer }\ntype Offer @feature(flag: "offers") { title: String }`,
    ],
  },
  {
    rule: 'FEATURE_MUNICIPALITY_KEY',
    violated: [
      'type Query { municipalities: [Municipality!]! }\ntype Municipality { slug: ID! news: String @feature(flag: "news") }',
    ],
    at: 'a.graphql:3:6',
    mended: [
      'type Query { municipalities: [Municipality!]! }\ntype Municipality @key(fields: "slug") { slug: ID! news: String @feature(flag: "news") }',
    ],
  },
  {
    rule: 'FEATURE_MUNICIPALITY_KEY',
    violated: [
      `${ROOT}\ntype Municipality @key(fields: "slug") @key(fields: "code") { slug: ID! code: ID! news: String @feature(flag: "news") }`,
    ],
    at: 'a.graphql:3:6',
    mended: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! code: ID! news: String @feature(flag: "news") }`,
    ],
  },
  {
    rule: 'FEATURE_UNBOUND',
    violated: [
      'type Query { pages: [Page!]! }\ntype Municipality @key(fields: "slug") { slug: ID! }\ntype Page { town: Municipality hint: String @feature(flag: "news", municipality: "town.slug") }',
    ],
    at: 'a.graphql:4:6',
    mended: [
      'type Query { pages: [Page!]! }\ntype Municipality @key(fields: "slug") { slug: ID! }\ntype Page @key(fields: "id") { id: ID! town: Municipality hint: String @feature(flag: "news", municipality: "town.slug") }',
    ],
  },
  {
    rule: 'FEATURE_UNBOUND',
    violated: [
      'type Query { pages: [Page!]! }\ntype Municipality @key(fields: "slug") { slug: ID! }\ntype Page @key(fields: "id") { id: ID! town: Municipality }',
      'type Page @key(fields: "id") { id: ID! hint: String @feature(flag: "news", municipality: "town.slug") }',
    ],
    at: 'b.graphql:2:6',
    mended: [
      'type Query { pages: [Page!]! }\ntype Municipality @key(fields: "slug") { slug: ID! }\ntype Page @key(fields: "id") { id: ID! town: Municipality @shareable }',
      'type Municipality @key(fields: "slug") { slug: ID! }\ntype Page @key(fields: "id") { id: ID! town: Municipality @shareable hint: String @feature(flag: "news", municipality: "town.slug") }',
    ],
  },
  {
    rule: 'FEATURE_UNBOUND',
    violated: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! }\ntype Mutation { write(text: String): Post }\ntype Post @key(fields: "id") @feature(flag: "news", municipality: "town.slug") { id: ID! town: Municipality }`,
    ],
    at: 'a.graphql:4:17',
    mended: [
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! }\ntype Mutation { write(municipality: ID!, text: String): Post }\ntype Post @key(fields: "id") @feature(flag: "news", municipality: "town.slug") { id: ID! town: Municipality }`,
    ],
  },
];

const WARNINGS: readonly Rule[] = [
  {
    rule: 'FEATURE_PARTLY_BOUND',
    violated: [
      'type Query { municipality(slug: ID!): Municipality pages: [Page!]! }\ntype Municipality @key(fields: "slug") { slug: ID! pages: [Page!]! }\ntype Page { place: Municipality hint: String @feature(flag: "news") }',
    ],
    at: 'a.graphql:4:46',
    mended: [
      'type Query { municipality(slug: ID!): Municipality pages: [Page!]! }\ntype Municipality @key(fields: "slug") { slug: ID! pages: [Page!]! }\ntype Page @key(fields: "id") { id: ID! place: Municipality hint: String @feature(flag: "news", municipality: "place.slug") }',
    ],
  },
  {
    rule: 'FEATURE_INTERFACE_WEAKER',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ninterface Note { text: String }\ntype Post implements Note { text: String @feature(flag: "news") }`,
    ],
    at: 'a.graphql:5:42',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! notes: [Note!] }\ninterface Note { text: String @feature(flag: "news") }\ntype Post implements Note { text: String @feature(flag: "news") }`,
    ],
  },
  {
    rule: 'FEATURE_TYPE_IN_ABSTRACT',
    violated: [
      `${ROOT}\ntype Municipality { slug: ID! found: [Found!] }\nunion Found = Post | Page\ntype Page { text: String }\ntype Post @feature(flag: "news") { text: String }`,
    ],
    at: 'a.graphql:3:31',
    mended: [
      `${ROOT}\ntype Municipality { slug: ID! found: [Found] }\nunion Found = Post | Page\ntype Page { text: String }\ntype Post @feature(flag: "news") { text: String }`,
    ],
  },
];

describe('checkFeatures', () => {
  it.each(RULES)('refuses $rule at $at, and accepts it mended', ({ rule, violated, at, mended }) => {
    expect(compose(...violated).problems).toEqual([`${rule} ${at}`]);
    expect(compose(...mended)).toMatchObject({ problems: [], warnings: [], messages: [] });
  });

  it.each(WARNINGS)('warns of $rule at $at, and is content with it mended', ({ rule, violated, at, mended }) => {
    expect(compose(...violated)).toMatchObject({ problems: [], warnings: [`${rule} ${at}`] });
    expect(compose(...mended)).toMatchObject({ problems: [], warnings: [], messages: [] });
  });

  it('finds a gated field in the key of another subgraph, at each place that gates it', () => {
    const outcome = compose(
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! code: ID @shareable @feature(flag: "news") }`,
      'type Municipality @key(fields: "code") @key(fields: "slug") { slug: ID! code: ID @feature(flag: "news") }',
    );

    expect(outcome.problems).toEqual(['FEATURE_IN_KEY a.graphql:3:72', 'FEATURE_IN_KEY b.graphql:2:82']);
    expect(outcome.messages[0]).toBe(
      'A key of Municipality ("code") holds Municipality.code, so entities of Municipality could not be found where the flag is off. Take @feature off Municipality.code, or leave the field out of the key.',
    );
  });

  it('refuses a directive that the subgraph does not hand to composition, for nothing would be gated', () => {
    const outcome = composeWith(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) directive @feature(flag: String!) on FIELD_DEFINITION',
      `${ROOT}\ntype Municipality { slug: ID! news: String @feature(flag: "news") }`,
    );

    expect(outcome.problems).toEqual(['FEATURE_NOT_COMPOSED a.graphql:3:44']);
  });

  it('finds all problems at once, in the order of the subgraphs and lines', () => {
    const outcome = compose(
      `${ROOT}\ntype Municipality @key(fields: "slug") {\n  slug: ID!\n  events: Int! @feature(flag: "event")\n  news: Int! @feature(flag: "news")\n}`,
      'type Municipality @key(fields: "slug") { slug: ID! flats: Int @feature(flag: "housing..contact") }',
    );

    expect(outcome.problems).toEqual([
      'FEATURE_FIELD_NOT_NULLABLE a.graphql:5:3',
      'FEATURE_MODULE_MISSPELT a.graphql:5:16',
      'FEATURE_FIELD_NOT_NULLABLE a.graphql:6:3',
      'FEATURE_FLAG_INVALID b.graphql:2:63',
    ]);
    expect(outcome.messages[1]).toContain('Did you mean "events"?');
    expect(outcome.messages[3]).toContain('Write "housing.contact".');
  });

  it('only notes the module of a partner', () => {
    const outcome = compose(
      `${ROOT}\ntype Municipality { slug: ID! courses: Int @feature(flag: "language-courses.free") }`,
    );

    expect(outcome).toMatchObject({ problems: [], warnings: [] });
    expect(outcome.notes).toEqual([
      'The module "language-courses" is not one of ours; municipalities switch it by that name.',
    ]);
  });

  it('asks nothing of a copy that another subgraph overrides', () => {
    const outcome = compose(
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! news: String }`,
      'type Municipality @key(fields: "slug") { slug: ID! news: String @override(from: "a") @feature(flag: "news") }',
    );

    expect(outcome.problems).toEqual([]);
  });

  it('does not follow ways that clients cannot take', () => {
    const page = 'type Municipality { slug: ID! pages: [Page!] }\ntype Page { hint: String @feature(flag: "news") }';

    expect(
      compose(`type Query { municipality(slug: ID!): Municipality all: [Page!] @inaccessible }\n${page}`),
    ).toMatchObject({ problems: [], warnings: [] });
    expect(compose(`type Query { municipality(slug: ID!): Municipality all: [Page!] }\n${page}`).warnings).toEqual([
      'FEATURE_PARTLY_BOUND a.graphql:4:26',
    ]);
  });

  it('follows an interface to the types that implement it', () => {
    const outcome = compose(
      'type Query { municipality(slug: ID!): Municipality node(id: ID!): Node }\ninterface Node { id: ID! }\ntype Municipality implements Node @key(fields: "slug") { id: ID! slug: ID! pages: [Page!] }\ntype Page implements Node { id: ID! hint: String @feature(flag: "news") }',
    );

    expect(outcome).toMatchObject({ problems: [], warnings: ['FEATURE_PARTLY_BOUND a.graphql:5:50'] });
    expect(outcome.messages[0]).toContain('(Query.node)');
  });

  it('accepts a gated field that an interface object adds to every implementation', () => {
    const outcome = compose(
      `${ROOT}\ntype Municipality { slug: ID! media: [Media!] }\ninterface Media @key(fields: "id") { id: ID! }\ntype Book implements Media @key(fields: "id") { id: ID! }`,
      'type Media @interfaceObject @key(fields: "id") { id: ID! rating: Int @feature(flag: "news") }',
    );

    expect(outcome).toMatchObject({ problems: [], warnings: [] });
  });

  it('finds what a field requires further in', () => {
    const outcome = compose(
      `${ROOT}\ntype Municipality @key(fields: "slug") { slug: ID! office: Office }\ntype Office { phone: String @feature(flag: "news") }`,
      'type Municipality @key(fields: "slug") {\n  slug: ID!\n  office: Office @external\n  hotline: String @requires(fields: "office { phone }")\n}\ntype Office { phone: String @external }',
    );

    expect(outcome.problems).toEqual(['FEATURE_REQUIRES_MISMATCH b.graphql:5:3']);
  });

  it('knows root types by the names that a subgraph gives them', () => {
    const outcome = compose(
      'schema { query: Start mutation: Change }\ntype Start { municipality(slug: ID!): Municipality }\ntype Municipality { slug: ID! }\ntype Change { post(municipality: ID!): Boolean! @feature(flag: "news") }',
    );

    expect(outcome.problems).toEqual([]);
  });

  it.each([
    ['place.names', 'Municipality.names is [String!], not a String or an ID'],
    ['places.slug', 'Page.places is a list, which names no single municipality'],
    ['at.slug', 'Page.at cannot be asked for without arguments'],
    ['place', 'Page.place is Municipality, not a String or an ID'],
    ['$page', 'the argument "page" is Int, not a String or an ID'],
    ['$place', 'Page.text has no argument "place" (it has $page)'],
    ['place..slug', 'a part of it is empty'],
  ])('refuses the path %s: %s', (path, fault) => {
    const [message] = compose(
      `${ROOT}\ntype Municipality { slug: ID! names: [String!] page: Page }\ntype Page { text(page: Int): String @feature(flag: "news", municipality: "${path}") place: Municipality places: [Municipality!] at(day: Int!): Municipality }`,
    ).messages;

    expect(message).toContain(`"${path}", but ${fault}.`);
  });
});

describe('flag names', () => {
  it.each([
    ['Housing', 'housing'],
    ['languageCourses.free', 'language-courses.free'],
    ['housing contact', 'housing-contact'],
    ['housing.', 'housing'],
    ['.', undefined],
  ])('suggests for %j %j', (flag, suggestion) => {
    expect(suggestFlagName(flag)).toBe(suggestion);
  });

  it.each([
    ['housng', 'housing', 1],
    ['huosing', 'housing', 1],
    ['events', 'news', 4],
    ['', 'news', 4],
  ])('are compared letter by letter: %s, %s', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
  });
});

describe('composeSupergraph', () => {
  it('says where the syntax is wrong', () => {
    expect(compose('type Query {\n  news String }').problems).toEqual(['SYNTAX a.graphql:3:8']);
  });

  it('says where composition failed, and in which subgraph', () => {
    const composed = composeSupergraph([
      {
        name: 'a',
        url: 'http://a.example.org',
        sdl: `${HEAD}\n${ROOT}\ntype Municipality { slug: Slug }`,
        file: 'a.graphql',
      },
    ]);

    expect(composed).toEqual({
      kind: 'failed',
      problems: [
        {
          code: 'INVALID_GRAPHQL',
          message: 'Unknown type Slug',
          subgraph: 'a',
          file: 'a.graphql',
          line: 3,
          column: 27,
        },
      ],
    });
  });
});

describe('civigraph compose', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'civigraph-compose-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('refuses a partner subgraph with file, line, column, rule and subgraph on one line', async () => {
    const file = join(directory, 'courses.graphql');
    const { exitCode, output, errors } = await runCompose(
      file,
      `${HEAD}\ntype Municipality @key(fields: "slug") {\n  slug: ID!\n  courses: Int! @feature(flag: "courses")\n}\n`,
    );

    expect(exitCode).toBe(1);
    expect(output).toBe('');
    expect(errors).toBe(
      `${file}:4:3 FEATURE_FIELD_NOT_NULLABLE [courses] Municipality.courses is gated by "courses" and must be null where the flag is off. Take the last "!" off its type.\n`,
    );
  });

  it('composes our subgraphs and a mended partner, with its warnings on standard error', async () => {
    const file = join(directory, 'mended.graphql');
    const { exitCode, output, errors } = await runCompose(
      file,
      `${HEAD}\ntype Query { courses: [Course!] }\ntype Course { hint: String @feature(flag: "courses") }\ntype Municipality @key(fields: "slug") { slug: ID! courses: [Course!] }\n`,
    );

    expect(exitCode).toBe(0);
    expect(output).toContain('join__Graph');
    expect(errors.split('\n').filter((line) => line.startsWith('warning: '))).toEqual([
      expect.stringContaining(`warning: ${file}:3:28 FEATURE_PARTLY_BOUND [courses] Course.hint`),
    ]);
  });

  const TOWN = 'type Municipality @key(fields: "slug") { slug: ID!';
  it.each([
    [
      'FEATURE_FLAG_INVALID',
      '3:16',
      'Write "language-courses".',
      `${TOWN}\n  courses: Int @feature(flag: "Language Courses") }`,
    ],
    [
      'FEATURE_MODULE_MISSPELT',
      '3:16',
      'Did you mean "housing"?',
      `${TOWN}\n  courses: Int @feature(flag: "housng") }`,
    ],
    [
      'FEATURE_TYPE_NOT_NULLABLE',
      '3:3',
      'Take the last "!" off its type.',
      `${TOWN}\n  course: Course! }\ntype Course @feature(flag: "courses") { title: String }`,
    ],
    [
      'FEATURE_IN_KEY',
      '4:41',
      'Take @feature off Course.id, or leave the field out of the key.',
      `${TOWN}\n  courses: [Course] }\ntype Course @key(fields: "id") { id: ID @feature(flag: "courses") }`,
    ],
    [
      'FEATURE_INTERFACE_MISMATCH',
      '5:3',
      'Give it @feature(flag: "courses").',
      `${TOWN} titled: [Titled] }\ninterface Titled { title: String @feature(flag: "courses") }\ntype Course implements Titled {\n  title: String }`,
    ],
    [
      'FEATURE_PATH_INVALID',
      '4:29',
      'Name a path from Course to a String or an ID',
      `${TOWN}\n  courses: [Course] }\ntype Course { title: String @feature(flag: "courses", municipality: "town.slug") }`,
    ],
    [
      'FEATURE_UNBOUND',
      '4:16',
      'give the root field a "municipality" argument',
      'type Query { courses: [Course!] }\ntype Course { title: String\n  hint: String @feature(flag: "courses") }',
    ],
    [
      'FEATURE_COPIES_DIFFER',
      '3:3',
      '@feature(flag: "courses")',
      `${TOWN}\n  fee: Int @shareable }`,
      `${TOWN} fee: Int @shareable @feature(flag: "courses") }`,
    ],
    [
      'FEATURE_REQUIRES_MISMATCH',
      '4:3',
      '@feature(flag: "schools")',
      `${TOWN}\n  fee: Int @external\n  courses: Int @requires(fields: "fee") }`,
      `${TOWN} fee: Int @feature(flag: "schools") }`,
    ],
    [
      'FEATURE_MUNICIPALITY_KEY',
      '2:6',
      'Give it @key(fields: "slug") and no other key.',
      `type Municipality @key(fields: "slug") @key(fields: "code") {\n  slug: ID! code: ID! fee: Int @feature(flag: "courses") }`,
    ],
    [
      'FEATURE_MUNICIPALITY_KEY',
      '3:6',
      'Give Municipality @key(fields: "slug") and a reference resolver.',
      'type Query { courseTowns: [Municipality!] }\ntype Municipality { slug: ID! @shareable fee: Int @shareable @feature(flag: "courses") }',
      `${TOWN} fee: Int @shareable @feature(flag: "courses") }`,
    ],
    [
      'FEATURE_MUNICIPALITY_KEY',
      '2:6',
      'Give it slug: ID! and @key(fields: "slug").',
      'type Municipality { fee: Int @shareable @feature(flag: "courses") }',
      `${TOWN} fee: Int @shareable @feature(flag: "courses") }`,
    ],
  ])(
    'refuses a partner by %s with its place, the subgraph and how to mend it',
    async (rule, at, mend, sdl, ...[other]) => {
      const file = join(directory, `${rule}.graphql`);
      const { exitCode, output, errors } = await runCompose(
        file,
        `${HEAD}\n${sdl}\n`,
        other === undefined ? undefined : `${HEAD}\n${other}\n`,
      );
      expect([exitCode, output]).toEqual([1, '']);
      const lines = errors.trimEnd().split('\n');
      expect(lines).toEqual([expect.stringContaining(`${file}:${at} ${rule} [courses] `)]);
      expect(lines[0]).toContain(mend);
    },
  );

  it('refuses a partner by FEATURE_NOT_COMPOSED, whose directive composition would drop, and says which lines are missing', async () => {
    const file = join(directory, 'FEATURE_NOT_COMPOSED.graphql');
    const { exitCode, output, errors } = await runCompose(
      file,
      [
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])',
        'directive @feature(flag: String!) on FIELD_DEFINITION',
        `${TOWN}\n  courses: Int @feature(flag: "courses") }\n`,
      ].join('\n'),
    );
    expect([exitCode, output]).toEqual([1, '']);
    expect(errors).toBe(
      `${file}:4:16 FEATURE_NOT_COMPOSED [courses] @feature on Municipality.courses does not reach the supergraph, so nothing would be gated. Give the schema @link(url: "https://civigraph.org/feature/v1.0", import: ["@feature"]) and @composeDirective(name: "@feature").\n`,
    );
  });

  it.each([
    [
      'FEATURE_INTERFACE_WEAKER',
      '5:17',
      'Give Titled.title the same @feature if that is not meant.',
      `${TOWN} titled: [Titled] }\ninterface Titled { title: String }\ntype Course implements Titled {\n  title: String @feature(flag: "courses") }`,
    ],
    [
      'FEATURE_TYPE_IN_ABSTRACT',
      '3:3',
      'Take every "!" off its type, or @feature off Course.',
      `${TOWN}\n  found: [Found!] }\nunion Found = Course | Fee\ntype Fee { text: String }\ntype Course @feature(flag: "courses") { text: String }`,
    ],
  ])('warns a partner of %s with its place, the subgraph and how to mend it', async (rule, at, mend, sdl) => {
    const file = join(directory, `${rule}.graphql`);
    const { exitCode, output, errors } = await runCompose(file, `${HEAD}\n${sdl}\n`);
    expect(exitCode).toBe(0);
    expect(output).toContain('join__Graph');
    const warnings = errors.split('\n').filter((line) => line.startsWith('warning: '));
    expect(warnings).toEqual([expect.stringContaining(`warning: ${file}:${at} ${rule} [courses] `)]);
    expect(warnings[0]).toContain(mend);
  });

  async function runCompose(file: string, sdl: string, other?: string) {
    await writeFile(file, sdl);
    const second = join(directory, 'second.graphql');
    await writeFile(second, other ?? '');
    const further = other === undefined ? [] : [`second=http://127.0.0.1:4101/graphql=${second}`];
    let output = '';
    let errors = '';
    let exitCode = 0;
    await createProgram({
      root: join(import.meta.dirname, '..', '..'),
      environment: {},
      write: (text) => {
        output += text;
      },
      writeError: (text) => {
        errors += text;
      },
      isTerminal: false,
      ask: undefined,
      setExitCode: (code) => {
        exitCode = code;
      },
      onStopSignal: () => {},
    }).parseAsync(['compose', '--subgraph', `courses=http://127.0.0.1:4100/graphql=${file}`, ...further], {
      from: 'user',
    });
    return { exitCode, output, errors };
  }
});
