import type { Reason } from '../../schema/features/reasons.ts';
import { objectsAt, type Place } from './objectsAt.ts';
import type { ResponsePath } from './ResponseError.ts';

/** One entry of `extensions.features.disabled`. */
export interface DisabledFeature {
  readonly flag: string;
  readonly municipality: string | null;
  readonly reason: Reason;
  /** How many fields of the answer are null for it. */
  readonly pathCount: number;
  /** The first of their response paths, ten at most. */
  readonly paths: readonly ResponsePath[];
}

/** Where objects of the answer are. */
export interface AnswerPosition {
  /** `@` where the index in a list is not known yet. */
  readonly path: ResponsePath;
  /** Of the objects at `path` only this one is meant; it is known if there are as many as `of`. */
  readonly nth?: { readonly index: number; readonly of: number };
}

/** What it takes to tell the paths of an answer. */
export interface AnswerAtHand {
  /** What the client gets; asked for only where a position is still open. */
  readonly data: () => unknown;
  /** Whether the operation asks for a path, given without list positions: a plan also fetches what other fields require. */
  readonly isAsked: (path: readonly string[]) => boolean;
  /** The client's name for a name of the plan. */
  readonly toClient: (name: string) => string;
}

/** The most paths that one entry lists. */
const MAX_PATHS = 10;

interface Noted {
  readonly flag: string;
  readonly municipality: string | null;
  readonly reason: Reason;
  readonly places: { readonly position: AnswerPosition; readonly below: ResponsePath }[];
}

/** Gathers, for one request, which flags left which fields out. */
export class DisabledFeatures {
  readonly #noted = new Map<string, Noted>();
  #listed: readonly DisabledFeature[] = [];

  /** `below` goes on from the position. */
  add(flag: string, municipality: string | null, reason: Reason, position: AnswerPosition, below: ResponsePath): void {
    const key = `${flag}\n${reason}\n${municipality ?? ''}`;
    let noted = this.#noted.get(key);
    if (noted === undefined) {
      noted = { flag, municipality, reason, places: [] };
      this.#noted.set(key, noted);
    }
    noted.places.push({ position, below });
  }

  /** Adds what another one gathered. */
  takeOver(other: DisabledFeatures): void {
    for (const { flag, municipality, reason, places } of other.#noted.values()) {
      for (const { position, below } of places) {
        this.add(flag, municipality, reason, position, below);
      }
    }
  }

  /** What was left out of the answer, as far as clients are told; nothing before `settle`. */
  list(): readonly DisabledFeature[] {
    return this.#listed;
  }

  /** Keeps of the list what clients are told. */
  tell(isTold: (feature: DisabledFeature) => boolean): void {
    this.#listed = this.#listed.filter(isTold);
  }

  /** Finds the paths, once the answer is there: in the order of flag and municipality, so that equal requests answer equal bytes. */
  settle(answer: AnswerAtHand): void {
    if (this.#noted.size === 0) {
      return;
    }
    const flattened = new Map<string, readonly Place[]>();
    const data = once(answer.data);
    const find = ({ position, below }: Noted['places'][number]): readonly ResponsePath[] => {
      const { path, nth } = toClientNames(position, answer);
      const rest = below.map((step) => (typeof step === 'string' ? answer.toClient(step) : step));
      return answer.isAsked([...path, ...rest].filter(isName))
        ? locate(nth === undefined ? { path } : { path, nth }, rest, data, flattened)
        : [];
    };
    this.#listed = [...this.#noted.values()]
      .map(({ places, flag, municipality, reason }) => {
        const found = places.flatMap(find);
        const paths = found.length <= 1 ? found : inOrder(found);
        return { flag, municipality, reason, pathCount: paths.length, paths: paths.slice(0, MAX_PATHS) };
      })
      .filter(({ pathCount }) => pathCount > 0)
      .sort((a, b) => compare(a.flag, b.flag) || compare(a.municipality ?? '', b.municipality ?? ''));
  }
}

/** Each path once, in an order that does not depend on which fetch noted it first. */
function inOrder(paths: readonly ResponsePath[]): readonly ResponsePath[] {
  return [...new Map(paths.map((path) => [path.join('\u0000'), path])).values()].sort(comparePaths);
}

function comparePaths(one: ResponsePath, other: ResponsePath): number {
  for (const [depth, step] of one.entries()) {
    const against = other[depth];
    if (step !== against) {
      return typeof step === 'number' && typeof against === 'number'
        ? step - against
        : compare(String(step), String(against ?? ''));
    }
  }
  return one.length - other.length;
}

/** The paths with their indexes; with `@` where the answer does not tell. */
function locate(
  { path, nth }: AnswerPosition,
  below: ResponsePath,
  data: () => unknown,
  flattened: Map<string, readonly Place[]>,
): readonly ResponsePath[] {
  if (!path.includes('@') && !below.includes('@')) {
    return [[...path, ...below]];
  }
  const key = path.join('\u0000');
  const all = flattened.get(key) ?? objectsAt({ path: [], value: data() }, path);
  flattened.set(key, all);
  const only = nth === undefined ? undefined : all[nth.index];
  if (nth !== undefined && (all.length !== nth.of || only === undefined)) {
    return [[...path, ...below]];
  }
  // The last step is what is null: only what encloses it is walked.
  return (only === undefined ? all : [only]).flatMap((place) =>
    objectsAt(place, below.slice(0, -1)).map((parent) => [...parent.path, ...below.slice(-1)]),
  );
}

function toClientNames({ path, nth }: AnswerPosition, { toClient }: AnswerAtHand): AnswerPosition {
  const named = path.map((step) => (typeof step === 'string' ? toClient(step) : step));
  return nth === undefined ? { path: named } : { path: named, nth };
}

function isName(step: string | number): step is string {
  return typeof step === 'string' && step !== '@';
}

function once<T>(read: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => {
    kept ??= { value: read() };
    return kept.value;
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
