import type { Binding, GatedPath } from '../model/FetchGate.ts';
import { type NotesDraft, notesOf } from './typedNotes.ts';

/** By what it is known which objects have the selections at hand, so that it can be told where they are left out. */
export interface Telling {
  /** Concrete types that the object at hand can have. */
  readonly types: readonly string[];
  /** Those of the representations; of a root operation the empty text. */
  readonly entities: readonly string[];
  /** Below a type condition only the answer tells. */
  readonly isTyped: boolean;
  /** Where it is noted then, for objects at a path of the length `from`. */
  readonly notes: NotesDraft;
  readonly from: number;
}

export function tellingOfRoot(type: string, notes: NotesDraft): Telling {
  return { types: [type], entities: [''], isTyped: false, notes, from: 0 };
}

/** The types of representations are known before the answer is. */
export function tellingOfEntities(types: readonly string[], notes: NotesDraft): Telling {
  return { types, entities: types, isTyped: false, notes: notesOf(notes, [], types), from: 0 };
}

/** The same below a condition that lets concrete types in, for an object at a path. */
export function tellingOn(condition: readonly string[], telling: Telling, path: readonly string[]): Telling {
  const types = telling.types.filter((type) => condition.includes(type));
  const isTyped = path.length > 0;
  return types.length === telling.types.length
    ? telling
    : {
        types,
        entities: isTyped ? telling.entities : types,
        isTyped,
        notes: notesOf(telling.notes, path.slice(telling.from), types),
        from: path.length,
      };
}

/** Has a gated field told of where it is left out: before the answer is there (`told`), or by the types in it. */
export function tell(
  flags: readonly string[],
  binding: Binding | undefined,
  field: GatedPath,
  { entities, isTyped, notes, from }: Telling,
  told: Map<string, GatedPath[]>,
): void {
  if (isTyped) {
    notes.fields.push({ flags, binding, path: field.slice(from) });
    return;
  }
  for (const type of entities) {
    told.set(type, [...(told.get(type) ?? []), field]);
  }
}
