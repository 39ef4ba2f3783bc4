import { type DirectiveNode, type DocumentNode, Kind, type SelectionNode, visit } from 'graphql';

/** Values of the Boolean variables that `@skip` and `@include` of an operation read. */
export type ConditionValues = ReadonlyMap<string, boolean>;

/** Those that a client sent; what is no Boolean is the executor's to report. */
export function conditionValuesIn(variables: Readonly<Record<string, unknown>>): ConditionValues {
  return new Map(
    Object.entries(variables).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  );
}

/** Names of the variables in `@skip(if:)` and `@include(if:)`, in order of appearance. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      const value = conditionOf(directive);
      if (value?.kind === Kind.VARIABLE) {
        names.add(value.name.value);
      }
    },
  });
  return [...names];
}

/**
 * Whether `@skip` and `@include` leave a selection in (GraphQL specification, section 3.13). A variable that is not among the
 * conditions is decided later, for one fetch at a time, so its selection may be there.
 */
export function isIncluded(selection: SelectionNode, conditions: ConditionValues): boolean {
  return (selection.directives ?? []).every((directive) => {
    const value = conditionOf(directive);
    if (value === undefined) {
      return true;
    }
    const holds = value.kind === Kind.VARIABLE ? conditions.get(value.name.value) : value.value;
    if (holds === undefined) {
      return true;
    }
    return directive.name.value === 'include' ? holds : !holds;
  });
}

/** The variables among them that are decided later. */
export function undecidedVariables({ directives = [] }: SelectionNode, conditions: ConditionValues): readonly string[] {
  return directives.flatMap((directive) => {
    const value = conditionOf(directive);
    return value?.kind === Kind.VARIABLE && !conditions.has(value.name.value) ? [value.name.value] : [];
  });
}

/** Whether nothing about a selection is left to be decided for one fetch at a time. */
export function isDecided(selection: SelectionNode, conditions: ConditionValues): boolean {
  return undecidedVariables(selection, conditions).length === 0;
}

function conditionOf(directive: DirectiveNode) {
  if (directive.name.value !== 'skip' && directive.name.value !== 'include') {
    return undefined;
  }
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
  return value?.kind === Kind.VARIABLE || value?.kind === Kind.BOOLEAN ? value : undefined;
}
