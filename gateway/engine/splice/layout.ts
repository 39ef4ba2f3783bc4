import type { OutputField } from '../../response/OutputSelection.ts';
import type { ObjectPlace, Places, PlaceTarget, Position, Slot } from './places.ts';

/**
 * How the program of an operation keeps the objects of a place between reading and writing.
 *
 * - `text`: not at all. Its bytes are taken as they are; other objects in it have their own records.
 * - `entity`: what comes with the object is leaves only, and later answers add to it. Objects of equal text are one.
 * - `record`: each object has a record on the tape with the pieces that came with it; what later answers add is with its entity.
 */
export type PlaceKind = 'text' | 'entity' | 'record';

/** A part of an answer's text that stays together: the value of a slot, or several slots with their names. */
export interface Piece {
  readonly slots: readonly Slot[];
  /** The name of its first slot. */
  readonly name: string;
  /** `holes`: objects with records of their own are in it. */
  readonly kind: 'typename' | 'text' | 'holes';
}

export interface PlaceLayout {
  readonly place: ObjectPlace;
  readonly kind: PlaceKind;
  /** What comes with the object, in the order of the text. */
  readonly own: readonly Piece[];
  /** Where the numbers of an own piece are in a record; a piece with holes has four, others two. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Numbers in a record. */
  readonly size: number;
  /** Names of slots that representations are made of. */
  readonly required: readonly string[];
  /** Those of them that come with the object. */
  readonly ownRequired: readonly string[];
  /** Names of pieces that later answers bring. */
  readonly brought: ReadonlySet<string>;
  /** A name for each slot that is safe in code. */
  nameOf(slot: string): string;
  pieceOf(slot: string): Piece | undefined;
  piecesOf(slots: readonly Slot[]): readonly Piece[];
}

/** Numbers in front of every record: place, next record, start and end of the text, entity; then where it is written, and what followed. */
export const RECORD = { place: 0, next: 1, from: 2, to: 3, entity: 4, out: 5, outEnd: 6, follower: 7 } as const;
/** A record that stands for another one of equal text has this place, and that one instead of the entity. */
export const AGAIN = -1;
export const SHORT_RECORD = 5;
const LONG_RECORD = 8;

export function findLayouts(places: Places): ReadonlyMap<ObjectPlace, PlaceLayout> {
  const targets = places.requests.flatMap((request) =>
    request.kind === 'root' ? [] : request.calls.flatMap((call) => call.targets),
  );
  const rootSlots = places.requests.flatMap((request) => (request.kind === 'root' ? [request.slots] : []));
  return new Map(
    places.all.map((place) => {
      const here = targets.filter((target) => target.place === place);
      const isRoot = place === places.root;
      return [place, layoutOf(place, here, isRoot ? [] : [place.own], isRoot ? rootSlots : [])];
    }),
  );
}

function layoutOf(
  place: ObjectPlace,
  targets: readonly PlaceTarget[],
  owns: readonly (readonly Slot[])[],
  roots: readonly (readonly Slot[])[],
): PlaceLayout {
  const own = owns.flat();
  const answers = [...owns, ...targets.map((target) => target.slots)];
  const required = [...new Set(targets.flatMap((target) => target.required))];
  const isAlone = ({ name, value, behind }: Slot): boolean =>
    required.includes(name) ||
    behind.length > 0 ||
    answers.filter((slots) => slots.some((slot) => slot.name === name)).length > 1 ||
    value.kind === 'typename' ||
    (value.kind === 'objects' && !isWhole(value.position));
  const pieces = new Map<string, Piece>();
  for (const slots of [...answers, ...roots]) {
    const cannotRun = roots.includes(slots);
    for (let k = 0; k < slots.length; ) {
      const run = cannotRun ? [] : runAt(place.output, slots.slice(k), isAlone);
      const together = run.length > 0 ? run : slots.slice(k, k + 1);
      const [first] = together;
      if (first !== undefined) {
        pieces.set(first.name, pieceFrom(first, together));
      }
      k += Math.max(together.length, 1);
    }
  }
  const names = new Map(
    [...new Set([...place.slots.keys(), ...required, ...place.output.map((field) => field.storedName)])].map(
      (name, i) => [name, `s${i}`],
    ),
  );
  const piecesOf = (slots: readonly Slot[]): readonly Piece[] =>
    slots.flatMap((slot) => {
      const piece = pieces.get(slot.name);
      return piece === undefined ? [] : [piece.slots.length > 1 ? piece : { ...piece, slots: [slot] }];
    });
  const ownPieces = piecesOf(own);
  const isEntity = targets.length > 0 && own.every(({ value }) => value.kind !== 'objects');
  const offsets = new Map<string, number>();
  let size = LONG_RECORD;
  for (const piece of ownPieces) {
    offsets.set(piece.name, size);
    size += numbersOf(piece);
  }
  const ownNames = new Set(own.map((slot) => slot.name));
  return {
    place,
    kind: place.isTransparent ? 'text' : isEntity ? 'entity' : 'record',
    own: ownPieces,
    offsets,
    size: isEntity ? SHORT_RECORD : size,
    required,
    ownRequired: required.filter((name) => ownNames.has(name)),
    brought: new Set(
      [...targets.flatMap((target) => piecesOf(target.slots)), ...piecesOf(roots.flat())].map((piece) => piece.name),
    ),
    nameOf: (slot) => names.get(slot) ?? 'missing',
    pieceOf: (slot) => pieces.get(slot),
    piecesOf,
  };
}

function pieceFrom(first: Slot, slots: readonly Slot[]): Piece {
  const { value } = first;
  const kind =
    value.kind === 'typename' ? 'typename' : value.kind === 'objects' && !isWhole(value.position) ? 'holes' : 'text';
  return { slots, name: first.name, kind };
}

function numbersOf({ kind }: Piece): number {
  return kind === 'typename' ? 0 : kind === 'holes' ? 4 : 2;
}

/** Slots that follow each other in an answer as they do in the client's, with the same names. */
function runAt(
  output: readonly OutputField[],
  slots: readonly Slot[],
  isAlone: (slot: Slot) => boolean,
): readonly Slot[] {
  const start = output.findIndex((field) => field.storedName === slots[0]?.name);
  if (start === -1) {
    return [];
  }
  const end = slots.findIndex((slot, k) => {
    const field = output[start + k];
    return isAlone(slot) || field?.storedName !== slot.name || field.outputName !== slot.name;
  });
  return end === -1 ? slots : slots.slice(0, end);
}

/** Whether the text of objects at a position can be taken as it is. */
export function isWhole(position: Position): boolean {
  return position.places.every((place) => place.isWhole);
}
