import type { GraphQLSchema } from 'graphql';

import type { CompiledPlan } from '../../model/CompiledPlan.ts';
import type { OutputSelection } from '../../response/OutputSelection.ts';
import { DOUBT, scanAny, scanBoolean, scanEscapedString, scanFloat, scanInt, scanPlainString } from './jsonScan.ts';
import { findPlaces } from './places.ts';
import { type SplicedNode, SplicedPieces } from './Spliced.ts';
import { spliceCode } from './spliceCode.ts';

/** Nodes that wait for later answers, by the number of their place; behind them, nodes by text. */
export type WaitingLists = (SplicedNode[] | Map<string, SplicedNode> | undefined)[];

/** What one entity call sends, and who waits for each of its entities. */
export interface CollectedCall {
  /** Representations as JSON text, each once. */
  readonly reps: readonly string[];
  /** By place, then by representation. */
  readonly waiting: readonly (readonly (readonly SplicedNode[] | undefined)[])[];
}

/** The generated program of the fast path for one operation. All of its functions throw `DOUBT`. */
export interface SpliceProgram {
  createRoot(): SplicedNode;
  readonly requests: readonly {
    /** Reads an answer into the nodes that wait for it. `calls` carry the names of their fields in the answer. */
    read(
      text: string,
      root: SplicedNode,
      calls: readonly (CollectedCall & { key: string })[],
      lists: WaitingLists,
    ): void;
    readonly collect: readonly ((lists: WaitingLists) => CollectedCall)[];
  }[];
}

/** Undefined where the operation has something that the fast path does not know. */
export function compileSplice(
  plan: CompiledPlan,
  schema: GraphQLSchema,
  rootType: string,
  selection: OutputSelection,
): SpliceProgram | undefined {
  const places = findPlaces(plan, schema, rootType, selection);
  if (places === undefined) {
    return undefined;
  }
  const make = new Function(
    'DOUBT',
    'Pieces',
    'plainString',
    'escapedString',
    'int',
    'float',
    'boolean',
    'any',
    spliceCode(places),
  );
  return make(
    DOUBT,
    SplicedPieces,
    scanPlainString,
    scanEscapedString,
    scanInt,
    scanFloat,
    scanBoolean,
    scanAny,
  ) as SpliceProgram;
}
