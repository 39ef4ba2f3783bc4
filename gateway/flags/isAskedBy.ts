import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import { responseName } from './documentParts.ts';

const known = new WeakMap<OperationDefinitionNode, ReadonlySet<string>>();

/** Tells whether an operation selects a path of response names, whatever the types on the way. */
export function isAskedBy(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (path: readonly string[]) => boolean {
  return (path) => {
    let paths = known.get(operation);
    if (paths === undefined) {
      paths = readPaths(document, operation);
      known.set(operation, paths);
    }
    return paths.has(path.join('\n'));
  };
}

function readPaths(document: DocumentNode, operation: OperationDefinitionNode): ReadonlySet<string> {
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each.selectionSet]),
  );
  const paths = new Set<string>();
  const read = (selections: SelectionSetNode | undefined, path: string): void => {
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const here = path === '' ? responseName(selection) : `${path}\n${responseName(selection)}`;
        paths.add(here);
        read(selection.selectionSet, here);
      } else {
        read(
          selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments.get(selection.name.value),
          path,
        );
      }
    }
  };
  read(operation.selectionSet, '');
  return paths;
}
