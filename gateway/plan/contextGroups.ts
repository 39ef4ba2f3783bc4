import type { ContextValue, EntityCall } from '../model/CompiledPlan.ts';
import { createBareObject, isJsonObject, type JsonObject } from '../model/Json.ts';
import type { Execution } from './executePlan.ts';
import { type LocatedObject, locateObjects } from './targets.ts';

/** Entities whose context values are equal, and so can be asked for together. */
export interface ContextGroup {
  readonly variables: JsonObject;
  readonly objects: ReadonlySet<JsonObject>;
}

/**
 * Groups entities by the values that `@fromContext` arguments of the fetch take from the objects around them. The values are
 * variables of the whole request, so each group is a request. Undefined: the calls use no context.
 */
export function contextGroups(calls: readonly EntityCall[], execution: Execution): ContextGroup[] | undefined {
  const targets = calls.flatMap((call) => call.targets).filter((target) => target.context.length > 0);
  if (targets.length === 0) {
    return undefined;
  }
  const groups = new Map<string, { variables: JsonObject; objects: Set<JsonObject> }>();
  for (const target of targets) {
    for (const located of locateObjects(execution.data, target.path)) {
      const variables = contextVariables(located, target.context, execution);
      const key = JSON.stringify(variables);
      const group = groups.get(key) ?? { variables, objects: new Set() };
      group.objects.add(located.object);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function contextVariables(
  { ancestors, object }: LocatedObject,
  context: readonly ContextValue[],
  { types }: Execution,
): JsonObject {
  const variables = createBareObject();
  for (const { variable, up, steps } of context) {
    let value: unknown = up === 0 ? object : ancestors[ancestors.length - up];
    for (const step of steps) {
      if (!isJsonObject(value)) {
        value = undefined;
      } else if (!step.startsWith('... on ')) {
        value = value[step];
      } else if (
        typeof value.__typename === 'string' &&
        !types.possible(step.slice('... on '.length)).has(value.__typename)
      ) {
        value = undefined;
      }
    }
    if (value !== undefined && variables[variable] === undefined) {
      variables[variable] = value;
    }
  }
  return variables;
}
