import type { TypedNotes } from '../model/FetchGate.ts';

/** Notes by the types of objects while their operation is gated. */
export interface NotesDraft {
  readonly fields: TypedNotes['fields'][number][];
  readonly byType: { readonly types: readonly string[]; readonly notes: NotesDraft }[];
  readonly below: Map<string, NotesDraft>;
}

export function notesDraft(): NotesDraft {
  return { fields: [], byType: [], below: new Map() };
}

/** For objects of some types at a path below. */
export function notesOf(draft: NotesDraft, path: readonly string[], types: readonly string[]): NotesDraft {
  let place = draft;
  for (const name of path.filter((step) => step !== '@')) {
    const next = place.below.get(name) ?? notesDraft();
    place.below.set(name, next);
    place = next;
  }
  const known = place.byType.find((each) => each.types.join() === types.join());
  const notes = known?.notes ?? notesDraft();
  if (known === undefined) {
    place.byType.push({ types, notes });
  }
  return notes;
}

/** Without what notes nothing. */
export function finishNotes({ fields, byType, below }: NotesDraft): TypedNotes | undefined {
  const typed = byType.flatMap(({ types, notes }) => {
    const finished = finishNotes(notes);
    return finished === undefined ? [] : [{ types, notes: finished }];
  });
  const kept = [...below].flatMap(([name, draft]): [string, TypedNotes][] => {
    const finished = finishNotes(draft);
    return finished === undefined ? [] : [[name, finished]];
  });
  return fields.length === 0 && typed.length === 0 && kept.length === 0
    ? undefined
    : { fields, byType: typed, below: new Map(kept) };
}
