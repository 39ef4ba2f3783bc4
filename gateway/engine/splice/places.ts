import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
} from 'graphql';

import type {
  CompiledPlan,
  EntityTarget,
  PlannedRequest,
  RequiredSelection,
  TakenField,
  Witness,
} from '../../model/CompiledPlan.ts';
import type { OutputField, OutputSelection } from '../../response/OutputSelection.ts';

/** An object of one concrete type in the answer, with all that is put into it and all that is written of it. */
export interface ObjectPlace {
  readonly id: number;
  readonly typeName: string;
  /** Everything that comes into it, by stored name. */
  readonly slots: ReadonlyMap<string, Slot>;
  /** What comes with the object itself, in the order of the text. */
  readonly own: readonly Slot[];
  readonly output: readonly OutputField[];
  /** Its text can be taken as it is, but for the objects in it that are not transparent. */
  readonly isTransparent: boolean;
  /** Its text can be taken as it is: the fields asked for, in that order, all from one answer, and so for all objects in it. */
  readonly isWhole: boolean;
  /** Later requests find the objects of this place in a list. */
  isTarget: boolean;
}

/** One field in a subgraph's answer. */
export interface Slot {
  readonly name: string;
  readonly value: SlotValue;
  /** Variables of the gate, all of which must be true for it to be there. */
  readonly behind: readonly string[];
}

export type SlotValue =
  | { readonly kind: 'typename' }
  /** A scalar or enum; without a type it is not for the client, and any JSON value will do. */
  | {
      readonly kind: 'leaf';
      readonly type: GraphQLOutputType | undefined;
      /** It names a municipality that must be a known one. */
      readonly isWitness: boolean;
    }
  | { readonly kind: 'objects'; readonly type: GraphQLOutputType; readonly position: Position };

/** Where objects of one type, or of one of several types, stand. */
export interface Position {
  readonly isAbstract: boolean;
  readonly places: readonly ObjectPlace[];
}

/** An entity call as seen from one of the places that it completes. */
export interface PlaceTarget {
  readonly place: ObjectPlace;
  /** Slots of the representation, `__typename` apart, in order. */
  readonly required: readonly string[];
  /** An object that lacks some of them may be sent all the same, in another form: that is left to the full algorithm. */
  readonly mayLack: boolean;
  readonly slots: readonly Slot[];
}

/** An `_entities` field of a request, and the places that it completes. */
export interface EntityCallPlaces {
  readonly responseName: string;
  readonly targets: readonly PlaceTarget[];
}

export interface Places {
  readonly root: ObjectPlace;
  readonly all: readonly ObjectPlace[];
  /** Variables of the gate that slots are behind. */
  readonly variables: readonly string[];
  readonly requests: readonly RequestPlaces[];
}

/** The root fields that a request brings, or its targets by call. */
export type RequestPlaces = (
  | { readonly kind: 'root'; readonly slots: readonly Slot[] }
  | { readonly kind: 'entities'; readonly calls: readonly EntityCallPlaces[] }
) & {
  /** Whether its answer can be read where variables of the gate are false. */
  readonly isDivisible: boolean;
};

/** Thrown where an operation has something that the fast path does not know; it is then executed without. */
class NotCovered extends Error {}

const MAX_PLACES = 400;
const MAX_TYPES = 16;
/** As many as there are bits in a number. */
const MAX_VARIABLES = 30;

/**
 * Finds for every field of every answer where it goes in the client's answer. Undefined where the plan has something special:
 * rewrites, contexts, objects that two answers contribute to in their depth.
 *
 * Places at different paths that receive and give the same are one: their objects can be shared.
 */
export function findPlaces(
  plan: CompiledPlan,
  schema: GraphQLSchema,
  rootType: string,
  selection: OutputSelection,
): Places | undefined {
  try {
    return new PlaceFinder(plan, schema).find(rootType, selection);
  } catch (error) {
    if (error instanceof NotCovered) {
      return undefined;
    }
    throw error;
  }
}

interface TargetAt {
  readonly request: number;
  readonly call: number;
  readonly target: EntityTarget;
  readonly fields: readonly TakenField[];
}

class PlaceFinder {
  readonly #schema: GraphQLSchema;
  readonly #plan: CompiledPlan;
  readonly #targets = new Map<string, TargetAt[]>();
  readonly #bySignature = new Map<string, ObjectPlace>();
  readonly #signatures = new Map<ObjectPlace, number>();
  readonly #calls = new Map<string, Map<ObjectPlace, PlaceTarget>>();
  /** By path, without marks for lists. */
  readonly #witnesses: ReadonlyMap<string, Witness>;

  constructor(plan: CompiledPlan, schema: GraphQLSchema) {
    this.#plan = plan;
    this.#schema = schema;
    this.#witnesses = new Map(
      plan.witnesses.map((witness) => [
        [...witness.path, witness.name].filter((step) => step !== '@').join('.'),
        witness,
      ]),
    );
    plan.requests.forEach((request, r) => {
      this.#addTargets(request, r);
    });
  }

  find(rootType: string, selection: OutputSelection): Places {
    const sources = this.#plan.requests.flatMap(({ work }) => (work.kind === 'root' ? [work.fields] : []));
    const root = this.#place(rootType, selection, sources, '');
    const all = [...this.#bySignature.values()];
    const requests = this.#plan.requests.map(({ work }, r): RequestPlaces => {
      const isDivisible = isDivisibleInto(
        work.kind === 'root' ? work.fields : work.calls.flatMap((call) => call.fields),
      );
      return work.kind === 'root'
        ? {
            kind: 'root',
            isDivisible,
            slots: root.own.filter(({ name }) => work.fields.some((field) => field.storedName === name)),
          }
        : {
            kind: 'entities',
            isDivisible,
            calls: work.calls.map(({ responseName }, c) => ({
              responseName,
              targets: [...(this.#calls.get(`${r}.${c}`)?.values() ?? [])],
            })),
          };
    });
    const targets = requests.flatMap((request) =>
      request.kind === 'root' ? [] : request.calls.flatMap((call) => call.targets),
    );
    const slots = [...all.flatMap((place) => place.own), ...targets.flatMap((target) => target.slots)];
    const variables = [...new Set(slots.flatMap(({ behind }) => behind))];
    if (variables.length > MAX_VARIABLES || targets.some((target) => sendsWhatMayLack(target, targets))) {
      throw new NotCovered();
    }
    return { root, all, variables, requests };
  }

  #addTargets({ kind, work }: PlannedRequest, request: number): void {
    if (kind === 'mutation') {
      throw new NotCovered();
    }
    if (work.kind === 'root') {
      if (work.path.length > 0) {
        throw new NotCovered();
      }
      return;
    }
    work.calls.forEach(({ targets, fields }, call) => {
      for (const target of targets) {
        if (target.context.length > 0 || target.inputRewrites.length > 0) {
          throw new NotCovered();
        }
        const path = target.path.filter((step) => step !== '@').join('.');
        this.#targets.set(path, [...(this.#targets.get(path) ?? []), { request, call, target, fields }]);
      }
    });
  }

  #position(type: GraphQLOutputType, selection: OutputSelection, taken: readonly TakenField[], path: string): Position {
    const named = getNamedType(type);
    if (isObjectType(named)) {
      return { isAbstract: false, places: [this.#place(named.name, selection, [taken], path)] };
    }
    const [first] = taken;
    const isTold = first?.responseName === '__typename' && first.onTypes === undefined && first.behind.length === 0;
    if (!isAbstractType(named) || !isTold) {
      throw new NotCovered();
    }
    const types = this.#schema.getPossibleTypes(named);
    if (types.length > MAX_TYPES) {
      throw new NotCovered();
    }
    return { isAbstract: true, places: types.map(({ name }) => this.#place(name, selection, [taken], path)) };
  }

  #place(
    typeName: string,
    selection: OutputSelection,
    sources: readonly (readonly TakenField[])[],
    path: string,
  ): ObjectPlace {
    const output = selection.fieldsOf(typeName);
    if (output.some((field) => field.kind === 'introspection')) {
      throw new NotCovered();
    }
    const slots = new Map<string, Slot>();
    const own = sources.flatMap((taken) => this.#slots(typeName, output, taken, path, slots));
    const targets = (this.#targets.get(path) ?? [])
      .filter(({ target }) => requiredOf(target.requires, typeName) !== undefined)
      .map((at) => ({ at, brought: this.#slots(typeName, output, at.fields, path, slots) }));
    const isTransparent =
      targets.length === 0 &&
      path !== '' &&
      own.length === output.length &&
      own.every(
        ({ name, behind }, i) =>
          behind.length === 0 && storedNameOf(output[i]) === name && output[i]?.outputName === name,
      );
    const isWhole =
      isTransparent &&
      own.every(({ value }) => value.kind !== 'objects' || value.position.places.every((place) => place.isWhole));
    const signature = JSON.stringify([
      typeName,
      own.map((slot) => this.#slotSignature(slot)),
      targets.map(({ at, brought }) => [
        at.request,
        at.call,
        requiredOf(at.target.requires, typeName),
        at.target.leftover !== undefined,
        fragmentsFor(at.target.requires, typeName),
        brought.map((slot) => this.#slotSignature(slot)),
      ]),
      output.map((field) => [
        field.kind,
        field.outputName,
        storedNameOf(field),
        field.kind === 'field' ? String(field.type) : '',
      ]),
    ]);
    let place = this.#bySignature.get(signature);
    if (place === undefined) {
      const id = this.#bySignature.size;
      if (id >= MAX_PLACES) {
        throw new NotCovered();
      }
      place = { id, typeName, slots, own, output, isTransparent, isWhole, isTarget: targets.length > 0 };
      this.#bySignature.set(signature, place);
      this.#signatures.set(place, id);
    }
    for (const { at, brought } of targets) {
      this.#addCall(at, place, brought);
    }
    return place;
  }

  #addCall({ request, call, target }: TargetAt, place: ObjectPlace, slots: readonly Slot[]): void {
    const key = `${request}.${call}`;
    const targets = this.#calls.get(key) ?? new Map<ObjectPlace, PlaceTarget>();
    this.#calls.set(key, targets);
    const mayLack = target.leftover !== undefined || fragmentsFor(target.requires, place.typeName) > 1;
    const hasTypename = place.own.some(({ value }) => value.kind === 'typename');
    const required = requiredOf(target.requires, place.typeName)?.filter((name) => name !== '__typename');
    const isCovered = required?.every((name) => {
      const value = place.slots.get(name)?.value;
      return value === undefined || value.kind !== 'objects';
    });
    if (required === undefined || !hasTypename || isCovered !== true) {
      throw new NotCovered();
    }
    targets.set(place, { place, required, mayLack, slots });
  }

  /** Adds what one answer brings to an object to its slots. */
  #slots(
    typeName: string,
    output: readonly OutputField[],
    taken: readonly TakenField[],
    path: string,
    slots: Map<string, Slot>,
  ): readonly Slot[] {
    const brought = new Map<string, Slot>();
    for (const { responseName, storedName, onTypes, fields, behind } of taken) {
      if (onTypes !== undefined && !onTypes.has(typeName)) {
        continue;
      }
      const field = output.find((candidate) => storedNameOf(candidate) === storedName);
      const again = brought.get(storedName);
      if (responseName !== storedName || (again !== undefined && fields !== undefined)) {
        throw new NotCovered();
      }
      if (again !== undefined) {
        if (behind === 'various' || again.behind.join() !== behind.join()) {
          throw new NotCovered();
        }
        continue;
      }
      const value = this.#slotValue(typeName, storedName, fields, field, path);
      // A type name is written whether it comes or not.
      const isAlways = behind === 'various' || value.kind === 'typename';
      const slot: Slot = { name: storedName, value, behind: isAlways ? [] : behind };
      if (slot.value.kind === 'objects' && slots.has(storedName)) {
        throw new NotCovered();
      }
      slots.set(storedName, slot);
      brought.set(storedName, slot);
    }
    return [...brought.values()];
  }

  #slotValue(
    typeName: string,
    name: string,
    fields: readonly TakenField[] | undefined,
    field: OutputField | undefined,
    path: string,
  ): SlotValue {
    if (name === '__typename' || field?.kind === 'typename') {
      return { kind: 'typename' };
    }
    const below = path === '' ? name : `${path}.${name}`;
    if (fields === undefined) {
      if (field !== undefined && (field.kind !== 'field' || !isLeafType(getNamedType(field.type)))) {
        throw new NotCovered();
      }
      const witness = this.#witnesses.get(below);
      const isWitness = witness !== undefined && (witness.onlyOn ?? typeName) === typeName;
      return { kind: 'leaf', type: field?.type, isWitness };
    }
    if (field?.kind !== 'field' || field.selection === undefined) {
      throw new NotCovered();
    }
    return { kind: 'objects', type: field.type, position: this.#position(field.type, field.selection, fields, below) };
  }

  #slotSignature({ name, value, behind }: Slot): unknown {
    return value.kind === 'objects'
      ? [name, behind, String(value.type), value.position.places.map((place) => this.#signatures.get(place))]
      : [name, behind, value.kind, ...(value.kind === 'leaf' ? [String(value.type), value.isWitness] : [])];
  }
}

function isDivisibleInto(fields: readonly TakenField[]): boolean {
  return fields.every(({ behind, fields: below = [] }) => behind !== 'various' && isDivisibleInto(below));
}

/** Whether something that identifies the objects of a target may have been left out of an answer. */
function sendsWhatMayLack({ place, required }: PlaceTarget, targets: readonly PlaceTarget[]): boolean {
  const brought = targets.filter((target) => target.place === place).flatMap((target) => target.slots);
  return [...place.own, ...brought].some(({ name, behind }) => behind.length > 0 && required.includes(name));
}

export function storedNameOf(field: OutputField | undefined): string | undefined {
  return field?.storedName;
}

function fragmentsFor(selections: readonly RequiredSelection[], typeName: string): number {
  return selections.filter((selection) => selection.kind === 'fragment' && selection.onTypes?.has(typeName) !== false)
    .length;
}

/** The fields of the representation of an object of a type; undefined where the requirement is about other types. */
function requiredOf(selections: readonly RequiredSelection[], typeName: string): readonly string[] | undefined {
  const names = new Set<string>();
  const add = (inner: readonly RequiredSelection[]): void => {
    for (const selection of inner) {
      if (selection.kind === 'field') {
        if (selection.selections !== undefined) {
          throw new NotCovered();
        }
        names.add(selection.name);
      } else if (selection.onTypes === undefined || selection.onTypes.has(typeName)) {
        add(selection.selections);
      }
    }
  };
  add(selections);
  return names.has('__typename') ? [...names] : undefined;
}
