import { ERRORS } from '../../schema/errorCodes.ts';
import type { EntityCall, EntityTarget, LeftoverRequest, RequestHead } from '../model/CompiledPlan.ts';
import type { AnswerPosition } from '../model/DisabledFeatures.ts';
import { createBareObject, isJsonObject, type JsonObject, ownValue } from '../model/Json.ts';
import type { PositionsOf } from '../model/RequestState.ts';
import type { ResponsePath } from '../model/ResponseError.ts';
import { addFailure, askSubgraph, type CheckedAnswer, emptyFields } from './askSubgraph.ts';
import { contextGroups } from './contextGroups.ts';
import type { Execution } from './executePlan.ts';
import { graft, takeFields } from './mergeAnswer.ts';
import { representationOf } from './representations.ts';
import { clientPath, subgraphErrors } from './subgraphErrors.ts';
import { locateObjects, objectsAt } from './targets.ts';

/** The representations of one call, each once, and the objects that wait for each. */
interface CallBatch {
  readonly call: EntityCall;
  readonly representations: JsonObject[];
  readonly places: Place[];
  /** Entities that this call cannot be sent for, but a smaller one can. */
  readonly leftovers: Map<LeftoverRequest, Set<JsonObject>>;
}

/** An object of the answer that waits for the entity at `index` of its call. */
interface Place {
  readonly object: JsonObject;
  readonly target: EntityTarget;
  readonly index: number;
}

/** Completes entities at one or more paths with one request. */
export async function runEntityRequest(
  request: RequestHead,
  calls: readonly EntityCall[],
  execution: Execution,
): Promise<void> {
  const groups = contextGroups(calls, execution);
  if (groups === undefined) {
    await sendBatches(request, calls, {}, execution, () => true);
  } else {
    await Promise.all(
      groups.map(({ variables, objects }) =>
        sendBatches(request, calls, variables, execution, (object) => objects.has(object)),
      ),
    );
  }
}

async function sendBatches(
  request: RequestHead,
  calls: readonly EntityCall[],
  contextVariables: JsonObject,
  execution: Execution,
  isMeant: (object: JsonObject) => boolean,
): Promise<void> {
  const batches = calls.map((call) => collectBatch(call, execution, isMeant));
  const leftovers = batches.flatMap((batch) => [...batch.leftovers]);
  if (leftovers.length === 0) {
    return sendBatch(request, batches, contextVariables, execution);
  }
  await Promise.all([
    sendBatch(request, batches, contextVariables, execution),
    ...leftovers.map(([{ request: smaller, calls: parts }, objects]) =>
      sendBatches(smaller, parts, {}, execution, (object) => objects.has(object)),
    ),
  ]);
}

async function sendBatch(
  request: RequestHead,
  batches: readonly CallBatch[],
  contextVariables: JsonObject,
  execution: Execution,
): Promise<void> {
  const path = batches.find((batch) => batch.places.length > 0)?.places[0]?.target.path;
  if (path === undefined) {
    return;
  }
  const variables = createBareObject();
  for (const name in contextVariables) {
    variables[name] = contextVariables[name];
  }
  for (const { call, representations } of batches) {
    variables[call.variable] = representations;
  }
  const answer = await askSubgraph(
    request,
    variables,
    path,
    execution,
    () => batches.flatMap((batch) => emptyPlaces(batch, execution)),
    positionsIn(batches[0]?.places ?? [], execution),
  );
  if (answer === undefined) {
    return;
  }
  addErrors(answer, request, batches, execution);
  for (const batch of batches) {
    applyEntities(answer, request, batch, execution);
  }
}

/** Positions of the objects that wait for each representation; all are found at the first question. */
function positionsIn(places: readonly Place[], execution: Execution): PositionsOf {
  let known: Map<number, AnswerPosition[]> | undefined;
  const locate = (): Map<number, AnswerPosition[]> => {
    const found = new Map<number, AnswerPosition[]>();
    for (const target of new Set(places.map((place) => place.target))) {
      const indexes = new Map(
        places.filter((place) => place.target === target).map(({ object, index }) => [object, index]),
      );
      for (const { object, position } of locateObjects(execution.data, target.path)) {
        const index = indexes.get(object);
        if (index !== undefined) {
          found.set(index, [...(found.get(index) ?? []), { path: position }]);
        }
      }
    }
    return found;
  };
  return (index) => {
    known ??= locate();
    return index === undefined ? [...known.values()].flat() : (known.get(index) ?? []);
  };
}

function collectBatch(call: EntityCall, execution: Execution, isMeant: (object: JsonObject) => boolean): CallBatch {
  const batch: CallBatch = { call, representations: [], places: [], leftovers: new Map() };
  const indexes = new Map<string, number>();
  for (const target of call.targets) {
    for (const object of objectsAt(execution.data, target.path)) {
      if (!isMeant(object)) {
        continue;
      }
      const representation = representationOf(object, target, execution.types);
      if (representation === undefined) {
        addLeftover(batch, target, object);
        continue;
      }
      const key = JSON.stringify(representation);
      let index = indexes.get(key);
      if (index === undefined) {
        index = batch.representations.push(representation) - 1;
        indexes.set(key, index);
      }
      batch.places.push({ object, target, index });
    }
  }
  return batch;
}

function addLeftover({ leftovers }: CallBatch, { leftover }: EntityTarget, object: JsonObject): void {
  if (leftover !== undefined) {
    leftovers.set(leftover, (leftovers.get(leftover) ?? new Set()).add(object));
  }
}

/** Merges the entities of a call into their places, after checking that they are the ones asked for. */
function applyEntities(
  answer: CheckedAnswer,
  request: RequestHead,
  { call, representations, places }: CallBatch,
  execution: Execution,
): void {
  const [first] = places;
  if (first === undefined) {
    return;
  }
  const fail = (problem: string): void =>
    addFailure(
      ERRORS.SUBGRAPH_INVALID_RESPONSE.create(`The subgraph "${request.subgraph}" answered ${problem}.`),
      request,
      emptyPlaces({ call, places }, execution),
      execution,
    );
  const entities = ownValue(answer.data, call.responseName);
  if (!Array.isArray(entities)) {
    // Without a list there must be an error that says why.
    if ((entities !== null && entities !== undefined) || answer.errors.length === 0) {
      fail('without a list of entities');
    }
    return;
  }
  if (entities.length !== representations.length) {
    fail(`${entities.length} entities when ${representations.length} were asked for`);
    return;
  }
  if (representations.some((representation, i) => !isEchoed(representation, entities[i], call))) {
    fail('entities that are not the ones asked for, or not in the order asked for');
    return;
  }
  const shared: SharedEntities = new Map();
  for (const { object, target, index } of places) {
    const entity: unknown = entities[index];
    if (!isJsonObject(entity)) {
      continue;
    }
    const known = object.__typename;
    const typename = ownValue(entity, '__typename') ?? known;
    if (!target.sharesObjects) {
      takeFields(object, entity, call.fields, typename);
    } else {
      graft(
        object,
        sharedEntity(shared, target, index, () => takenAlone(entity, call, typename)),
      );
    }
    // Behind an @interfaceObject the entity went under the name of its interface, and comes back under it.
    if (known !== undefined && representations[index]?.__typename !== known) {
      object.__typename = known;
    }
  }
}

type SharedEntities = Map<EntityTarget, (JsonObject | undefined)[]>;

/** The object that equal entities of a target share, made when it is first needed. */
function sharedEntity(shared: SharedEntities, target: EntityTarget, index: number, make: () => JsonObject): JsonObject {
  let taken = shared.get(target);
  if (taken === undefined) {
    taken = [];
    shared.set(target, taken);
  }
  const entity = taken[index] ?? make();
  taken[index] = entity;
  return entity;
}

function takenAlone(entity: JsonObject, { fields }: EntityCall, typename: unknown): JsonObject {
  const taken = createBareObject();
  takeFields(taken, entity, fields, typename);
  return taken;
}

/** What a call leaves empty when it fails: its fields at the first object of each of its targets, or that object. */
function emptyPlaces(
  { call, places }: Pick<CallBatch, 'call' | 'places'>,
  execution: Execution,
): readonly ResponsePath[] {
  return [...new Set(places.map(({ target }) => target))].flatMap((target) => {
    const waiting = new Set(places.filter((place) => place.target === target).map(({ object }) => object));
    const first = locateObjects(execution.data, target.path).find(({ object }) => waiting.has(object));
    if (first === undefined) {
      return [];
    }
    const fields = emptyFields(first.object, first.position, call.fields, execution.names);
    return fields.length > 0 ? fields : [clientPath(first.position, undefined, execution.names)];
  });
}

/** Whether an entity repeats the key fields of its representation. Ids may come back as number or text. */
function isEchoed(representation: JsonObject, entity: unknown, call: EntityCall): boolean {
  if (!isJsonObject(entity)) {
    return true;
  }
  const typename = String(representation.__typename);
  return call.echoed.every(({ name, onTypes }) => {
    const sent = representation[name];
    return !onTypes.has(typename) || !isScalar(sent) || String(sent) === String(ownValue(entity, name));
  });
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Errors at an entity are repeated for each of its places in the answer. */
function addErrors(
  answer: CheckedAnswer,
  request: RequestHead,
  batches: readonly CallBatch[],
  execution: Execution,
): void {
  for (const error of subgraphErrors(answer.errors, request.subgraph)) {
    const [name, index, ...rest] = error.path ?? [];
    const batch = batches.find(({ call }) => call.responseName === name);
    if (batch === undefined || typeof index !== 'number') {
      const { path: _, ...withoutPath } = error;
      execution.addError(withoutPath);
      continue;
    }
    const below = clientPath(rest, batch.call.fields, execution.names);
    const waiting = batch.places.filter((place) => place.index === index);
    for (const target of new Set(waiting.map((place) => place.target))) {
      const objects = new Set(waiting.filter((place) => place.target === target).map((place) => place.object));
      for (const { object, position } of locateObjects(execution.data, target.path)) {
        if (objects.has(object)) {
          execution.addError({ ...error, path: [...clientPath(position, undefined, execution.names), ...below] });
        }
      }
    }
  }
}
