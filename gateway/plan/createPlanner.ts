import { type Planner, type PlannerLimits, readSchemas, toBounds, toPlanAnswer } from './Planner.ts';
import { createQueryPlanner } from './queryPlanner.js';

/** A planner in this thread, which it holds up while it plans. Throws where the SDL is no valid supergraph. */
export function createPlanner(supergraphSdl: string, limits: PlannerLimits = {}): Planner {
  const planner = createQueryPlanner(supergraphSdl, toBounds(limits));
  return {
    ...readSchemas(supergraphSdl, planner),
    plan: async ({ text, prepared, overrides }) =>
      toPlanAnswer(text, planner.plan({ text, prepared, overrides: [...overrides] })),
    close: async () => {},
  };
}
