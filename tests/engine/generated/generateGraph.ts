import { createRandom, type Random } from './Random.ts';

/** Subgraphs that compose, made from a number. */
export interface GeneratedGraph {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string }[];
}

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible"])';

const LEAVES = ['Int', 'String', 'Float', 'Boolean', 'ID', 'Colour', 'Json'] as const;

/** A field with the subgraphs that resolve it. */
interface GeneratedField {
  readonly name: string;
  readonly args: string;
  readonly type: string;
  readonly isLeaf: boolean;
  readonly owners: readonly string[];
  /** A nullable leaf of the same entity that another subgraph owns. */
  readonly requires: string | undefined;
}

interface GeneratedEntity {
  readonly name: string;
  readonly fields: readonly GeneratedField[];
  /** The subgraph that knows the entity by `sku` only. */
  readonly bySku: string | undefined;
}

/**
 * Entities whose fields are spread over two to four subgraphs, with everything that changes how they are planned: fields that
 * two subgraphs share, a second key, `@requires`, an interface and a union of entities, a value type, arguments.
 */
export function generateGraph(seed: number): GeneratedGraph {
  const random = createRandom(seed);
  const names = ['alpha', 'beta', 'gamma', 'delta'].slice(0, 2 + random.below(3)) as [string, ...string[]];
  const entityNames = ['Author', 'Book', 'City', 'Deal'].slice(0, 2 + random.below(3)) as [string, ...string[]];
  const entities = entityNames.map((name) => generateEntity(name, entityNames, names, random));
  return { subgraphs: names.map((name) => ({ name, sdl: subgraphSdl(name, names, entities, random) })) };
}

function generateEntity(
  name: string,
  entityNames: readonly [string, ...string[]],
  subgraphs: readonly [string, ...string[]],
  random: Random,
): GeneratedEntity {
  const fields: GeneratedField[] = Array.from({ length: 4 + random.below(5) }, (_, i) => {
    const kind = random.below(10);
    const isLeaf = kind < 6;
    const named = isLeaf
      ? random.pick(LEAVES)
      : kind < 8
        ? random.pick(entityNames)
        : random.pick(['Size', 'Thing', 'Anything']);
    const owner = random.pick(subgraphs);
    const other = random.pick(subgraphs);
    return {
      name: `${isLeaf ? 'leaf' : 'link'}${i}`,
      args: isLeaf && random.chance(25) ? '(n: Int = 1)' : '',
      type: wrap(named, random),
      isLeaf,
      // Subgraphs that know different types of an interface could not agree on a shared field.
      owners: [...new Set(random.chance(20) && !['Thing', 'Anything'].includes(named) ? [owner, other] : [owner])],
      requires: undefined,
    };
  });
  const required = fields.find((field) => field.isLeaf && field.args === '' && field.owners.length === 1 && !field.type.endsWith('!'));
  const elsewhere = subgraphs.find((subgraph) => required?.owners.includes(subgraph) === false);
  if (required !== undefined && elsewhere !== undefined && random.chance(70)) {
    fields.push({ name: 'derived', args: '', type: 'String', isLeaf: true, owners: [elsewhere], requires: `${required.name}:${required.type}` });
  }
  return { name, fields, bySku: random.chance(30) ? subgraphs[subgraphs.length - 1] : undefined };
}

function wrap(named: string, random: Random): string {
  const item = random.chance(40) ? `${named}!` : named;
  const type = random.chance(35) ? `[${item}]` : named;
  return random.chance(35) ? `${type}!` : type;
}

function subgraphSdl(
  name: string,
  all: readonly string[],
  entities: readonly GeneratedEntity[],
  random: Random,
): string {
  const isFirst = name === all[0];
  const types = entities.map((entity) => {
    const isBySku = entity.bySku === name;
    const keys = isBySku
      ? '@key(fields: "sku")'
      : entity.bySku === undefined
        ? '@key(fields: "id")'
        : '@key(fields: "id") @key(fields: "sku")';
    const lines = entity.fields.flatMap(({ name: field, args, type, owners, requires }) => {
      if (!owners.includes(name)) {
        return [];
      }
      const [needed, neededType] = requires?.split(':') ?? [];
      return [
        ...(needed === undefined ? [] : [`${needed}: ${neededType} @external`]),
        `${field}${args}: ${type}${owners.length > 1 ? ' @shareable' : ''}${needed === undefined ? '' : ` @requires(fields: "${needed}")`}`,
      ];
    });
    // The interface asks for `id`, which a subgraph that knows the entity by `sku` does not have.
    const head = isBySku
      ? `type ${entity.name} ${keys}`
      : `type ${entity.name} implements Thing ${keys}`;
    const keyFields = [...(isBySku ? [] : ['id: ID!']), ...(entity.bySku === undefined ? [] : ['sku: String!'])];
    return `${head} {\n  ${[...keyFields, ...lines].join('\n  ')}\n}`;
  });
  const things = entities.filter((entity) => entity.bySku !== name).map((entity) => entity.name);
  const roots = entities.flatMap((entity) => [
    ...(random.chance(60) || isFirst ? [`${name}${entity.name}(id: ID = "1"): ${entity.name}`] : []),
    ...(random.chance(50) ? [`${name}${entity.name}s: [${entity.name}!]!`] : []),
  ]);
  const hasThings = things.length > 0;
  const abstractRoots = hasThings ? [`${name}Things: [Thing]`, `${name}Anything: [Anything!]`] : [];
  const sdl = [
    LINK,
    'scalar Json',
    'enum Colour { RED GREEN BLUE }',
    'type Size @shareable { width: Int height: Float! label: String }',
    'interface Thing { id: ID! }',
    `union Anything = ${(hasThings ? things : entities.map((entity) => entity.name)).join(' | ')}`,
    ...types,
    `type Query {\n  ${[...roots, ...abstractRoots, `${name}Number: Int`].join('\n  ')}\n}`,
    `type Mutation {\n  ${name}Change(n: Int): ${entities[0]?.name}\n}`,
  ];
  return sdl.join('\n');
}
