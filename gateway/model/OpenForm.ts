import type { PlanNode } from '@apollo/query-planner';
import type { ValueNode } from 'graphql';

import type { Witness } from './CompiledPlan.ts';

/** A plan that decides nothing, for requests where no decision could leave anything out. */
export interface OpenForm {
  readonly root: PlanNode;
  /** All of them must be on in every municipality. */
  readonly flags: readonly string[];
  /** Arguments that say which municipality decides: each must name one that is known. */
  readonly named: readonly ValueNode[];
  /** Where the objects that decide say which municipality they are: each must be known. */
  readonly witnesses: readonly Witness[];
}
