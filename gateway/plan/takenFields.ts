import type { FetchDataRewrite } from '@apollo/query-planner';
import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType, Kind, type SelectionSetNode } from 'graphql';

import type { TakenField } from '../model/CompiledPlan.ts';
import { type ConditionValues, isIncluded, undecidedVariables } from '../model/conditions.ts';
import type { TypeSets } from './TypeSets.ts';

export interface TakenFieldsContext {
  readonly schema: GraphQLSchema;
  readonly types: TypeSets;
  readonly conditions: ConditionValues;
  readonly outputRewrites: readonly FetchDataRewrite[];
}

/**
 * What is taken from a subgraph's answer to a selection set, and nothing else is.
 *
 * `parentType` is unknown below `_entities`; `onTypes` are the types that its targets can have.
 */
export function takenFields(
  selectionSet: SelectionSetNode,
  { parentType, onTypes }: { readonly parentType?: string; readonly onTypes?: ReadonlySet<string> | undefined },
  context: TakenFieldsContext,
): readonly TakenField[] {
  const renames = new Map<string, string>();
  for (const rewrite of context.outputRewrites) {
    if (rewrite.kind !== 'KeyRenamer') {
      throw new Error(`The planner sets a value in an answer at ${rewrite.path.join('/')}, which is not known here.`);
    }
    // An alias of the planner belongs to one type, so the type conditions in the path say nothing new.
    renames.set(rewrite.path.filter((step) => !step.startsWith('... on ')).join('.'), rewrite.renameKeyTo);
  }

  interface Draft {
    readonly responseName: string;
    readonly onTypes: ReadonlySet<string> | undefined;
    readonly type: string | undefined;
    behind: TakenField['behind'];
    readonly sets: SelectionSetNode[];
  }
  function collect(
    set: SelectionSetNode,
    parent: string | undefined,
    on: ReadonlySet<string> | undefined,
    around: readonly string[],
    drafts: Map<string, Draft>,
  ): void {
    for (const selection of set.selections) {
      if (!isIncluded(selection, context.conditions)) {
        continue;
      }
      const undecided = undecidedVariables(selection, context.conditions);
      const behind = undecided.length === 0 ? around : [...new Set([...around, ...undecided])].sort();
      switch (selection.kind) {
        case Kind.FIELD: {
          const responseName = (selection.alias ?? selection.name).value;
          const key = on === undefined ? responseName : `${responseName} on ${[...on].sort().join('|')}`;
          let draft = drafts.get(key);
          if (draft === undefined) {
            const type = fieldType(context.schema, parent, selection.name.value);
            draft = { responseName, onTypes: on, type, behind, sets: [] };
            drafts.set(key, draft);
          }
          draft.behind = eitherOf(draft.behind, behind, selection.selectionSet !== undefined);
          if (selection.selectionSet !== undefined) {
            draft.sets.push(selection.selectionSet);
          }
          break;
        }
        case Kind.INLINE_FRAGMENT: {
          const condition = selection.typeCondition?.name.value;
          const narrowed = condition === undefined ? on : context.types.narrow(on, parent, condition);
          if (narrowed?.size !== 0) {
            collect(selection.selectionSet, condition ?? parent, narrowed, behind, drafts);
          }
          break;
        }
        case Kind.FRAGMENT_SPREAD:
          throw new Error('The planner is configured to write no named fragments.');
      }
    }
  }
  function build(
    sets: readonly SelectionSetNode[],
    parent: string | undefined,
    on: ReadonlySet<string> | undefined,
    path: string,
  ): readonly TakenField[] {
    const drafts = new Map<string, Draft>();
    for (const set of sets) {
      collect(set, parent, on, [], drafts);
    }
    return [...drafts.values()].map((draft) => {
      const here = path === '' ? draft.responseName : `${path}.${draft.responseName}`;
      return {
        responseName: draft.responseName,
        storedName: renames.get(here) ?? draft.responseName,
        // All objects here have one of the types in `on`, so asking for those is asking for all.
        onTypes: draft.onTypes === on ? undefined : draft.onTypes,
        behind: draft.behind,
        fields: draft.sets.length === 0 ? undefined : build(draft.sets, draft.type, undefined, here),
      };
    });
  }
  return build([selectionSet], parentType, onTypes, '');
}

/** What a field is behind that is selected twice; what is below it may then be asked for by one of the selections alone. */
function eitherOf(one: TakenField['behind'], other: readonly string[], hasFields: boolean): TakenField['behind'] {
  if (one === 'various' || one.join() === other.join()) {
    return one;
  }
  return !hasFields && (one.length === 0 || other.length === 0) ? [] : 'various';
}

function fieldType(schema: GraphQLSchema, parent: string | undefined, name: string): string | undefined {
  const type = parent === undefined ? undefined : schema.getType(parent);
  if (!isObjectType(type) && !isInterfaceType(type)) {
    return undefined;
  }
  const field = type.getFields()[name];
  return field === undefined ? undefined : getNamedType(field.type).name;
}
