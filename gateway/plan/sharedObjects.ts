import type { EntityTarget, PlannedRequest, TakenField } from '../model/CompiledPlan.ts';

/** Decides for every target whether equal entities there may share objects (see `EntityTarget.sharesObjects`). */
export function markSharedObjects(requests: readonly PlannedRequest[]): readonly PlannedRequest[] {
  const givers = new Map<string, number>();
  let hasContext = false;
  for (const { work } of requests) {
    for (const call of work.kind === 'entities' ? work.calls : []) {
      for (const target of call.targets) {
        hasContext ||= target.context.length > 0;
        for (const place of objectPlaces(target, call.fields)) {
          givers.set(place, (givers.get(place) ?? 0) + 1);
        }
      }
    }
  }
  // The value of a context depends on the objects around an entity, so below it equal entities may differ.
  if (hasContext) {
    return requests;
  }
  return requests.map((request) =>
    request.work.kind === 'root'
      ? request
      : {
          ...request,
          work: {
            kind: 'entities',
            calls: request.work.calls.map((call) => ({
              ...call,
              targets: call.targets.map((target) => ({
                ...target,
                sharesObjects: objectPlaces(target, call.fields).every((place) => givers.get(place) === 1),
              })),
            })),
          },
        },
  );
}

/** Path and name of each field with objects below it; fields for different types count once. */
function objectPlaces(target: EntityTarget, fields: readonly TakenField[]): readonly string[] {
  const names = fields.filter((field) => field.fields !== undefined).map((field) => field.storedName);
  return [...new Set(names)].map((name) => [...target.path, name].join('.'));
}
