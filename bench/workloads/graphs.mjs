import { hasRetail, readRetail } from './retail.mjs';

const RETAIL = { graph: 'retail', isThere: hasRetail };
const MUNICIPAL = { graph: 'municipal', isThere: true };

/** Which graph a workload belongs to, and whether its data is here. */
export const WORKLOADS = { W1: RETAIL, W2: RETAIL, W3: MUNICIPAL, W4: MUNICIPAL };

/**
 * A supergraph with its subgraphs and workloads:
 * `{ supergraphSdl, federation1Sdl, municipalityFiles?, workloads: { name: { title, body, expected } }, answer(subgraph, request) }`.
 * `federation1Sdl` is absent where the subgraphs have no form of Federation 1.
 */
export async function readGraph(name) {
  switch (name) {
    case 'retail':
      return readRetail();
    case 'municipal':
      return (await import('./municipal.mjs')).readMunicipal();
    case 'growth':
      return (await import('./growing.mjs')).readGrowing();
    case 'flags':
      return (await import('../flags/graph.mjs')).readFlags();
    default:
      throw new Error(`There is no graph "${name}".`);
  }
}
