import type { CompiledPlan, PlannedRequest } from '../../model/CompiledPlan.ts';
import type { JsonObject } from '../../model/Json.ts';
import type { SendBytes, SubgraphBytes } from '../../model/SubgraphFetch.ts';
import { type BodyTemplate, bodyText } from './bodyText.ts';
import type { CollectedCall, SpliceProgram, WaitingLists } from './compileSplice.ts';
import { compactText, DOUBT } from './jsonScan.ts';
import type { SplicedNode } from './Spliced.ts';

/** A request that went out in a fast execution: what for, and the answer, which may still be on its way. */
export interface SentRequest {
  readonly request: PlannedRequest;
  /** Representations as text, by call. */
  readonly representations: readonly (readonly string[])[];
  readonly answer: Promise<SubgraphBytes>;
}

export type SplicedAnswer =
  | { readonly kind: 'spliced'; readonly text: string }
  /** Something was not exactly as expected. What was sent need not be sent again. */
  | { readonly kind: 'doubt'; readonly sent: readonly SentRequest[] };

export interface SpliceExecution {
  readonly plan: CompiledPlan;
  readonly program: SpliceProgram;
  readonly bodies: readonly BodyTemplate[];
  readonly variables: JsonObject;
  readonly sendBytes: SendBytes;
}

/**
 * Runs a plan on the texts of the answers: checks each with the program of the operation and puts its pieces where they belong.
 * Nothing is parsed. At the first thing that is not exactly as expected it ends with `doubt`.
 */
export function executeSplice(execution: SpliceExecution): Promise<SplicedAnswer> {
  return new Promise((resolve) => {
    new SpliceRun(execution, resolve).start();
  });
}

class SpliceRun {
  readonly #execution: SpliceExecution;
  readonly #resolve: (answer: SplicedAnswer) => void;
  readonly #root: SplicedNode;
  readonly #lists: WaitingLists = [];
  readonly #waitsFor: number[];
  readonly #sent: SentRequest[] = [];
  #running = 0;
  #isOver = false;

  constructor(execution: SpliceExecution, resolve: (answer: SplicedAnswer) => void) {
    this.#execution = execution;
    this.#resolve = resolve;
    this.#root = execution.program.createRoot();
    this.#waitsFor = execution.plan.requests.map((request) => request.waitsFor);
  }

  start(): void {
    this.#guard(() => {
      this.#execution.plan.requests.forEach((request, r) => {
        if (request.waitsFor === 0) {
          this.#begin(request, r);
        }
      });
      this.#finishIfDone();
    });
  }

  #begin(request: PlannedRequest, r: number): void {
    const { program, bodies, variables, sendBytes } = this.#execution;
    const steps = program.requests[r];
    const template = bodies[r];
    if (steps === undefined || template === undefined) {
      throw new Error('A request without a program.');
    }
    const calls = steps.collect.map((collect, c): CollectedCall & { key: string } => {
      const { reps, waiting } = collect(this.#lists);
      return { reps, waiting, key: template.keys[c] ?? '' };
    });
    if (calls.length > 0 && calls.every((call) => call.reps.length === 0)) {
      this.#ended(request);
      return;
    }
    const { subgraph, operation, operationName, kind, nodes } = request;
    const representations = calls.map((call) => call.reps);
    const answer = sendBytes({
      subgraph,
      operation,
      operationName,
      kind,
      nodes,
      responsePath: template.path,
      body: bodyText(template, variables, representations),
    });
    this.#sent.push({ request, representations, answer });
    this.#running++;
    answer.then(
      ({ bytes }) => {
        this.#guard(() => {
          steps.read(compactText(bytes), this.#root, calls, this.#lists);
          this.#running--;
          this.#ended(request);
          this.#finishIfDone();
        });
      },
      () => {
        // The other way says which fields a failed request leaves empty; it need not be sent again for that.
        this.#guard(() => {
          throw DOUBT;
        });
      },
    );
  }

  /** Starts the requests that waited for this one only. */
  #ended(request: PlannedRequest): void {
    for (const later of request.next) {
      const left = (this.#waitsFor[later] ?? 1) - 1;
      this.#waitsFor[later] = left;
      const next = this.#execution.plan.requests[later];
      if (left === 0 && next !== undefined) {
        this.#begin(next, later);
      }
    }
  }

  #finishIfDone(): void {
    if (this.#running === 0 && !this.#isOver) {
      const text = this.#root.write();
      this.#isOver = true;
      this.#resolve({ kind: 'spliced', text });
    }
  }

  #guard(run: () => void): void {
    if (this.#isOver) {
      return;
    }
    try {
      run();
    } catch (error) {
      this.#isOver = true;
      if (error !== DOUBT) {
        this.#resolve(Promise.reject(error) as never);
        return;
      }
      this.#resolve({ kind: 'doubt', sent: this.#sent });
    }
  }
}
