import { describe, expect, it } from '@jest/globals';

import { composeSupergraph } from '../../schema/composeSupergraph.ts';
import { readModules } from '../../schema/modules.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';

/** One line, so that line 2 of an SDL is its first own line. */
const HEAD = [
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])',
  '@link(url: "https://civigraph.org/feature/v1.0", import: ["@feature", "@moduleOption"])',
  '@composeDirective(name: "@feature") @composeDirective(name: "@moduleOption")',
  'directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT',
  'directive @moduleOption(module: String!, name: String!, type: String!, min: Int, max: Int, values: [String!], description: String) repeatable on SCHEMA',
].join(' ');
const TOWNS = `${HEAD}\ntype Query { municipality(slug: ID!): Municipality }\ntype Municipality @key(fields: "slug") { slug: ID! }`;
const COURSES =
  'type Municipality @key(fields: "slug") { slug: ID! courses: Int @feature(flag: "language-courses.list") }';

function compose(...sdls: readonly string[]) {
  return composeSupergraph([
    { name: 'towns', url: 'http://towns.example.org', sdl: TOWNS, file: 'towns.graphql' },
    ...sdls.map((sdl, i) => ({ name: `p${i}`, url: 'http://p.example.org', sdl, file: `p${i}.graphql` })),
  ]);
}

/** Problems as `CODE file:line:column message`. */
function problemsOf(...sdls: readonly string[]): readonly string[] {
  const composed = compose(...sdls);
  return composed.kind === 'composed'
    ? []
    : composed.problems.map(({ code, file, line, column, message }) => `${code} ${file}:${line}:${column} ${message}`);
}

const declare = (options: string) => `${HEAD}\nextend schema ${options}\n${COURSES}`;
const option = (rest: string) => `@moduleOption(module: "language-courses", ${rest})`;

const ALL = [
  option('name: "isOpen", type: "Boolean"'),
  option('name: "maxCourses", type: "Int", min: 1, max: 50, description: "How many courses are shown."'),
  option('name: "provider", type: "String"'),
  option('name: "level", type: "String", values: ["A1", "A2", "B1"]'),
  option('name: "rooms", type: "[Int]", min: 0'),
  option('name: "levels", type: "[String]", values: ["A1", "A2", "B1"]'),
  option('name: "weekdays", type: "[Boolean]"'),
].join('\n');

function readFile(entry: string) {
  const composed = compose(declare(ALL));
  if (composed.kind === 'failed') {
    throw new Error(JSON.stringify(composed.problems));
  }
  const reading = readMunicipalityFiles(
    [{ file: 'a.yaml', text: `name: A\nmodules:\n  language-courses: { enabled: true, ${entry} }\n` }],
    { modules: readModules(composed.supergraphSdl), loadedAt: new Date(0) },
  );
  return reading.kind === 'refused'
    ? reading.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n')
    : reading.value.municipalities.get('a')?.modules.get('language-courses')?.options;
}

describe('options of a partner’s module', () => {
  it('are read from the supergraph and taken by municipality files', () => {
    expect(
      readFile(
        'isOpen: true, maxCourses: 50, provider: vhs, level: A2, rooms: [0, 7], levels: [A1, B1], weekdays: [true, false]',
      ),
    ).toEqual({
      isOpen: true,
      maxCourses: 50,
      provider: 'vhs',
      level: 'A2',
      rooms: [0, 7],
      levels: ['A1', 'B1'],
      weekdays: [true, false],
    });
    expect(readFile('whenOff: silent')).toEqual({ whenOff: 'silent' });
  });

  it.each([
    ['maxCuorses: 5', '3:38 unknown key below "modules.language-courses" "maxCuorses"; did you mean "maxCourses"?'],
    ['maxCourses: 0', '3:50 "modules.language-courses.maxCourses": too small: expected number to be >=1'],
    ['maxCourses: 51', '3:50 "modules.language-courses.maxCourses": too big: expected number to be <=50'],
    ['maxCourses: 1.5', '3:50 "modules.language-courses.maxCourses": expected int, received number'],
    ['maxCourses: "5"', '3:50 "modules.language-courses.maxCourses": expected number, received string'],
    ['isOpen: yes', '3:46 "modules.language-courses.isOpen": expected boolean, received string'],
    ['level: C1', '3:45 "modules.language-courses.level": invalid option: expected one of "A1"|"A2"|"B1"'],
    ['levels: A1', '3:46 "modules.language-courses.levels": expected array, received string'],
    ['levels: [A1, C1]', '3:51 "modules.language-courses.levels.1": invalid option: expected one of "A1"|"A2"|"B1"'],
    ['rooms: [-1]', '3:46 "modules.language-courses.rooms.0": too small: expected number to be >=0'],
    ['provider: [a]', '3:48 "modules.language-courses.provider": expected string, received array'],
  ])('C-13: refuse "%s" with line, column and what is expected', (entry, expected) => {
    expect(readFile(entry)).toBe(expected);
  });

  it('stay apart from our own modules and from those that declare none', () => {
    const composed = compose(declare(ALL));
    const modules = composed.kind === 'composed' ? readModules(composed.supergraphSdl) : [];

    expect(modules.find(({ name }) => name === 'language-courses')).toMatchObject({ flags: ['list'] });
    expect(modules.filter(({ options }) => 'maxCourses' in options).map(({ name }) => name)).toEqual([
      'language-courses',
    ]);
  });

  it('show nothing of themselves to clients', () => {
    const composed = compose(declare(ALL));

    expect(composed.kind === 'composed' && composed.apiSdl).not.toMatch(/moduleOption|maxCourses/);
  });

  it.each([
    ['name: "MaxCourses", type: "Int"', '"name": expected letters and digits'],
    ['name: "until", type: "Int"', '"name": expected another name than enabled, from, until, flags, whenOff'],
    ['name: "fee", type: "Float"', '"type": Invalid option: expected one of "Boolean"|"Int"|"String"'],
    ['name: "fee", type: "Int!"', '"type": Invalid option'],
    ['name: "fee", type: "Int", min: 2, max: 1', '"max": expected at least "min"'],
    ['name: "fee", type: "String", max: 1', '"max": goes with the types Int and [Int] alone'],
    ['name: "fee", type: "Boolean", min: 0', '"min": goes with the types Int and [Int] alone'],
    ['name: "fee", type: "Int", values: ["1"]', '"values": goes with the types String and [String] alone'],
    ['name: "fee", type: "String", values: []', '"values": Too small'],
  ])('FEATURE_OPTION_INVALID: refuses %s at its place', (written, expected) => {
    expect(problemsOf(declare(option(written)))).toEqual([
      expect.stringMatching(/^FEATURE_OPTION_INVALID p0\.graphql:2:15 @moduleOption cannot be read: /),
    ]);
    expect(problemsOf(declare(option(written)))[0]).toContain(expected);
  });

  it.each([
    ['housing', '"housing" is a module of ours, whose options are fixed. Name your own module.'],
    ['language-curses', 'so its option "fee" has no owner. Did you mean "language-courses"?'],
    ['swimming', 'so its option "fee" has no owner. Give a field @feature(flag: "swimming").'],
  ])('FEATURE_OPTION_MODULE: refuses an option of the module %s', (module, expected) => {
    const [problem, ...others] = problemsOf(declare(`@moduleOption(module: "${module}", name: "fee", type: "Int")`));

    expect(others).toEqual([]);
    expect(problem).toMatch(/^FEATURE_OPTION_MODULE p0\.graphql:2:15 /);
    expect(problem).toContain(expected);
  });

  it('FEATURE_OPTION_MODULE: refuses the option of a module that another subgraph has', () => {
    const stranger = `${HEAD}\nextend schema ${option('name: "fee", type: "Int"')}\ntype Municipality @key(fields: "slug") { slug: ID! swims: Int @feature(flag: "swimming") }`;

    expect(problemsOf(`${HEAD}\n${COURSES}`, stranger)).toEqual([
      expect.stringMatching(
        /^FEATURE_OPTION_MODULE p1\.graphql:2:15 This subgraph gates nothing by the module "language-courses"/,
      ),
    ]);
  });

  it('FEATURE_OPTION_TWICE: refuses a second declaration and names the first', () => {
    const twice = `${option('name: "fee", type: "Int"')}\n  ${option('name: "fee", type: "String"')}`;

    expect(problemsOf(declare(twice))).toEqual([
      'FEATURE_OPTION_TWICE p0.graphql:3:3 The option "fee" of "language-courses" is declared at p0.graphql:2:15 already. Leave one out.',
    ]);
  });

  it('FEATURE_NOT_COMPOSED: refuses an option that does not reach the supergraph', () => {
    const sdl = declare(option('name: "fee", type: "Int"')).replace('@composeDirective(name: "@moduleOption")', '');

    expect(problemsOf(sdl)).toEqual([
      expect.stringMatching(/^FEATURE_NOT_COMPOSED p0\.graphql:2:15 The option "language-courses\.fee" does not reach/),
    ]);
  });

  it('refuse a supergraph of another composition whose options cannot be read', () => {
    expect(() =>
      readModules('schema @moduleOption(module: "a", name: "b", type: "Float") { query: Query } type Query { a: Int }'),
    ).toThrow('The supergraph holds a @moduleOption that cannot be read: "type"');
  });
});
