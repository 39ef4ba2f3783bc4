import type { PlannedRequest } from '../../model/CompiledPlan.ts';
import type { AnswerPosition } from '../../model/DisabledFeatures.ts';
import type { JsonObject } from '../../model/Json.ts';
import type { GateValues, TextFetch } from '../../model/SubgraphFetch.ts';
import { type BodyTemplate, bodyText, readVariables } from './bodyText.ts';
import type { CollectedCall, SpliceState } from './compileSplice.ts';

/**
 * What one request of a fast execution sends. A class, since an object literal with a getter is a shape of its own every time
 * it is made, and keeps all that its getter sees until the whole heap is collected.
 */
export class SplicedFetch implements TextFetch {
  readonly subgraph: string;
  readonly kind: PlannedRequest['kind'];
  readonly clientVariables: JsonObject;
  readonly representations: readonly (readonly string[])[];
  readonly isDivisible: boolean;
  readonly #request: PlannedRequest;
  readonly #template: BodyTemplate;
  readonly #calls: readonly CollectedCall[];
  readonly #state: SpliceState;

  constructor(
    request: PlannedRequest,
    template: BodyTemplate,
    variables: JsonObject,
    calls: readonly CollectedCall[],
    state: SpliceState,
    isDivisible: boolean,
  ) {
    this.subgraph = request.subgraph;
    this.kind = request.kind;
    this.clientVariables = variables;
    this.representations = calls.map((call) => call.reps);
    this.isDivisible = isDivisible;
    this.#request = request;
    this.#template = template;
    this.#calls = calls;
    this.#state = state;
  }

  get operation() {
    return this.#request.operation;
  }

  get operationName() {
    return this.#request.operationName;
  }

  get nodes() {
    return this.#request.nodes;
  }

  get responsePath() {
    return this.#template.path;
  }

  get body(): string {
    return bodyText(this.#template, this.clientVariables, this.representations);
  }

  bodyOf(gate: GateValues, positions?: readonly number[]): string {
    return bodyText(this.#template, this.clientVariables, this.#carried(positions), gate);
  }

  variables(positions?: readonly number[]): JsonObject {
    return readVariables(this.#template, this.clientVariables, this.#carried(positions));
  }

  /** Undefined where it was not noted. */
  positionsOf(representation: number | undefined): readonly AnswerPosition[] | undefined {
    const { work } = this.#request;
    if (work.kind === 'root') {
      return [{ path: work.path }];
    }
    const [target, ...others] = work.calls.flatMap(({ targets }) => targets);
    if (this.#state.isLost || target === undefined || others.length > 0 || representation === undefined) {
      return undefined;
    }
    const positions: AnswerPosition[] = [];
    for (const byRepresentation of this.#calls[0]?.waiting ?? []) {
      for (const { at } of byRepresentation[representation] ?? []) {
        if (at === undefined) {
          return undefined;
        }
        for (const indexes of at) {
          let used = 0;
          const path = target.path.map((step) => (step === '@' ? (indexes[used++] ?? step) : step));
          if (used !== indexes.length) {
            return undefined;
          }
          positions.push({ path });
        }
      }
    }
    return positions;
  }

  #carried(positions: readonly number[] | undefined): readonly (readonly string[])[] {
    return positions === undefined ? this.representations : this.representations.map((reps) => onlyAt(reps, positions));
  }
}

/** The items of a list at the positions that it has. */
export function onlyAt<T>(list: readonly T[], positions: readonly number[]): T[] {
  return positions.map((position) => list[position]).filter((item) => item !== undefined);
}
