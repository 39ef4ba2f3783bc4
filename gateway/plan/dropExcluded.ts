import { type DocumentNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';

import { isIncluded } from '../model/conditions.ts';

/** Stands where nothing else is left: no answer holds it. */
const NOTHING: SelectionNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
  directives: [
    {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: 'skip' },
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: 'if' },
          value: { kind: Kind.BOOLEAN, value: true },
        },
      ],
    },
  ],
};

/**
 * Takes out what `@include(if: false)` or `@skip(if: true)` leaves out of every answer.
 *
 * @apollo/query-planner 2.14 forgets literal conditions where it makes a fetch depend on a variable
 * (`removeConditionsFromSelectionSet`), and a mutation that is left out would run.
 */
export function dropExcluded(document: DocumentNode): DocumentNode {
  const drop = (selection: SelectionNode): null | undefined => (isIncluded(selection, NO_VARIABLES) ? undefined : null);
  return visit(document, {
    Field: drop,
    FragmentSpread: drop,
    InlineFragment: drop,
    SelectionSet: {
      leave: (set): SelectionSetNode | undefined =>
        set.selections.length === 0 ? { ...set, selections: [NOTHING] } : undefined,
    },
  });
}

/** A selection may be there for as long as its variables are not known. */
const NO_VARIABLES = new Map<string, boolean>();
