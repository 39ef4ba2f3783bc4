import type { SelectionNode, SelectionSetNode, ValueNode } from 'graphql';

import type { AnswerMask, AnswerRules } from '../model/FetchGate.ts';
import { fragmentOn, pathField, selectionSetOf, TYPENAME } from './documentParts.ts';
import type { GateSchema } from './GateSchema.ts';
import { stampedPlace, stampOf } from './lifts.ts';

/** Rules for an answer while its operation is gated. */
export interface RulesDraft {
  municipality: string | undefined;
  argument: ValueNode | undefined;
  isStamped: boolean;
  readonly masks: AnswerMask[];
  readonly below: Map<string, RulesDraft>;
}

/** All arguments that rules read. */
export function argumentsOfRules({ argument, below }: RulesDraft): readonly ValueNode[] {
  return [...(argument === undefined ? [] : [argument]), ...[...below.values()].flatMap(argumentsOfRules)];
}

export function rulesDraft(): RulesDraft {
  return { municipality: undefined, argument: undefined, isStamped: false, masks: [], below: new Map() };
}

export function rulesBelow({ below }: RulesDraft, name: string): RulesDraft {
  const draft = below.get(name) ?? rulesDraft();
  below.set(name, draft);
  return draft;
}

/** Without what changes nothing. */
export function finishRules({ below, masks, isStamped, ...rest }: RulesDraft): AnswerRules | undefined {
  const kept = [...below].flatMap(([name, draft]): [string, AnswerRules][] => {
    const rules = finishRules(draft);
    return rules === undefined ? [] : [[name, rules]];
  });
  return kept.length === 0 && masks.length === 0 && !isStamped
    ? undefined
    : { ...rest, isStamped, masks, below: new Map(kept) };
}

/**
 * Objects of gated types in the place of an interface or union are known as such only when they are there: rules for them, and the
 * selections with what the rules read. `isBound`: the municipality that encloses them is known.
 */
export function maskGatedTypes(
  selections: SelectionSetNode,
  { type, isBound, rules }: { readonly type: string; readonly isBound: boolean; readonly rules: RulesDraft },
  { gates, subgraph }: { readonly gates: GateSchema; readonly subgraph: string },
): SelectionSetNode {
  if (!gates.isAbstract(type)) {
    return selections;
  }
  const extra: SelectionNode[] = [];
  for (const name of gates.concreteTypes(type)) {
    const feature = gates.features.types.get(name);
    if (feature === undefined) {
      continue;
    }
    const place = isBound ? undefined : feature.municipalityPath?.split('.');
    rules.masks.push({
      type: name,
      flags: [feature.flag],
      place: place === undefined ? undefined : stampedPlace(place),
    });
    if (place !== undefined && gates.possibleTypes(subgraph, type)?.includes(name) !== false) {
      extra.push(fragmentOn(name, [pathField(place, stampOf(place))]));
    }
  }
  return rules.masks.length === 0
    ? selections
    : selectionSetOf([TYPENAME, ...selections.selections.filter((selection) => selection !== TYPENAME), ...extra]);
}
