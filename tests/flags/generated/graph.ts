import { FEDERATION } from '../../support/testGateway.ts';
import { Choices } from './Choices.ts';

/** The modules of generated graphs. Each has one part, too. */
export const MODULES = ['alpha', 'beta', 'gamma'] as const;
export const FLAGS = MODULES.flatMap((module) => [module, `${module}.part`]);
const SUBGRAPHS = ['core', 'west', 'east'] as const;
/** Entities that every subgraph knows by id, each with the way to its municipality. */
const ENTITIES = ['Note', 'Fact'] as const;
const TARGETS = ['Int', 'Int', 'Int', 'Note', 'Fact', 'Municipality', 'Named', 'Hit', 'Value'] as const;

export interface GeneratedSubgraph {
  readonly name: string;
  readonly sdl: string;
}

/**
 * Three subgraphs that extend Municipality and two entities with fields of every kind: leaves, lists, other entities, an
 * interface, a union, a value type and municipalities again; gated or not, with or without a path to the slug. One of the
 * entities may be gated as a type.
 */
export function generateGraph(numbers: readonly number[]): readonly GeneratedSubgraph[] {
  const choices = new Choices(numbers);
  const typeFlag = choices.chance(50) ? choices.pick(['gamma', 'gamma.part']) : undefined;
  const labelFlag = choices.chance(40) ? choices.pick(['beta', 'beta.part']) : undefined;
  const fields = Array.from({ length: 10 + choices.below(8) }, (_, index) => generateField(index, choices));
  return SUBGRAPHS.map((name) => ({
    name,
    sdl: `${FEDERATION}
      interface Named { id: ID!  label: String }
      union Hit = Note | Fact
      type Municipality @key(fields: "slug") { slug: ID! ${linesOf('Municipality', name)} }
      type Value @shareable { size: Int ${name === 'core' ? linesOf('Value', name) : ''} }
      ${ENTITIES.map(
        (type) => `type ${type} implements Named @key(fields: "id") ${
          type === 'Fact' && typeFlag !== undefined
            ? `@feature(flag: "${typeFlag}", municipality: "municipality.slug")`
            : ''
        } {
        id: ID!
        label: String @shareable ${type === 'Fact' && labelFlag !== undefined ? `@feature(flag: "${labelFlag}", municipality: "municipality.slug")` : ''}
        municipality: Municipality! @shareable
        ${linesOf(type, name)}
      }`,
      ).join('\n')}
      ${name === 'core' ? ROOTS : `type Query { ${name}Note(municipality: ID!): Note  ${name}Hits: [Hit]! }`}`,
  }));

  function linesOf(type: string, subgraph: string): string {
    return fields
      .filter(({ on, owner }) => on === type && (owner === subgraph || type === 'Value'))
      .map(({ line }) => line)
      .join('\n');
  }
}

const ROOTS = `type Query {
  municipality(slug: ID!): Municipality
  municipalities: [Municipality!]!
  notes: [Note!]!
  hits: [Hit]!
  named: [Named]!
  factOf(municipality: ID!): Fact
  factsOf(municipality: ID!): [Fact!] @feature(flag: "alpha")
  noteIn(town: ID!): Note @feature(flag: "beta", municipality: "$town")
}`;

function generateField(index: number, choices: Choices): { on: string; owner: string; line: string } {
  const on = choices.pick(['Municipality', 'Municipality', 'Note', 'Fact', 'Value']);
  const to = choices.pick(TARGETS);
  const owner = on === 'Value' || to === 'Value' ? 'core' : choices.pick(SUBGRAPHS);
  const isList = choices.chance(50);
  const flag = choices.chance(60) ? choices.pick(FLAGS as [string, ...string[]]) : undefined;
  const hasPath = (on === 'Note' || on === 'Fact') && choices.chance(60);
  const args = to === 'Int' && choices.chance(30) ? '(n: Int = 1)' : '';
  const feature =
    flag === undefined ? '' : `@feature(flag: "${flag}"${hasPath ? ', municipality: "municipality.slug"' : ''})`;
  const line = `f${index}${args}: ${isList ? `[${to}]` : to} ${on === 'Value' ? '' : ''}${feature}`;
  return { on, owner: on === 'Value' ? 'core' : owner, line };
}
