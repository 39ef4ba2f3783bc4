import { GraphQLError } from 'graphql';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { PlanPath, RequestHead, TakenField } from '../model/CompiledPlan.ts';
import { createBareObject, isJsonObject, type JsonObject, ownValue } from '../model/Json.ts';
import type { PositionsOf } from '../model/RequestState.ts';
import type { ResponsePath } from '../model/ResponseError.ts';
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
 * Sends one request and checks the outer form of the answer. Where there is none, errors are left at `places` and undefined
 * returned: an answer without data and without errors is never taken for success.
 */
export async function askSubgraph(
  request: RequestHead,
  extraVariables: JsonObject,
  path: PlanPath,
  execution: Execution,
  places: () => readonly ResponsePath[],
  positionsOf: PositionsOf,
): Promise<CheckedAnswer | undefined> {
  try {
    const { data, errors } = await execution.send(
      toFetch(request, extraVariables, path, positionsOf, execution.variables),
    );
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
    addFailure(error, request, places(), execution);
    return undefined;
  }
}

/** Leaves errors for a request that gave nothing: one at each place, or one without a path. */
export function addFailure(
  error: unknown,
  request: RequestHead,
  places: readonly ResponsePath[],
  execution: Execution,
): void {
  const { message, extensions } =
    error instanceof GraphQLError
      ? error
      : ERRORS.SUBGRAPH_UNAVAILABLE.create(`The subgraph "${request.subgraph}" could not be reached.`, undefined, {
          cause: error,
        });
  const failure = { message, extensions: { ...extensions, serviceName: request.subgraph } };
  for (const path of places.length === 0 ? [undefined] : places) {
    execution.addError(path === undefined ? failure : { ...failure, path });
  }
}

/**
 * The fields of an object that a failed request leaves empty, as paths of the client's answer. Of all objects that wait for
 * the same fields only the first is named: the others are empty for the same reason.
 */
export function emptyFields(
  object: JsonObject,
  position: ResponsePath,
  fields: readonly TakenField[],
  names: ResponseNames,
): readonly ResponsePath[] {
  const typename = ownValue(object, '__typename');
  const here = clientPath(position, undefined, names);
  return fields
    .filter(({ onTypes }) => onTypes === undefined || typeof typename !== 'string' || onTypes.has(typename))
    .filter(({ storedName }) => storedName !== '__typename' && !Object.hasOwn(object, storedName))
    .map(({ storedName }) => [...here, names.toClient(storedName)]);
}

function toFetch(
  request: RequestHead,
  extraVariables: JsonObject,
  responsePath: PlanPath,
  positionsOf: PositionsOf,
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
  return { subgraph, operation, operationName, kind, variables, responsePath, positionsOf, nodes };
}
