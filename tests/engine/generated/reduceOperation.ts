import { type DocumentNode, Kind, parse, print, type SelectionNode, visit } from 'graphql';

import type { GeneratedOperation } from './generateOperation.ts';

/**
 * The smallest operation found that still fails: selections, directives and arguments are left out one after the other for as
 * long as it does. A counterexample of three lines says more than one of thirty.
 */
export async function reduceOperation(
  operation: GeneratedOperation,
  stillFails: (operation: GeneratedOperation) => Promise<boolean>,
  maxTries = 300,
): Promise<GeneratedOperation> {
  let smallest = operation;
  let tries = 0;
  for (let position = 0; tries < maxTries; tries++) {
    const smaller = without(parse(smallest.text), position);
    if (smaller === undefined) {
      break;
    }
    const candidate = { ...smallest, text: print(smaller) };
    // `__typename` takes the place of the last selection, also of itself.
    if (candidate.text !== smallest.text && (await stillFails(candidate).catch(() => false))) {
      smallest = candidate;
    } else {
      position += 1;
    }
  }
  return smallest;
}

/** The document without its `position`th part; undefined where it has fewer. */
function without(document: DocumentNode, position: number): DocumentNode | undefined {
  let seen = 0;
  let isFound = false;
  const remove = (): null | undefined => {
    const isIt = seen === position;
    seen += 1;
    isFound ||= isIt;
    return isIt ? null : undefined;
  };
  const reduced: DocumentNode = visit(document, {
    Field: remove,
    FragmentSpread: remove,
    InlineFragment(node) {
      // Its selections may do without it.
      return remove() === null ? null : undefined;
    },
    Directive: remove,
    VariableDefinition: remove,
    FragmentDefinition: remove,
  });
  if (!isFound) {
    return undefined;
  }
  const filled: DocumentNode = visit(reduced, {
    SelectionSet: (set) => (set.selections.length === 0 ? { ...set, selections: [TYPENAME] } : undefined),
  });
  return filled;
}

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
