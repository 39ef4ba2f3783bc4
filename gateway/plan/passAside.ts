import type { FetchNode } from '@apollo/query-planner';
import { Kind, type SelectionSetNode } from 'graphql';

import type { PlacedFetch } from './fetchNodes.ts';
import { entitySelection, operationOf } from './fetchOperation.ts';
import { type BroughtFields, reads } from './reads.ts';

/**
 * Lets fetches pass those that stand aside: entity fetches which sequences put before others that need nothing of them. A fetch waits
 * for one aside only where it reads what that brings; for all others in the order of the plan.
 */
export function passAside(
  placed: readonly PlacedFetch[],
  isAside: (node: FetchNode) => boolean,
): readonly PlacedFetch[] {
  const aside = new Map(
    placed.flatMap((fetch, position) =>
      isAside(fetch.node) && fetch.node.requires !== undefined ? [[position, broughtBy(fetch)] as const] : [],
    ),
  );
  if (aside.size === 0) {
    return placed;
  }
  const before: ReadonlySet<number>[] = [];
  const passed: PlacedFetch[] = [];
  for (const fetch of placed) {
    const all = new Set(fetch.after.flatMap((position) => [position, ...(before[position] ?? [])]));
    const isNeeded = (position: number): boolean => {
      const brought = aside.get(position);
      return brought === undefined || mayRead(fetch, placed[position], brought);
    };
    const waitedFor = (positions: readonly number[]): readonly number[] =>
      positions.flatMap((position) => (isNeeded(position) ? [position] : waitedFor(placed[position]?.after ?? [])));
    // One aside that nobody between waits for is waited for by whoever reads it.
    const read = [...all].filter((position) => aside.has(position) && isNeeded(position));
    const after = [...new Set([...waitedFor(fetch.after), ...read])];
    const level = after.reduce((highest, position) => Math.max(highest, (passed[position]?.level ?? 0) + 1), 0);
    before.push(all);
    passed.push({ ...fetch, after, level });
  }
  return passed;
}

/** Names that are changed on the way, and values from enclosing objects, are not looked into. */
function mayRead(fetch: PlacedFetch, source: PlacedFetch | undefined, brought: BroughtFields): boolean {
  const isPlain = (fetch.node.contextRewrites?.length ?? 0) === 0 && (source?.node.outputRewrites?.length ?? 0) === 0;
  return !isPlain || reads(fetch, brought);
}

function broughtBy({ path, node }: PlacedFetch): BroughtFields {
  const responseNames = new Set<string>();
  function collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        responseNames.add((selection.alias ?? selection.name).value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      }
    }
  }
  collect(entitySelection(operationOf(node)));
  return { path, responseNames };
}
