import type { ValueNode } from 'graphql';

import type { AnswerMask, AnswerRules } from '../model/FetchGate.ts';

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
