import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLSchema, isObjectType, validateSchema } from 'graphql';

import { municipalitySchema } from '../../schema/features/municipalitySchema.ts';
import { type FeatureMap, readFeatures } from '../../schema/features/readFeatures.ts';
import { knownModules } from '../../schema/modules.ts';
import type { Municipality } from '../../schema/municipalities/Municipality.ts';
import { readMunicipalityFiles } from '../../schema/municipalities/readMunicipalityFiles.ts';

const DIRECTIVE = 'directive @feature(flag: String!, municipality: String) on FIELD_DEFINITION | OBJECT\n';
const ROOT = join(import.meta.dirname, '..', '..', 'schema');

function municipality(features: FeatureMap, modules: Record<string, unknown>): Municipality {
  const reading = readMunicipalityFiles(
    [{ file: 'musterstadt.yaml', text: JSON.stringify({ name: 'Musterstadt', modules }) }],
    { modules: knownModules(features.flags), loadedAt: new Date(0) },
  );
  const found = reading.kind === 'read' ? reading.value.municipalities.get('musterstadt') : undefined;
  if (found === undefined) {
    throw new Error(JSON.stringify(reading));
  }
  return found;
}

/** The schema with some modules on, built and validated from what was printed. */
function shown(sdl: string, modules: Record<string, unknown>): GraphQLSchema {
  const features = readFeatures(sdl);
  const printed = municipalitySchema(buildSchema(DIRECTIVE + sdl), features, municipality(features, modules));
  return valid(printed);
}

function valid(printed: string): GraphQLSchema {
  const schema = buildSchema(printed);
  expect(validateSchema(schema)).toEqual([]);
  return schema;
}

function fieldsOf(schema: GraphQLSchema, name: string): string[] | undefined {
  const type = schema.getType(name);
  return type !== undefined && 'getFields' in type ? Object.keys(type.getFields()) : undefined;
}

function typesOf(schema: GraphQLSchema): string[] {
  const builtIn = ['Boolean', 'String', 'Int', 'Float', 'ID'];
  return Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__') && !builtIn.includes(name));
}

describe('municipalitySchema of our own graph', () => {
  const features = readFeatures(readFileSync(join(ROOT, 'supergraph.graphql'), 'utf8'));
  const api = buildSchema(readFileSync(join(ROOT, 'api.graphql'), 'utf8'));
  const print = (modules: Record<string, unknown>) =>
    valid(municipalitySchema(api, features, municipality(features, modules)));
  const all = { events: true, locations: true, news: true, offers: true, apprenticeships: true, housing: true };

  it('is the whole schema where everything is on', () => {
    expect(typesOf(print(all)).sort()).toEqual(typesOf(api).sort());
  });

  it('leaves out the field, its arguments’ types and the types behind it that are off', () => {
    const schema = print({ ...all, apprenticeships: false });

    expect(fieldsOf(schema, 'Municipality')).not.toContain('apprenticeships');
    expect(fieldsOf(schema, 'Municipality')).toContain('housingOffers');
    for (const gone of ['Apprenticeship', 'ApprenticeshipConnection', 'ApprenticeshipFilter', 'ApprenticeshipOrder']) {
      expect(schema.getType(gone)).toBeUndefined();
    }
    expect(fieldsOf(schema, 'Query')).toEqual(['municipality', 'municipalities']);
    expect(schema.getType('Node')).toBeDefined();
  });

  it('keeps the one mutation that is never gated, and what it answers with', () => {
    const schema = print({ ...all, housing: false });

    expect(fieldsOf(schema, 'Mutation')).toEqual(['withdrawHousingOffer']);
    expect(fieldsOf(schema, 'Municipality')).not.toContain('housingOffers');
    expect(fieldsOf(schema, 'HousingOffer')).not.toContain('landlord');
    expect(schema.getType('CreateHousingOfferInput')).toBeUndefined();
  });

  it('leaves out a flag below a module that is on', () => {
    const schema = print({ ...all, housing: { enabled: true, flags: { contact: false } } });

    expect(fieldsOf(schema, 'HousingOffer')).not.toContain('landlord');
    expect(schema.getType('HousingContact')).toBeUndefined();
    expect(fieldsOf(schema, 'Municipality')).toContain('housingOffers');
  });

  it('is valid and holds no gated field that is off for every set of modules', () => {
    const names = Object.keys(all);
    for (let set = 0; set < 2 ** names.length; set += 1) {
      const modules = Object.fromEntries(names.map((name, bit) => [name, (set & (1 << bit)) !== 0]));
      const schema = print(modules);
      for (const [path, { flag }] of features.fields) {
        const [type = '', field = ''] = path.split('.');
        const isThere = fieldsOf(schema, type)?.includes(field) ?? false;
        expect({ path, isThere: isThere && modules[flag.split('.')[0] ?? ''] !== true }).toEqual({
          path,
          isThere: false,
        });
      }
    }
  });
});

describe('municipalitySchema of any graph', () => {
  it('leaves out a gated object type, the fields that return it, and its place in unions', () => {
    const sdl = `
      type Query { municipality(slug: ID!): Municipality }
      type Municipality { slug: ID! courses: [Course!] found: [Found!]! onlyCourses: [OnlyCourse!] }
      type Course @feature(flag: "courses") { title: String teacher: Teacher }
      type Teacher { name: String }
      type Page { title: String }
      union Found = Course | Page
      union OnlyCourse = Course
    `;
    const schema = shown(sdl, { courses: false });

    expect(typesOf(schema).sort()).toEqual(['Found', 'Municipality', 'Page', 'Query']);
    expect(fieldsOf(schema, 'Municipality')).toEqual(['slug', 'found']);
    expect(typesOf(shown(sdl, { courses: true }))).toContain('Teacher');
  });

  it('leaves out an interface’s field that an implementation has lost', () => {
    const schema = shown(
      `
      type Query { things: [Thing!]! }
      interface Thing { id: ID! price: Int }
      type Flat implements Thing { id: ID! price: Int @feature(flag: "prices") }
      type Chair implements Thing { id: ID! price: Int }
    `,
      { prices: false },
    );

    expect(fieldsOf(schema, 'Thing')).toEqual(['id']);
    expect(fieldsOf(schema, 'Flat')).toEqual(['id']);
    expect(fieldsOf(schema, 'Chair')).toEqual(['id', 'price']);
  });

  it('leaves out an interface and a type that have nothing left', () => {
    const schema = shown(
      `
      type Query { a: Int one: Wrapper things: [Thing!] }
      type Wrapper { inner: Int @feature(flag: "inner") }
      interface Thing { id: ID! }
      type Flat implements Thing @feature(flag: "inner") { id: ID! }
    `,
      { inner: false },
    );

    expect(typesOf(schema)).toEqual(['Query']);
    expect(fieldsOf(schema, 'Query')).toEqual(['a']);
  });

  it('drops a type whose only way in is through an interface that is merely implemented', () => {
    const schema = shown(
      `
      interface Node { id: ID! }
      type Query { page: Page flats: [Flat] mutations: Int }
      type Page implements Node { id: ID! flat: Flat @feature(flag: "flats") rent: Rent @feature(flag: "flats") }
      type Flat implements Node { id: ID! }
      type Rent implements Node { id: ID! }
    `,
      { flats: false },
    );

    expect(typesOf(schema).sort()).toEqual(['Flat', 'Node', 'Page', 'Query']);
    expect(isObjectType(schema.getType('Page'))).toBe(true);
  });

  it('keeps fields of Query, drops a Mutation without fields, and keeps a schema definition right', () => {
    const schema = shown(
      `
      schema { query: Root mutation: Change }
      type Root { courses(municipality: ID!): Int @feature(flag: "courses") }
      type Change { book(municipality: ID!): Int @feature(flag: "courses") }
    `,
      { courses: false },
    );

    expect(fieldsOf(schema, 'Root')).toEqual(['courses']);
    expect(schema.getQueryType()?.name).toBe('Root');
    expect(schema.getMutationType()).toBeFalsy();
  });

  it('answers the whole where no field of Query would be left', () => {
    const schema = shown(`type Query { a: A } type A @feature(flag: "a") { b: Int }`, { a: false });
    expect(fieldsOf(schema, 'Query')).toEqual(['a']);
  });
});
