import type { CompiledPlan, PlannedRequest } from '../../model/CompiledPlan.ts';
import type { JsonObject } from '../../model/Json.ts';
import type { FetchPart, SendBytes, SubgraphAnswer, SubgraphBytes } from '../../model/SubgraphFetch.ts';
import { WrappedData } from '../../model/WrappedData.ts';
import { type IsKnown, STRANGER } from '../../plan/witnesses.ts';
import { AnswerBytes, giveBackTape } from './AnswerBytes.ts';
import type { BodyTemplate } from './bodyText.ts';
import type { CollectedCall, SpliceProgram, SpliceState } from './compileSplice.ts';
import { DOUBT, isDoubt } from './doubt.ts';
import { knownTexts } from './knownTexts.ts';
import { restoreAnswer } from './restoreAnswer.ts';
import { onlyAt, SplicedFetch } from './SplicedFetch.ts';

/** A request that went out in a fast execution: what for, and the answer, which may still be on its way. */
export interface SentRequest {
  readonly request: PlannedRequest;
  /** How many representations there were, by call, sent or not; those that were not have no entity. */
  readonly counts: readonly number[];
  readonly parts: readonly SentPart[];
}

export interface SentPart {
  /** Representations as text, by call. */
  readonly representations: readonly (readonly string[])[];
  readonly answer: Promise<SubgraphBytes>;
}

export type SplicedAnswer =
  | { readonly kind: 'spliced'; readonly data: WrappedData }
  /** Something was not exactly as expected. What was sent need not be sent again. */
  | { readonly kind: 'doubt'; readonly sent: readonly SentRequest[] }
  /** An object is a municipality that is not known. */
  | { readonly kind: 'stranger' };

export interface SpliceExecution {
  readonly plan: CompiledPlan;
  readonly program: SpliceProgram;
  readonly bodies: readonly BodyTemplate[];
  readonly variables: JsonObject;
  readonly sendBytes: SendBytes;
  /** For plans with witnesses; absent: all municipalities are known. */
  readonly isKnown?: IsKnown | undefined;
}

/**
 * Runs a plan on the bytes of the answers: checks each with the program of the operation and puts its pieces where they
 * belong. An answer that is only written in another way is parsed and written anew; one that says something else than expected
 * (errors, nulls where none may be, types) ends the run with `doubt`.
 */
export function executeSplice(execution: SpliceExecution): Promise<SplicedAnswer> {
  return new Promise((resolve) => {
    new SpliceRun(execution, resolve).start();
  });
}

function partOf({ reps, waiting }: CollectedCall, positions: readonly number[]): CollectedCall {
  return {
    reps: onlyAt(reps, positions),
    waiting: waiting.map((byRepresentation) => positions.map((position) => byRepresentation[position])),
  };
}

/** A request of which nothing is left out, as its only part. */
function wholeOf(answer: Promise<SubgraphBytes>): readonly FetchPart[] {
  return [{ positions: undefined, off: NOTHING, answer }];
}

const NOTHING: readonly string[] = [];

/** A part of a request that is on its way. */
interface PartUnderWay {
  readonly request: PlannedRequest;
  readonly steps: SpliceProgram['requests'][number];
  readonly calls: readonly CollectedCall[];
  readonly off: readonly string[];
}

class SpliceRun {
  readonly #execution: SpliceExecution;
  readonly #resolve: (answer: SplicedAnswer) => void;
  readonly #state: SpliceState;
  readonly #waitsFor: number[];
  readonly #sent: SentRequest[] = [];
  readonly #received: SubgraphBytes[] = [];
  readonly #answers: AnswerBytes[] = [];
  #running = 0;
  #isOver = false;

  constructor(execution: SpliceExecution, resolve: (answer: SplicedAnswer) => void) {
    this.#execution = execution;
    this.#resolve = resolve;
    this.#state = execution.program.start(knownTexts(execution.isKnown));
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
    const calls = steps.collect.map((collect) => collect(this.#state));
    if (calls.length > 0 && calls.every((call) => call.reps.length === 0)) {
      this.#ended(request);
      return;
    }
    const sent = sendBytes(new SplicedFetch(request, template, variables, calls, this.#state, steps.isDivisible));
    if (sent === undefined) {
      throw DOUBT;
    }
    const sentParts = 'parts' in sent ? sent.parts : wholeOf(sent);
    if (sentParts.length === 0) {
      this.#ended(request);
      return;
    }
    const parts: SentPart[] = [];
    this.#sent.push({ request, counts: calls.map(({ reps }) => reps.length), parts });
    let left = sentParts.length;
    this.#running += left;
    for (const { positions, off, answer } of sentParts) {
      const carried = positions === undefined ? calls : calls.map((call) => partOf(call, positions));
      parts.push({ representations: carried.map(({ reps }) => reps), answer });
      this.#await(answer, { request, steps, calls: carried, off }, () => {
        left--;
        if (left === 0) {
          this.#ended(request);
        }
      });
    }
  }

  #await(answer: Promise<SubgraphBytes>, part: PartUnderWay, onEnd: () => void): void {
    answer.then(
      (received) => {
        this.#guard(() => {
          this.#read(part, received);
          this.#running--;
          onEnd();
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

  /** Reads an answer as it came; if it is only written in another way than expected, it is parsed and written anew first. */
  #read(part: PartUnderWay, received: SubgraphBytes): void {
    this.#received.push(received);
    const { steps, calls, off } = part;
    const bits = off.length === 0 ? 0 : this.#execution.program.bitsOf(off);
    const read = (answer: AnswerBytes): void => {
      this.#answers.push(answer);
      steps.read(this.#state, answer, calls, bits);
    };
    let answer: AnswerBytes | undefined;
    try {
      answer = new AnswerBytes(received.bytes);
      read(answer);
    } catch (error) {
      if (!isDoubt(error)) {
        throw error;
      }
      this.#forget(answer);
      read(this.#restored(part, received));
    }
  }

  #restored({ request, calls, off }: PartUnderWay, received: SubgraphBytes): AnswerBytes {
    let answer: SubgraphAnswer;
    try {
      answer = received.read();
    } catch {
      // No answer at all: the other way says so.
      throw DOUBT;
    }
    const bytes = restoreAnswer(
      request,
      answer,
      calls.map((call) => call.reps.length),
      off,
    );
    if (bytes === undefined) {
      throw DOUBT;
    }
    return new AnswerBytes(bytes);
  }

  /** Drops the entities that were found in an answer before it was doubted. */
  #forget(answer: AnswerBytes | undefined): void {
    const { lists } = this.#state;
    lists.forEach((list, n) => {
      lists[n] = list?.filter((entity) => entity.x !== answer);
    });
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
      const data = new WrappedData(this.#execution.program.write(this.#state));
      this.#end();
      for (const received of this.#received) {
        received.release?.();
      }
      this.#resolve({ kind: 'spliced', data });
    }
  }

  #end(): void {
    this.#isOver = true;
    for (const answer of this.#answers) {
      giveBackTape(answer);
    }
  }

  #guard(run: () => void): void {
    if (this.#isOver) {
      return;
    }
    try {
      run();
    } catch (error) {
      this.#end();
      if (error === STRANGER) {
        this.#resolve({ kind: 'stranger' });
        return;
      }
      if (!isDoubt(error)) {
        this.#resolve(Promise.reject(error) as never);
        return;
      }
      this.#resolve({ kind: 'doubt', sent: this.#sent });
    }
  }
}
