import type { Random } from './Random.ts';
import { type Drafts, LABELS, type Names, type SubgraphDraft } from './SubgraphDraft.ts';

/** An entity with where and how it is known. */
export interface GeneratedEntity {
  readonly name: string;
  /** Names of key sets, by subgraph. */
  readonly keysBySubgraph: Map<string, Set<string>>;
  /** Subgraphs in which it implements `Thing`. */
  readonly things: Set<string>;
  /** By subgraph: a field of another subgraph that it may provide. */
  readonly provides: Map<string, string>;
  readonly fields: GeneratedField[];
}

interface GeneratedField {
  readonly name: string;
  readonly args: string;
  readonly type: string;
  readonly named: string;
  readonly owners: readonly string[];
}

/** The fields of each key set; how values of them are made is in `lenientSubgraph`. */
const KEYS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  id: [['id', ': ID!']],
  sku: [['sku', ': String!']],
  code: [['code', ': ID']],
  'number region': [
    ['number', ': Int!'],
    ['region', ': String!'],
  ],
  'origin { code }': [['origin', ': Origin!']],
};

const LEAVES = ['Int', 'String', 'Float', 'Boolean', 'ID', 'Colour', 'Json', 'Instant', 'Mood'] as const;
const ARGUMENTS: Names = ['(n: Int = 1)', '(filter: Filter)', '(colour: Colour!, n: Int)', '(ids: [ID!] = ["a"])'];

export function addEntities(drafts: Drafts, random: Random): readonly GeneratedEntity[] {
  const names = ['Author', 'Book', 'City', 'Deal'].slice(0, 2 + random.below(3)) as unknown as Names;
  const entities = names.map((name) => placeEntity(name, drafts, random));
  for (const entity of entities) {
    addInterface(entity, drafts, random);
  }
  for (const draft of drafts) {
    addAbstractTypes(draft, drafts, entities, random);
  }
  for (const entity of entities) {
    addFields(entity, entities, drafts, random);
  }
  for (const entity of entities) {
    addProvided(entity, drafts, random);
    addRequiring(entity, drafts, random);
  }
  return entities;
}

/** The hub knows some key sets, the others one or two of them; an island is known by a key that only one other has. */
function placeEntity(name: string, drafts: Drafts, random: Random): GeneratedEntity {
  const hub = random.pick(drafts);
  const hubKeys = ['id', ...random.some(['sku', 'code', 'number region', 'origin { code }'], 30)] as unknown as Names;
  const keysBySubgraph = new Map([[hub.name, new Set(hubKeys)]]);
  for (const draft of drafts) {
    if (draft !== hub && random.chance(75)) {
      keysBySubgraph.set(draft.name, new Set([random.pick(hubKeys), ...random.some(hubKeys, 25)]));
    }
  }
  const islandKey = Object.keys(KEYS).find((key) => !hubKeys.includes(key));
  const island = drafts.find((draft) => !keysBySubgraph.has(draft.name));
  const bridge = drafts.find((draft) => draft !== hub && keysBySubgraph.has(draft.name));
  if (islandKey !== undefined && island !== undefined && bridge !== undefined && random.chance(50)) {
    keysBySubgraph.set(island.name, new Set([islandKey]));
    keysBySubgraph.get(bridge.name)?.add(islandKey);
  }
  const hidden = random.chance(15);
  for (const draft of drafts) {
    for (const key of keysBySubgraph.get(draft.name) ?? []) {
      const type = draft.type(name);
      type.directives.add(`@key(fields: "${key}")`);
      for (const [field, fieldType] of KEYS[key] ?? []) {
        type.fields.set(field, `${fieldType}${hidden && field === 'region' ? ' @inaccessible' : ''}`);
      }
    }
  }
  return { name, keysBySubgraph, things: new Set(), provides: new Map(), fields: [] };
}

/** The entity implements `Thing` wherever it has an id. */
function addInterface({ name, keysBySubgraph, things }: GeneratedEntity, drafts: Drafts, random: Random): void {
  if (random.chance(75)) {
    for (const draft of drafts) {
      if (keysBySubgraph.get(draft.name)?.has('id') === true) {
        things.add(draft.name);
        draft.type(name).interfaces.add('Thing');
      }
    }
  }
}

function addAbstractTypes(draft: SubgraphDraft, drafts: Drafts, entities: readonly GeneratedEntity[], random: Random): void {
  const things = entities.filter((entity) => entity.things.has(draft.name));
  if (things.length === 0) {
    return;
  }
  const hasTitle = random.chance(40);
  draft.type('Thing', 'interface').fields.set('id', ': ID!');
  if (hasTitle) {
    draft.type('Thing').fields.set('title', ': String');
    for (const { name, things: places } of entities.filter((entity) => entity.things.size > 0)) {
      // All that implement it have it somewhere, those here have it here.
      const place = places.has(draft.name) ? draft : drafts.find((other) => places.has(other.name));
      place?.type(name).fields.set('title', ': String @shareable');
    }
  }
  draft.add(`union Anything = ${things.map(({ name }) => name).join(' | ')}${random.chance(40) ? ' | Size' : ''}`);
}

function addFields(entity: GeneratedEntity, entities: readonly GeneratedEntity[], drafts: Drafts, random: Random): void {
  const subgraphs = [...entity.keysBySubgraph.keys()] as unknown as Names;
  const count = 3 + random.below(5);
  for (let i = 0; i < count; i++) {
    const owner = random.pick(subgraphs);
    const draft = drafts.find(({ name }) => name === owner);
    if (draft === undefined) {
      continue;
    }
    const kind = random.below(10);
    const linked = entities.filter((other) => other.keysBySubgraph.has(owner) || other.keysBySubgraph.size > 0);
    const abstract = draft.has('Thing') ? ['Thing', 'Anything'] : ['Size'];
    const named = kind < 5 ? random.pick(LEAVES) : kind < 8 ? random.pick(linked as unknown as readonly [GeneratedEntity]).name : random.pick(['Size', ...abstract]);
    const isLeaf = kind < 5;
    if (!isLeaf) {
      addStub(named, entities, draft, random);
    }
    const other = random.pick(subgraphs);
    // Subgraphs that know different types or values could not agree on a shared field.
    const canShare = other !== owner && (isLeaf ? named !== 'Mood' : !['Thing', 'Anything'].includes(named));
    const field: GeneratedField = {
      name: `${isLeaf ? 'leaf' : 'link'}${i}`,
      args: isLeaf && random.chance(30) ? random.pick(ARGUMENTS) : '',
      type: wrap(named, random),
      named,
      owners: canShare && random.chance(30) ? [owner, other] : [owner],
    };
    const isMoved = field.owners.length > 1 && random.chance(40);
    const hidden = isLeaf && random.chance(8) ? ' @inaccessible' : '';
    for (const [position, name] of field.owners.entries()) {
      const place = drafts.find((candidate) => candidate.name === name);
      if (place === undefined) {
        continue;
      }
      if (!isLeaf && name !== owner) {
        addStub(named, entities, place, random);
      }
      const directive = isMoved
        ? position === 0
          ? ''
          : ` @override(from: "${owner}"${random.pick(LABELS)})`
        : field.owners.length > 1
          ? ' @shareable'
          : '';
      place.type(entity.name).fields.set(field.name, `${field.args}: ${field.type}${directive}${hidden}`);
    }
    entity.fields.push(isMoved ? { ...field, owners: [...field.owners] } : field);
  }
}

/** A subgraph that links to an entity it does not know needs a stub of it. */
function addStub(name: string, entities: readonly GeneratedEntity[], draft: SubgraphDraft, random: Random): void {
  const entity = entities.find((candidate) => candidate.name === name);
  if (entity === undefined || entity.keysBySubgraph.has(draft.name) || draft.has(name)) {
    return;
  }
  const keys = [...new Set([...entity.keysBySubgraph.values()].flatMap((set) => [...set]))] as unknown as Names;
  const key = random.pick(keys);
  const type = draft.type(name);
  type.directives.add(`@key(fields: "${key}", resolvable: false)`);
  for (const [field, fieldType] of KEYS[key] ?? []) {
    type.fields.set(field, fieldType);
  }
}

function wrap(named: string, random: Random): string {
  const item = random.chance(40) ? `${named}!` : named;
  const type = random.chance(35) ? (random.chance(15) ? `[[${item}]!]` : `[${item}]`) : named;
  return random.chance(30) ? `${type}!` : type;
}

/** One plain field of another subgraph that fields of this one may provide. */
function addProvided(entity: GeneratedEntity, drafts: Drafts, random: Random): void {
  for (const draft of drafts) {
    const field = entity.fields.find(
      ({ owners, args, named }) => args === '' && owners.length === 1 && !owners.includes(draft.name) && (named === 'Size' || (LEAVES as readonly string[]).includes(named)) && named !== 'Mood',
    );
    if (field === undefined || !entity.keysBySubgraph.has(draft.name) || !random.chance(40)) {
      continue;
    }
    const owner = drafts.find(({ name }) => name === field.owners[0])?.type(entity.name).fields;
    if (owner?.get(field.name)?.includes('@') !== false) {
      continue;
    }
    owner.set(field.name, `: ${field.type} @shareable`);
    draft.type(entity.name).fields.set(field.name, `: ${field.type} @external`);
    entity.provides.set(draft.name, field.named === 'Size' ? `${field.name} { width }` : field.name);
  }
}

/** Fields that need fields of other subgraphs: plain ones, with arguments, nested, behind links and interfaces, or such fields themselves. */
function addRequiring(entity: GeneratedEntity, drafts: Drafts, random: Random): void {
  for (let i = 0; i < 3; i++) {
    const draft = drafts.find(({ name }) => entity.keysBySubgraph.has(name) && random.chance(50));
    if (draft === undefined) {
      continue;
    }
    const type = draft.type(entity.name);
    const foreign = entity.fields.filter((field) => !field.owners.includes(draft.name) && field.named !== 'Mood' && field.named !== 'Anything');
    const required = random.some(foreign, 45).flatMap((field): readonly { readonly field: GeneratedField; readonly selection: string }[] => {
      const below = selectionBelow(field, draft, random);
      return below === undefined ? [] : [{ field, selection: `${field.name}${argumentsFor(field)}${below}` }];
    });
    if (required.length === 0) {
      continue;
    }
    for (const { field } of required) {
      type.fields.set(field.name, `${field.args}: ${field.type} @external`);
    }
    const name = `derived${i}`;
    const fields = required.map(({ selection }) => selection).join(' ');
    type.fields.set(name, `: ${random.pick(['String', '[String]', 'String!'])} @requires(fields: "${fields}")`);
    entity.fields.push({ name, args: '', type: 'String', named: 'Mood', owners: [draft.name] });
    if (random.chance(40)) {
      const next = drafts.find((other) => other !== draft && entity.keysBySubgraph.has(other.name));
      const derivedType = type.fields.get(name)?.slice(2).split(' ')[0] ?? 'String';
      next?.type(entity.name).fields.set(name, `: ${derivedType} @external`);
      next?.type(entity.name).fields.set(`chained${i}`, `: String @requires(fields: "${name}")`);
    }
  }
}

function argumentsFor({ args }: GeneratedField): string {
  if (args === '') {
    return '';
  }
  return args.includes('colour') ? '(colour: RED, n: 4)' : args.includes('filter') ? '(filter: { n: 3 })' : args.includes('ids') ? '(ids: [\\"x\\"])' : '(n: 3)';
}

function selectionBelow({ named }: GeneratedField, draft: SubgraphDraft, random: Random): string | undefined {
  if ((LEAVES as readonly string[]).includes(named)) {
    return '';
  }
  if (named === 'Size') {
    return random.pick([' { width }', ' { label at { code } }', ' { grid height }']);
  }
  if (!draft.has(named)) {
    return undefined;
  }
  const field = [...draft.type(named).fields].find(([name]) => name === 'id' || name === 'sku' || name === 'code')?.[0];
  return field === undefined ? undefined : ` { ${field} }`;
}
