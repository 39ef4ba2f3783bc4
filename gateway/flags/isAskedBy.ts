import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import { type ConditionValues, conditionValuesIn, conditionVariables, isIncluded } from '../model/conditions.ts';
import { responseName } from './documentParts.ts';

/** Answers of one operation by path. Only of paths that were asked about: those of gated fields are few. */
interface Known {
  /** Whether the answers depend on variables; then they are those of one request. */
  readonly isConditional: boolean;
  readonly answers: Map<string, boolean>;
}

const known = new WeakMap<OperationDefinitionNode, Known>();

/** Tells whether a request selects a path of response names, `@skip` and `@include` applied, whatever the types on the way. */
export function isAskedBy(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): (path: readonly string[]) => boolean {
  let answers: Map<string, boolean> | undefined;
  return (path) => {
    answers ??= answersFor(document, operation);
    const key = path.join('\n');
    const answer = answers.get(key) ?? selects(document, operation, conditionValuesIn(variables), path);
    answers.set(key, answer);
    return answer;
  };
}

function answersFor(document: DocumentNode, operation: OperationDefinitionNode): Map<string, boolean> {
  const { isConditional, answers } = knownOf(document, operation);
  return isConditional ? new Map() : answers;
}

function knownOf(document: DocumentNode, operation: OperationDefinitionNode): Known {
  const earlier = known.get(operation);
  const found = earlier ?? { isConditional: conditionVariables(document).length > 0, answers: new Map() };
  known.set(operation, found);
  return found;
}

function selects(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: ConditionValues,
  path: readonly string[],
): boolean {
  let fields: readonly FieldNode[] = [];
  let sets: readonly SelectionSetNode[] = [operation.selectionSet];
  for (const step of path) {
    fields = sets.flatMap((set) => fieldsIn(set, conditions, document)).filter((field) => responseName(field) === step);
    sets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return fields.length > 0;
}

/** With those in fragments. */
function fieldsIn(
  { selections }: SelectionSetNode,
  conditions: ConditionValues,
  document: DocumentNode,
): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (!isIncluded(selection, conditions)) {
      return [];
    }
    if (selection.kind === Kind.FIELD) {
      return selection;
    }
    const set =
      selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragmentOf(selection.name.value, document);
    return set === undefined ? [] : fieldsIn(set, conditions, document);
  });
}

function fragmentOf(name: string, { definitions }: DocumentNode): SelectionSetNode | undefined {
  return definitions.find(
    (each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
  )?.selectionSet;
}
