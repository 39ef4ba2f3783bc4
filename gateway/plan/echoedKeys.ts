import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { type InlineFragmentNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';

import { type ConditionValues, isDecided, isIncluded } from '../model/conditions.ts';
import type { EntityKeys } from './entityKeys.ts';

export interface EchoContext {
  readonly subgraph: string;
  readonly requires: readonly QueryPlanSelectionNode[];
  readonly conditions: ConditionValues;
  readonly keysOf: EntityKeys;
}

/** A selection of `_entities` that also asks for the key fields of each representation. */
export interface EchoingSelection {
  readonly selectionSet: SelectionSetNode;
  /** The key fields that it asks for, by the type condition they stand under. */
  readonly echoed: readonly { readonly name: string; readonly typeCondition: string }[];
}

/**
 * Asks a subgraph to repeat the key fields that it is sent, so that an entity which is not the one asked for is found out:
 * nothing else in the protocol tells one entity of a list from the next. A fragment that a gate decides about for one fetch at
 * a time stays as it is.
 */
export function withEchoedKeys(selectionSet: SelectionSetNode, context: EchoContext): EchoingSelection {
  const sent = sentFields(context.requires);
  const echoed: { name: string; typeCondition: string }[] = [];
  const selections = selectionSet.selections.map((selection): SelectionNode => {
    const typeCondition = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;
    if (selection.kind !== Kind.INLINE_FRAGMENT || typeCondition === undefined || !isSure(selection, context)) {
      return selection;
    }
    const names = context
      .keysOf(context.subgraph, typeCondition)
      .filter((name) => sent.has(name) || hasResponseName(selection, name));
    const missing = names.filter((name) => !hasResponseName(selection, name));
    echoed.push(...names.filter((name) => isPlain(selection, name)).map((name) => ({ name, typeCondition })));
    return missing.length === 0 ? selection : withFields(selection, missing);
  });
  return { selectionSet: { ...selectionSet, selections }, echoed };
}

/** Whether the fragment is there whenever the request is. */
function isSure(fragment: InlineFragmentNode, { conditions }: EchoContext): boolean {
  return isDecided(fragment, conditions) && isIncluded(fragment, conditions);
}

/** Fields without parts of any representation. */
function sentFields(requires: readonly QueryPlanSelectionNode[]): ReadonlySet<string> {
  return new Set(
    requires.flatMap((selection): readonly string[] =>
      selection.kind === 'Field'
        ? selection.selections === undefined
          ? [selection.alias ?? selection.name]
          : []
        : [...sentFields(selection.selections)],
    ),
  );
}

function fieldsNamed({ selectionSet }: InlineFragmentNode, responseName: string) {
  return selectionSet.selections.filter(
    (selection) => selection.kind === Kind.FIELD && (selection.alias ?? selection.name).value === responseName,
  );
}

function hasResponseName(fragment: InlineFragmentNode, name: string): boolean {
  return fieldsNamed(fragment, name).length > 0;
}

/** Whether the key field is asked for here as itself, and without conditions; true where it is added. */
function isPlain(fragment: InlineFragmentNode, name: string): boolean {
  return fieldsNamed(fragment, name).every(
    (field) => field.kind === Kind.FIELD && field.name.value === name && (field.directives?.length ?? 0) === 0,
  );
}

function withFields(fragment: InlineFragmentNode, names: readonly string[]): InlineFragmentNode {
  const fields = names.map((name): SelectionNode => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } }));
  const selections = [...fragment.selectionSet.selections, ...fields];
  return { ...fragment, selectionSet: { ...fragment.selectionSet, selections } };
}
