import type { GraphQLSchema } from 'graphql';

import type { CompiledPlan } from '../../model/CompiledPlan.ts';
import { STRANGER } from '../../plan/witnesses.ts';
import type { OutputSelection } from '../../response/OutputSelection.ts';
import { type AnswerBytes, scratch } from './AnswerBytes.ts';
import { DOUBT } from './doubt.ts';
import type { IsKnownText } from './knownTexts.ts';
import { output } from './OutputBytes.ts';
import { findPlaces } from './places.ts';
import { isSameText, scanAny, scanBoolean, scanFloat, scanInt, scanNull, scanString } from './scanBytes.ts';
import { spliceCode } from './spliceCode.ts';

/** An object that later answers add to; its class is generated. */
export interface SplicedEntity {
  /** The answer it came with. */
  readonly x: AnswerBytes | undefined;
  /**
   * Where its objects stand: the indexes in the lists around each, the outermost first. Noted for those that come with a
   * root request, and only in programs that tell positions.
   */
  readonly at: readonly (readonly number[])[] | undefined;
}

/** What one execution has read so far. */
export interface SpliceState {
  readonly root: SplicedEntity;
  /** Entities by the number of their place. */
  readonly lists: (SplicedEntity[] | undefined)[];
  readonly isKnown: IsKnownText;
  /** Objects were passed over whose positions are not noted. */
  isLost: boolean;
}

/** A set of variables of the gate. */
export type VariableBits = number;

/** What one entity call sends, and who waits for each of its entities. */
export interface CollectedCall {
  /** Representations as JSON text, each once; UTF-8 in Latin-1 strings. */
  readonly reps: readonly string[];
  /** By place, then by representation. */
  readonly waiting: readonly (readonly (readonly SplicedEntity[] | undefined)[])[];
}

/**
 * The generated program of the fast path for one operation. All but `start` throw `DOUBT`, or a RangeError for the same;
 * `read` throws `STRANGER` where an object is a municipality that is not known.
 */
export interface SpliceProgram {
  start(isKnown: IsKnownText): SpliceState;
  readonly requests: readonly {
    readonly collect: readonly ((state: SpliceState) => CollectedCall)[];
    /** Whether the gate may leave a part of it out, and the answer be read here. */
    readonly isDivisible: boolean;
    /** Reads the answer to a request; `calls` are what it sent, `off` what the gate left out. */
    read(state: SpliceState, answer: AnswerBytes, calls: readonly CollectedCall[], off: VariableBits): void;
  }[];
  /** Variables of the gate as bits. */
  bitsOf(variables: readonly string[]): VariableBits;
  /** The body of the client's answer, `{"data":…}`, once everything is read. */
  write(state: SpliceState): Buffer;
}

/**
 * Undefined where the operation has something that the fast path does not know. `tellsPositions`: somebody may ask where in the
 * answer the objects are that requests complete. `onCode` is told the length of the program.
 */
export function compileSplice(
  plan: CompiledPlan,
  schema: GraphQLSchema,
  rootType: string,
  selection: OutputSelection,
  { tellsPositions, onCode }: { tellsPositions: boolean; onCode: (characters: number) => void },
): SpliceProgram | undefined {
  const places = findPlaces(plan, schema, rootType, selection);
  if (places === undefined) {
    return undefined;
  }
  const tools = {
    DOUBT,
    STRANGER,
    scratch,
    W: output,
    same: isSameText,
    string: scanString,
    int: scanInt,
    float: scanFloat,
    boolean: scanBoolean,
    none: scanNull,
    any: scanAny,
  };
  const code = spliceCode(places, tellsPositions);
  onCode(code.length);
  const make = new Function(...Object.keys(tools), code);
  const program = make(...Object.values(tools)) as Omit<SpliceProgram, 'bitsOf'>;
  const { variables } = places;
  const bitOf = (variable: string): VariableBits =>
    variables.includes(variable) ? 1 << variables.indexOf(variable) : 0;
  return { ...program, bitsOf: (off) => off.reduce((bits, variable) => bits | bitOf(variable), 0) };
}
