import type { FetchDataRewrite } from '@apollo/query-planner';

import type { EntityTarget, RequiredSelection } from '../model/CompiledPlan.ts';
import { createBareObject, isJsonObject, type JsonObject } from '../model/Json.ts';
import type { TypeSets } from './TypeSets.ts';

/**
 * Makes the representation of an entity: `__typename` and the required fields. Undefined where one of them is not there, as
 * when an earlier fetch failed, or where the entity has a type that this target is not about. A fragment of which a
 * field is not there counts for nothing, but takes no other along: the planner writes one for what only a field under
 * `@include` requires. See "Resolve requests for entities" in the Apollo Federation subgraph specification.
 */
export function representationOf(entity: JsonObject, target: EntityTarget, types: TypeSets): JsonObject | undefined {
  const representation = createBareObject();
  if (!hasFields(entity, target.requires)) {
    return undefined;
  }
  addRequired(representation, entity, target.requires);
  if (representation.__typename === undefined) {
    return undefined;
  }
  for (const rewrite of target.inputRewrites) {
    applyRewrite(representation, rewrite, 0, types);
  }
  return representation;
}

function hasFields(source: JsonObject, selections: readonly RequiredSelection[]): boolean {
  return selections.every((selection) => selection.kind === 'fragment' || source[selection.name] !== undefined);
}

function addRequired(into: JsonObject, source: JsonObject, selections: readonly RequiredSelection[]): void {
  for (const selection of selections) {
    if (selection.kind === 'field') {
      const value = source[selection.name];
      into[selection.name] =
        selection.selections === undefined ? value : requiredValue(value, selection.selections, into[selection.name]);
    } else if (
      (selection.onTypes === undefined || isOfType(source, selection.onTypes)) &&
      hasFields(source, selection.selections)
    ) {
      addRequired(into, source, selection.selections);
    }
  }
}

/** `existing` is what another fragment has taken of the same value already. */
function requiredValue(value: unknown, selections: readonly RequiredSelection[], existing: unknown): unknown {
  if (Array.isArray(value)) {
    const before = Array.isArray(existing) ? existing : [];
    return value.map((item, i) => requiredValue(item, selections, before[i]));
  }
  // What is no object where one is due gives no other subgraph anything to work with.
  if (!isJsonObject(value)) {
    return null;
  }
  if (!hasFields(value, selections)) {
    return isJsonObject(existing) ? existing : null;
  }
  const taken = isJsonObject(existing) ? existing : createBareObject();
  addRequired(taken, value, selections);
  return taken;
}

function isOfType(object: JsonObject, types: ReadonlySet<string>): boolean {
  return typeof object.__typename === 'string' && types.has(object.__typename);
}

/** Applies a rewrite of the planner, whose path holds response names and `... on Type`. */
function applyRewrite(value: unknown, rewrite: FetchDataRewrite, depth: number, types: TypeSets): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      applyRewrite(item, rewrite, depth, types);
    }
    return;
  }
  const step = rewrite.path[depth];
  if (!isJsonObject(value) || step === undefined) {
    return;
  }
  if (step.startsWith('... on ')) {
    const condition = types.possible(step.slice('... on '.length));
    if (value.__typename === undefined || isOfType(value, condition)) {
      applyRewrite(value, rewrite, depth + 1, types);
    }
  } else if (depth < rewrite.path.length - 1) {
    applyRewrite(value[step], rewrite, depth + 1, types);
  } else if (rewrite.kind === 'ValueSetter') {
    value[step] = rewrite.setValueTo;
  } else if (value[step] !== undefined) {
    value[rewrite.renameKeyTo] = value[step];
    delete value[step];
  }
}
