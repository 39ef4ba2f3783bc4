import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import { responseName } from './documentParts.ts';

/** Only of paths that were asked about: those of gated fields are few. */
const known = new WeakMap<OperationDefinitionNode, Map<string, boolean>>();

/** Tells whether an operation selects a path of response names, whatever the types on the way. */
export function isAskedBy(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (path: readonly string[]) => boolean {
  const answers = known.get(operation) ?? new Map<string, boolean>();
  known.set(operation, answers);
  return (path) => {
    const key = path.join('\n');
    const answer = answers.get(key) ?? selects(document, operation, path);
    answers.set(key, answer);
    return answer;
  };
}

function selects(document: DocumentNode, operation: OperationDefinitionNode, path: readonly string[]): boolean {
  let fields: readonly FieldNode[] = [];
  let sets: readonly SelectionSetNode[] = [operation.selectionSet];
  for (const step of path) {
    fields = sets.flatMap((set) => fieldsIn(set, document)).filter((field) => responseName(field) === step);
    sets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return fields.length > 0;
}

/** With those in fragments. */
function fieldsIn({ selections }: SelectionSetNode, document: DocumentNode): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      return selection;
    }
    const set =
      selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragmentOf(selection.name.value, document);
    return set === undefined ? [] : fieldsIn(set, document);
  });
}

function fragmentOf(name: string, { definitions }: DocumentNode): SelectionSetNode | undefined {
  return definitions.find(
    (each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
  )?.selectionSet;
}
