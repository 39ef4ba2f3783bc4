import { type DocumentNode, type GraphQLSchema, Kind, type NameNode, visit } from 'graphql';

import type { ResponseNames } from '../model/ResponseNames.ts';
import { dropExcluded } from './dropExcluded.ts';
import { keepObjects } from './keepObjects.ts';

/** Field names that the planner may add to a fetch by itself: keys, `@requires`, `@provides`, contexts, `__typename`. */
export interface PlannerFields {
  readonly names: ReadonlySet<string>;
  /** Those of `names` that are asked with arguments. */
  readonly withArguments: ReadonlySet<string>;
}

export interface PreparedDocument {
  readonly document: DocumentNode;
  readonly names: ResponseNames;
}

/** Variables that fetches have besides those of the client. */
const PLANNER_VARIABLE = /^(?:representations|contextualArgument)/;

/**
 * Writes an operation as the planner understands it: with its conditions where the planner reads them right (see `keepObjects`
 * and `dropExcluded`), and under other names where the planner would mix them up with its own.
 *
 * The planner merges by response name: it answers `{ product { upc: name reviews } }` with the key `upc` in the place of the
 * name, and `comments(limit: 1)` with the `comments(limit: 3)` of a `@requires`. A variable `$representations` clashes
 * with the variable of entity fetches. Under a name that nobody else uses, all of these are planned correctly.
 */
export function prepareDocument(
  document: DocumentNode,
  schema: GraphQLSchema,
  planner: PlannerFields,
): PreparedDocument {
  const prefix = unusedPrefix(document, planner.names);
  const rename = (name: string): NameNode => ({ kind: Kind.NAME, value: prefix + name });
  const renamed: DocumentNode = visit(document, {
    FragmentDefinition(fragment) {
      return fragment.typeCondition.name.value.startsWith('__') ? false : undefined;
    },
    Field(field) {
      if (field.name.value === '__schema' || field.name.value === '__type') {
        return false;
      }
      const responseName = (field.alias ?? field.name).value;
      const isAliased = responseName !== field.name.value;
      // Without arguments too: their defaults may be others.
      const asksOtherwise = planner.withArguments.has(field.name.value) && !isAliased;
      if (asksOtherwise || (isAliased && (planner.names.has(responseName) || responseName.startsWith('__')))) {
        return { ...field, alias: rename(responseName) };
      }
      return undefined;
    },
    Variable(variable) {
      return PLANNER_VARIABLE.test(variable.name.value)
        ? { ...variable, name: rename(variable.name.value) }
        : undefined;
    },
  });
  return {
    document: keepObjects(dropExcluded(renamed), schema),
    names: { toClient: (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name) },
  };
}

function unusedPrefix(document: DocumentNode, fieldNames: ReadonlySet<string>): string {
  const used = new Set(fieldNames);
  visit(document, {
    Name(name) {
      used.add(name.value);
    },
  });
  let prefix = 'as_';
  while ([...used].some((name) => name.startsWith(prefix))) {
    prefix = `${prefix}_`;
  }
  return prefix;
}
