import { type GraphQLSchema, isAbstractType } from 'graphql';

/** Answers which `__typename`s an object may carry where a type condition of a subgraph operation holds. */
export interface TypeSets {
  /**
   * The concrete types of a condition, and the condition itself: behind an `@interfaceObject` a subgraph names the interface
   * as if it were a type.
   */
  possible(condition: string): ReadonlySet<string>;
  /**
   * Narrows the types known so far (`undefined`: all of `parent`, or anything where the parent is unknown) by one more
   * condition. An empty set means that nothing under the condition can be met.
   */
  narrow(
    current: ReadonlySet<string> | undefined,
    parent: string | undefined,
    condition: string,
  ): ReadonlySet<string> | undefined;
}

export function createTypeSets(schema: GraphQLSchema): TypeSets {
  const known = new Map<string, ReadonlySet<string>>();
  const possible = (condition: string): ReadonlySet<string> => {
    let names = known.get(condition);
    if (names === undefined) {
      const type = schema.getType(condition);
      names = new Set([condition, ...(isAbstractType(type) ? schema.getPossibleTypes(type).map((t) => t.name) : [])]);
      known.set(condition, names);
    }
    return names;
  };
  return {
    possible,
    narrow(current, parent, condition) {
      const asked = possible(condition);
      if (current === undefined) {
        return parent !== undefined && isSubset(possible(parent), asked) ? undefined : asked;
      }
      return isSubset(current, asked) ? current : new Set([...current].filter((name) => asked.has(name)));
    },
  };
}

function isSubset(small: ReadonlySet<string>, large: ReadonlySet<string>): boolean {
  return [...small].every((name) => large.has(name));
}
