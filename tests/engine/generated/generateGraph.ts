import { addEntities, type GeneratedEntity } from './entities.ts';
import { createRandom, type Random } from './Random.ts';
import { type Drafts, LABELS, type Names, SubgraphDraft } from './SubgraphDraft.ts';

/** Subgraphs made from a number. Not all of them compose. */
export interface GeneratedGraph {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string }[];
}

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject", "@context", "@fromContext"])';

/**
 * Entities whose fields are spread over two to four subgraphs, with everything that changes how they are planned: several and
 * compound keys, stubs, shared, required, provided, overridden and hidden fields, interfaces, unions, interface objects,
 * contexts, arguments of every kind.
 */
export function generateGraph(seed: number): GeneratedGraph {
  const random = createRandom(seed);
  const names = ['alpha', 'beta', 'gamma', 'delta'].slice(0, 2 + random.below(3)) as unknown as Names;
  const drafts = names.map((name) => new SubgraphDraft(name)) as unknown as Drafts;
  for (const draft of drafts) {
    addSharedTypes(draft, random);
  }
  const entities = addEntities(drafts, random);
  if (random.chance(50)) {
    addInterfaceObject(drafts, random);
  }
  if (random.chance(40)) {
    addContext(drafts, random);
  }
  for (const draft of drafts) {
    addRootFields(draft, entities, random);
  }
  if (random.chance(60)) {
    addSharedRootField(drafts, entities, random);
  }
  return { subgraphs: drafts.map((draft) => ({ name: draft.name, sdl: draft.print() })) };
}

/** What all subgraphs know. `Filter` has a field of its own in each: only what all have is left. */
function addSharedTypes(draft: SubgraphDraft, random: Random): void {
  draft.add(LINK);
  draft.add('scalar Json');
  draft.add('scalar Instant');
  draft.add('enum Colour { RED GREEN BLUE }');
  draft.add(`enum Mood { ${random.pick(['GLAD', 'GLAD CALM', 'CALM SOUR'])} }`);
  draft.add(`input Filter { n: Int = 1 colour: Colour tags: [String!] inner: Filter ${draft.name}Only: Int }`);
  draft.add('type Size @shareable { width: Int height: Float! label: String grid: [[Int]] at: Origin }');
  draft.add('type Origin @shareable { code: String! label: String }');
}

/** An interface with a key in one subgraph, and a subgraph that knows no more than the interface. */
function addInterfaceObject(drafts: Drafts, random: Random): void {
  const [home, away] = random.chance(50) ? [drafts[0], drafts[1]] : [drafts[1], drafts[0]];
  if (home === undefined || away === undefined) {
    return;
  }
  const media = home.type('Media', 'interface');
  media.directives.add('@key(fields: "id")');
  media.fields.set('id', ': ID!').set('length', ': Int');
  const types = random.chance(50) ? ['Film', 'Song'] : ['Film', 'Song', 'Talk'];
  for (const name of types) {
    const type = home.type(name);
    type.directives.add('@key(fields: "id")');
    type.interfaces.add('Media');
    type.fields.set('id', ': ID!').set('length', ': Int').set(`about${name}`, ': String').set('size', ': Size');
  }
  const object = away.type('Media');
  object.directives.add('@interfaceObject').add('@key(fields: "id")');
  object.fields.set('id', ': ID!').set('rating', random.chance(30) ? ': Int!' : ': Int');
  object.fields.set('related', random.chance(50) ? ': [Media!]' : ': Media').set('extent', ': Size');
  if (random.chance(60)) {
    object.fields.set('length', ': Int @external').set('shout', ': String @requires(fields: "length")');
  }
  const query = (draft: SubgraphDraft) => draft.type('Query').fields;
  query(home).set(`${home.name}Media`, '(id: ID = "1"): Media').set(`${home.name}Medias`, ': [Media]');
  query(home).set(`${home.name}Film`, ': Film');
  query(away).set(`${away.name}Media`, '(id: ID = "2"): Media').set(`${away.name}Medias`, ': [Media!]');
  const third = drafts[2];
  if (third !== undefined && random.chance(60)) {
    third.type('Film').directives.add('@key(fields: "id")');
    third.type('Film').fields.set('id', ': ID!').set('studio', ': String').set('sequel', ': Film');
    query(third).set(`${third.name}Film`, ': Film');
  }
}

/** A field whose argument is a value of an object around it. */
function addContext(drafts: Drafts, random: Random): void {
  const [home, other] = random.chance(50) ? [drafts[0], drafts[1]] : [drafts[1], drafts[0]];
  if (home === undefined || other === undefined) {
    return;
  }
  const shop = home.type('Shop');
  shop.directives.add('@key(fields: "id")').add('@context(name: "shop")');
  shop.fields.set('id', ': ID!').set('currency', ': String!').set('zone', ': Size');
  shop.fields.set('price', ': Price').set('prices', ': [Price!]').set('stall', ': Stall');
  const stall = home.type('Stall');
  stall.fields.set('name', ': String').set('price', ': Price');
  const price = home.type('Price');
  price.directives.add('@key(fields: "id")');
  price.fields.set('id', ': ID!').set('amount', ': Int');
  price.fields.set('text', '(currency: String @fromContext(field: "$shop { currency }")): String');
  if (random.chance(50)) {
    price.fields.set('tax', '(width: Int @fromContext(field: "$shop { zone { width } }"), of: Int = 1): Int');
  }
  const elsewhere = other.type('Price');
  elsewhere.directives.add('@key(fields: "id")');
  elsewhere.fields.set('id', ': ID!').set('since', ': Instant');
  if (random.chance(50)) {
    const named = other.type('Shop');
    named.directives.add('@key(fields: "id")');
    named.fields.set('id', ': ID!').set('name', ': String');
  }
  home.type('Query').fields.set(`${home.name}Shop`, ': Shop').set(`${home.name}Shops`, ': [Shop!]!');
}

function addRootFields(draft: SubgraphDraft, entities: readonly GeneratedEntity[], random: Random): void {
  const { name } = draft;
  const query = draft.type('Query').fields;
  const mutation = draft.type('Mutation').fields;
  const here = entities.filter((entity) => entity.keysBySubgraph.has(name));
  for (const entity of here) {
    const provides = entity.provides.get(name);
    const directive = provides === undefined ? '' : ` @provides(fields: "${provides}")`;
    if (random.chance(70)) {
      query.set(`${name}${entity.name}`, `(id: ID = "1"): ${entity.name}${random.chance(50) ? directive : ''}`);
    }
    if (random.chance(50) || provides !== undefined) {
      query.set(`${name}${entity.name}s`, `: ${random.pick(['[X!]!', '[X]', '[[X]!]', '[X!]']).replace('X', entity.name)}${directive}`);
    }
  }
  if (draft.has('Thing')) {
    const inFragments = here
      .filter((entity) => entity.things.has(name) && entity.provides.has(name))
      .map((entity) => `... on ${entity.name} { ${entity.provides.get(name)} }`);
    const provides = inFragments.length > 0 && random.chance(60) ? ` @provides(fields: "${inFragments.join(' ')}")` : '';
    query.set(`${name}Things`, `: [Thing]${provides}`).set(`${name}Thing`, `(n: Int!): Thing`);
    query.set(`${name}Anything`, `: [Anything!]${random.chance(50) ? provides : ''}`);
  }
  query.set(`${name}Number`, ': Int').set(`${name}Pick`, '(filter: Filter, colour: Colour = RED, ids: [ID!], when: Instant): String');
  query.set(`${name}Json`, '(value: Json): Json');
  const [first] = here;
  if (first !== undefined) {
    mutation.set(`${name}Change`, `(n: Int): ${first.name}`).set(`${name}Make`, `(filter: Filter!): ${first.name}!`);
  }
  mutation.set(`${name}Count`, '(by: Int = 1): Int');
}

/** Root fields that two subgraphs resolve, or that one took over from another. */
function addSharedRootField(drafts: Drafts, entities: readonly GeneratedEntity[], random: Random): void {
  const [first, second] = [drafts[0], random.pick(drafts.slice(1) as unknown as Drafts)];
  const both = entities.find((entity) => [first, second].every(({ name }) => entity.keysBySubgraph.has(name)));
  if (both !== undefined) {
    const field = `(id: ID = "3"): ${both.name}`;
    first.type('Query').fields.set('sharedRoot', `${field} @shareable`);
    second.type('Query').fields.set('sharedRoot', `${field} @shareable`);
  }
  first.type('Query').fields.set('movedRoot', '(n: Int): Int');
  second.type('Query').fields.set('movedRoot', `(n: Int): Int @override(from: "${first.name}"${random.pick(LABELS)})`);
}
