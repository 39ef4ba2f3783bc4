import type { Shape } from './fetch/compileShape.ts';
import type { Fetcher } from './fetch/createFetcher.ts';
import { pruneAnswer } from './fetch/pruneAnswer.ts';
import { type DecidedCall, decideFetch } from './flags/decideFetch.ts';
import { doubtfulTexts } from './flags/wholeFetch.ts';
import { type AnswerPosition, DisabledFeatures } from './model/DisabledFeatures.ts';
import type { FetchGate } from './model/FetchGate.ts';
import type { RequestState } from './model/RequestState.ts';
import type { DividedFetch, FetchPart, SubgraphBytes, TextFetch } from './model/SubgraphFetch.ts';

export interface GatedBytesOptions {
  readonly gate: FetchGate;
  readonly fetchBytes: NonNullable<Fetcher['fetchBytes']>;
  /** What an answer may hold. */
  readonly shape: () => Shape;
  readonly state: RequestState;
}

/**
 * Sends what the gate leaves of a fetch, in as many requests as there are different decisions among its representations. Undefined,
 * with nothing sent, where its answer must be read to be settled: objects are masked or stamped in it, its types tell what was left
 * out, or nobody knows yet where in the client's answer its objects are.
 */
export function sendGatedBytes(
  fetch: TextFetch,
  { gate, fetchBytes, shape, state }: GatedBytesOptions,
): Promise<SubgraphBytes> | DividedFetch | undefined {
  if (gate.answer !== undefined || gate.isStamped) {
    return undefined;
  }
  const { subgraph, kind } = fetch;
  const names = gate.variables.map(({ name }) => name);
  const send = (off: readonly string[], positions?: readonly number[]): Promise<SubgraphBytes> => {
    const on = names.filter((name) => !off.includes(name));
    return fetchBytes({ subgraph, kind, body: fetch.bodyOf({ unsent: gate.ownVariables, on, off }, positions) }, state);
  };
  const [texts = []] = fetch.representations;
  const doubtful = doubtfulTexts(gate, texts, fetch.clientVariables, state.snapshot);
  if (doubtful?.length === 0) {
    return send([]);
  }
  const decision = decide(fetch, gate, doubtful, state);
  if (decision === undefined) {
    return undefined;
  }
  state.disabled.takeOver(decision.disabled);
  if (decision.kept !== undefined) {
    const positions = decision.kept;
    return { parts: positions.length === 0 ? [] : [{ positions, off: [], answer: send([], positions) }] };
  }
  return { parts: decision.calls.map(toPart) };

  function toPart(call: DecidedCall): FetchPart {
    const { positions, variables } = call;
    const off = names.filter((name) => variables[name] === false);
    const answer = send(off, positions);
    return { positions, off, answer: off.length === 0 ? answer : answer.then((received) => pruned(received, call)) };
  }

  /** What a subgraph answers to a part that was left out changes nothing. */
  function pruned(received: SubgraphBytes, { variables }: DecidedCall): SubgraphBytes {
    return {
      bytes: received.bytes,
      read: () => {
        const answer = received.read();
        return { ...answer, data: pruneAnswer(answer.data, shape(), [{ variables, positions: undefined }]) };
      },
      release: () => received.release?.(),
    };
  }
}

interface Decision {
  readonly disabled: DisabledFeatures;
  readonly calls: readonly DecidedCall[];
  /** The positions of representations that are sent as they are, with all others left out; undefined: see `calls`. */
  readonly kept: readonly number[] | undefined;
}

/** Undefined where the answer must be read. */
function decide(
  fetch: TextFetch,
  gate: FetchGate,
  doubtful: readonly number[] | undefined,
  { snapshot }: RequestState,
): Decision | undefined {
  const { responsePath } = fetch;
  let isBelowList = false;
  const positionsOf = (index: number | undefined): readonly AnswerPosition[] => {
    const known = responsePath.includes('@') ? fetch.positionsOf(index) : [{ path: responsePath }];
    isBelowList ||= known === undefined;
    return known ?? [];
  };
  const decideOver = (positions?: readonly number[]): Decision => {
    const disabled = new DisabledFeatures();
    const at = positions === undefined ? positionsOf : (index = 0) => positionsOf(positions[index]);
    const variables = fetch.variables(positions);
    const calls = decideFetch(gate, { variables, positionsOf: at }, { snapshot, disabled });
    return { disabled, calls, kept: undefined };
  };
  // Mostly those in doubt are left out as a whole, and the others are sent as they are.
  const part = doubtful === undefined ? undefined : decideOver(doubtful);
  const decision = part?.calls.length === 0 ? part : decideOver();
  const { calls } = decision;
  const isPartial = calls.some(({ variables }) => gate.variables.some(({ name }) => variables[name] === false));
  if (isBelowList || (gate.notes !== undefined && calls.length > 0) || (isPartial && !fetch.isDivisible)) {
    return undefined;
  }
  if (decision !== part) {
    return decision;
  }
  const count = fetch.representations[0]?.length ?? 0;
  const kept = Array.from({ length: count }, (_, position) => position).filter((each) => !doubtful?.includes(each));
  return { ...decision, kept };
}
