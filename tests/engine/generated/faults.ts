import { hash } from './Random.ts';

/** What goes wrong in the subgraphs. The same seed breaks the same places, however they are asked for. */
export interface Faults {
  readonly seed: number;
  /** Of the fields; 0: nothing goes wrong at all. */
  readonly percent: number;
}

export type FieldFault = 'null' | 'error' | 'wrong' | 'missing';

/** How a whole subgraph fails. */
export type SubgraphFault = 'down' | 'down for entities' | 'short lists' | 'no data' | 'errors without paths';

const FIELD_FAULTS = ['null', 'error', 'wrong', 'missing'] as const;
const SUBGRAPH_FAULTS = ['down', 'down for entities', 'short lists', 'no data', 'errors without paths'] as const;

export function fieldFault({ seed, percent }: Faults, key: readonly (string | number)[]): FieldFault | undefined {
  const number = hash(seed, 'field', ...key);
  return number % 100 < percent ? FIELD_FAULTS[(number >>> 8) % FIELD_FAULTS.length] : undefined;
}

/** A missing entity, or a field that nobody asked for. */
export function hasFault({ seed, percent }: Faults, kind: 'entity' | 'extra', type: string, id: string): boolean {
  return hash(seed, kind, type, id) % 100 < percent;
}

/** One subgraph in ten, when something goes wrong at all. */
export function subgraphFault({ seed, percent }: Faults, subgraph: string): SubgraphFault | undefined {
  const number = hash(seed, 'subgraph', subgraph);
  return percent > 0 && number % 10 === 0 ? SUBGRAPH_FAULTS[(number >>> 8) % SUBGRAPH_FAULTS.length] : undefined;
}
