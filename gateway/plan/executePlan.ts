import type { CompiledPlan, PlannedRequest } from '../model/CompiledPlan.ts';
import { createBareObject, type JsonObject } from '../model/Json.ts';
import { MAX_ERRORS, type ResponseError } from '../model/ResponseError.ts';
import type { ResponseNames } from '../model/ResponseNames.ts';
import type { SendFetch } from '../model/SubgraphFetch.ts';
import { runEntityRequest } from './runEntityRequest.ts';
import { runRootRequest } from './runRootRequest.ts';
import type { TypeSets } from './TypeSets.ts';
import { checkWitnesses, type IsKnown, STRANGER } from './witnesses.ts';

/** One execution of a plan: what it reads, and the answer that grows. */
export interface Execution {
  readonly types: TypeSets;
  readonly names: ResponseNames;
  /** The client's variables under the names that the plan uses. */
  readonly variables: JsonObject;
  readonly send: SendFetch;
  /** The merged answer, by the names of the plan. */
  readonly data: JsonObject;
  /** Whether a municipality is known, for plans with witnesses; absent: all are. */
  readonly isKnown?: IsKnown | undefined;
  addError(error: ResponseError): void;
}

/** What the subgraphs said, merged; names are those of the plan in `data`, those of the client in `errors`. */
export interface PlanResult {
  readonly data: JsonObject;
  readonly errors: readonly ResponseError[];
}

/**
 * Runs the requests of a plan, each as soon as those before it have ended. A request that fails leaves its fields out and an
 * error behind; the others run on, as data with nulls beats no data. `stranger`: an object says that it is a municipality
 * which is not known; what would have come after it is not sent.
 */
export async function executePlan(
  plan: CompiledPlan,
  { types, names, variables, send, isKnown }: Omit<Execution, 'data' | 'addError'>,
): Promise<PlanResult | 'stranger'> {
  const errors: ResponseError[] = [];
  const execution: Execution = {
    types,
    names,
    variables,
    send,
    isKnown,
    data: createBareObject(),
    addError(error) {
      if (errors.length < MAX_ERRORS) {
        errors.push(error);
      }
    },
  };
  const waitsFor = plan.requests.map((request) => request.waitsFor);

  const runFrom = async (request: PlannedRequest): Promise<void> => {
    await runRequest(request, execution);
    if (isKnown !== undefined) {
      checkWitnesses(request.witnesses, execution.data, isKnown);
    }
    const ready = request.next.filter((later) => {
      const left = (waitsFor[later] ?? 1) - 1;
      waitsFor[later] = left;
      return left === 0;
    });
    await runAll(
      ready.flatMap((later) => plan.requests[later] ?? []),
      runFrom,
    );
  };
  try {
    await runAll(
      plan.requests.filter((request) => request.waitsFor === 0),
      runFrom,
    );
  } catch (error) {
    if (error === STRANGER) {
      return 'stranger';
    }
    throw error;
  }
  return { data: execution.data, errors };
}

async function runAll(
  requests: readonly PlannedRequest[],
  run: (request: PlannedRequest) => Promise<void>,
): Promise<void> {
  const [only, ...others] = requests;
  if (only !== undefined) {
    await (others.length === 0 ? run(only) : Promise.all(requests.map(run)));
  }
}

function runRequest(request: PlannedRequest, execution: Execution): Promise<void> {
  return request.work.kind === 'root'
    ? runRootRequest(request, request.work, execution)
    : runEntityRequest(request, request.work.calls, execution);
}
