import { GraphQLError } from 'graphql';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { PlanPath, RequestHead } from '../model/CompiledPlan.ts';
import { createBareObject, isJsonObject, type JsonObject, ownValue } from '../model/Json.ts';
import type { ResponseError } from '../model/ResponseError.ts';
import type { ResponseNames } from '../model/ResponseNames.ts';
import type { SubgraphFetch } from '../model/SubgraphFetch.ts';
import type { Execution } from './executePlan.ts';
import { clientPath } from './subgraphErrors.ts';

/** An answer whose outer form has been checked. `data` is empty where the subgraph sent only errors. */
export interface CheckedAnswer {
  readonly data: JsonObject;
  readonly errors: readonly unknown[];
}

/**
 * Sends one request and checks the outer form of the answer. Where there is none, one error is left at the path of the request
 * and undefined returned: an answer without data and without errors is never taken for success.
 */
export async function askSubgraph(
  request: RequestHead,
  extraVariables: JsonObject,
  path: PlanPath,
  execution: Execution,
): Promise<CheckedAnswer | undefined> {
  try {
    const { data, errors } = await execution.send(toFetch(request, extraVariables, path, execution.variables));
    const list = Array.isArray(errors) ? errors : [];
    if (isJsonObject(data)) {
      return { data, errors: list };
    }
    if ((data !== null && data !== undefined) || list.length === 0) {
      throw ERRORS.SUBGRAPH_INVALID_RESPONSE.create(
        `Expected data from the subgraph "${request.subgraph}", got an answer without data and without errors.`,
      );
    }
    return { data: createBareObject(), errors: list };
  } catch (error) {
    addFailure(error, request, path, execution);
    return undefined;
  }
}

/** Leaves an error for a request that gave nothing. */
export function addFailure(error: unknown, request: RequestHead, path: PlanPath, execution: Execution): void {
  execution.addError(requestFailure(error, request, path, execution.names));
}

/** The error for a request that gave nothing. Its path names the place, without list positions. */
export function requestFailure(
  error: unknown,
  request: RequestHead,
  path: PlanPath,
  names: ResponseNames,
): ResponseError {
  const { message, extensions } =
    error instanceof GraphQLError
      ? error
      : ERRORS.SUBGRAPH_UNAVAILABLE.create(`The subgraph "${request.subgraph}" could not be reached.`, undefined, {
          cause: error,
        });
  const place = clientPath(
    path.filter((step) => step !== '@'),
    undefined,
    names,
  );
  return {
    message,
    ...(place.length === 0 ? {} : { path: place }),
    extensions: { ...extensions, serviceName: request.subgraph },
  };
}

function toFetch(
  request: RequestHead,
  extraVariables: JsonObject,
  responsePath: PlanPath,
  clientVariables: JsonObject,
): SubgraphFetch {
  const variables = createBareObject();
  for (const name of request.variables) {
    const value = ownValue(clientVariables, name);
    if (value !== undefined) {
      variables[name] = value;
    }
  }
  for (const name in extraVariables) {
    variables[name] = extraVariables[name];
  }
  const { subgraph, operation, operationName, kind, nodes } = request;
  return { subgraph, operation, operationName, kind, variables, responsePath, nodes };
}
