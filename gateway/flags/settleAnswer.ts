import { type AnswerRules, type FetchGate, STAMP } from '../model/FetchGate.ts';
import { createBareObject, isJsonObject, type JsonObject } from '../model/Json.ts';
import { areOn, type DecisionState, type FetchAtHand } from './decideFetch.ts';
import { noteAnswer } from './noteAnswer.ts';
import { readSlug, slugOf, textAt } from './slugOf.ts';

type Path = readonly (string | number)[];

/**
 * The answer of a fetch as it may be merged: objects of gated types are null where their flag is off, and objects that a
 * later fetch decides about carry the slug of the municipality that encloses them. What their types show to be left out is
 * noted. `data` is pruned already.
 */
export function settleAnswer(
  data: JsonObject | null,
  gate: FetchGate,
  fetch: FetchAtHand,
  state: DecisionState,
): JsonObject | null {
  const settled = applyRules(data, gate, fetch, state);
  noteAnswer(settled, gate, fetch, state);
  return settled;
}

function applyRules(
  data: JsonObject | null,
  { answer, entities }: FetchGate,
  fetch: FetchAtHand,
  state: DecisionState,
): JsonObject | null {
  if (answer === undefined || data === null) {
    return data;
  }
  const { representations } = fetch.variables;
  const { _entities: received } = data;
  if (!Array.isArray(representations) || !Array.isArray(received)) {
    return settleObject(data, answer, undefined, [], undefined);
  }
  const settled = received.map((entity: unknown, position) => {
    if (!isJsonObject(entity)) {
      return entity;
    }
    const representation: unknown = representations[position];
    const type = textAt(representation, ['__typename']) ?? '';
    const slug = slugOf(entities.get(type)?.binding, representation, fetch.variables);
    return settleObject(entity, answer, slug, [], position);
  });
  return { ...data, _entities: settled };

  function settle(
    value: unknown,
    rules: AnswerRules,
    slug: string | undefined,
    path: Path,
    position: number | undefined,
  ): unknown {
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => settle(item, rules, slug, [...path, index], position));
    }
    if (!isJsonObject(value)) {
      return value;
    }
    for (const { type, flags, place } of rules.masks) {
      const own = place === undefined ? slug : (slug ?? textAt(value, place));
      const told = (): readonly Path[] => toldPaths(path);
      if (value.__typename === type && !areOn(flags, own, told, () => fetch.positionsOf(position), state)) {
        return null;
      }
    }
    return settleObject(value, rules, slug, path, position);
  }

  function settleObject(
    object: JsonObject,
    { municipality, below, isStamped }: AnswerRules,
    enclosing: string | undefined,
    path: Path,
    position: number | undefined,
  ): JsonObject {
    const slug = (municipality === undefined ? undefined : textAt(object, [municipality])) ?? enclosing;
    const settled: JsonObject = Object.assign(createBareObject(), object);
    if (isStamped) {
      settled[STAMP] = enclosing ?? null;
    }
    for (const [name, rules] of below) {
      if (Object.hasOwn(object, name)) {
        const own = rules.argument === undefined ? slug : readSlug(rules.argument, fetch.variables);
        settled[name] = settle(object[name], rules, own, [...path, name], position);
      }
    }
    return settled;
  }
}

/**
 * What a note on an object that becomes null may name. In a list the null itself tells that something is there; elsewhere a note
 * would be all that tells an object that is off from one that does not exist (RELIABILITY.md, F-07).
 */
function toldPaths(path: Path): readonly Path[] {
  return typeof path.at(-1) === 'number' ? [path] : [];
}
