import type { FetchGate, TypedNotes } from '../model/FetchGate.ts';
import { isJsonObject, type JsonObject } from '../model/Json.ts';
import { objectsAt } from '../model/objectsAt.ts';
import { areOn, type DecisionState, type FetchAtHand } from './decideFetch.ts';
import { slugOf, textAt } from './slugOf.ts';

type Path = readonly (string | number)[];

/** Notes what was left out of objects whose types only the answer tells, which is pruned already. It changes nothing. */
export function noteAnswer(
  data: JsonObject | null,
  { notes }: FetchGate,
  { variables, positionsOf }: FetchAtHand,
  state: DecisionState,
): void {
  if (notes === undefined || data === null) {
    return;
  }
  const { representations } = variables;
  const { _entities: received } = data;
  if (!Array.isArray(representations) || !Array.isArray(received)) {
    noteObject(data, notes, undefined, [], undefined);
    return;
  }
  received.forEach((entity: unknown, position) => {
    if (isJsonObject(entity)) {
      noteObject(entity, notes, textAt(representations[position], ['__typename']), [], position);
    }
  });

  function noteObject(
    object: JsonObject,
    { fields, byType, below }: TypedNotes,
    type: unknown,
    path: Path,
    position: number | undefined,
  ): void {
    for (const { flags, binding, path: rest } of fields) {
      const representation: unknown =
        position === undefined ? undefined : Reflect.get(Object(representations), position);
      const paths = (): readonly Path[] =>
        objectsAt({ path, value: object }, rest.slice(0, -1)).map((parent) => [...parent.path, ...rest.slice(-1)]);
      areOn(flags, slugOf(binding, representation, variables), paths, () => positionsOf(position), state);
    }
    for (const { types, notes: typed } of byType) {
      if (typeof type === 'string' && types.includes(type)) {
        noteObject(object, typed, type, path, position);
      }
    }
    for (const [name, inner] of below) {
      noteValue(object[name], inner, [...path, name], position);
    }
  }

  function noteValue(value: unknown, inner: TypedNotes, path: Path, position: number | undefined): void {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        noteValue(item, inner, [...path, index], position);
      }
    } else if (isJsonObject(value)) {
      noteObject(value, inner, value.__typename, path, position);
    }
  }
}
