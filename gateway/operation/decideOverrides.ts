/** Decides whether the label of a progressive `@override` holds for a request. */
export type DecideOverride = (label: string, request: { readonly requestId: string }) => boolean;

/** The labels that hold for a request, as the planner takes them. */
export type OverrideDecisions = ReadonlyMap<string, boolean>;

const NONE: OverrideDecisions = new Map();
const PERCENT = /^percent\((\d+(?:\.\d+)?)\)$/;

/**
 * `percent(n)` holds for n percent of the requests: which ones follows from their ids, so that a label is decided once for a
 * request and a larger share contains a smaller one. Any other label holds where it is among `labelsOn`.
 */
export function createDecideOverride(labelsOn: ReadonlySet<string> = new Set()): DecideOverride {
  return (label, { requestId }) => {
    const percent = PERCENT.exec(label)?.[1];
    return percent === undefined ? labelsOn.has(label) : shareOf(requestId) < Number(percent);
  };
}

/** Decides all labels of a supergraph for a request. */
export function decideOverrides(
  labels: readonly string[],
  decide: DecideOverride,
  request: { readonly requestId: string },
): OverrideDecisions {
  return labels.length === 0 ? NONE : new Map(labels.map((label) => [label, decide(label, request)]));
}

/** From 0 to below 100, evenly spread. */
function shareOf(requestId: string): number {
  let hash = 2166136261;
  for (let i = 0; i < requestId.length; i++) {
    hash = Math.imul(hash ^ requestId.charCodeAt(i), 16777619);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * 100;
}
