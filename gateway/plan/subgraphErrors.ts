import { ERRORS } from '../../schema/errorCodes.ts';
import type { TakenField } from '../model/CompiledPlan.ts';
import { isJsonObject } from '../model/Json.ts';
import { MAX_ERRORS, type ResponseError, type ResponsePath } from '../model/ResponseError.ts';
import type { ResponseNames } from '../model/ResponseNames.ts';

/** The `errors` of a subgraph's answer in our form; what is no error object becomes one, so that none is lost. */
export function subgraphErrors(errors: readonly unknown[], subgraph: string): readonly ResponseError[] {
  return errors.slice(0, MAX_ERRORS).map((error): ResponseError => {
    const { message, path, extensions } = isJsonObject(error) ? error : {};
    return {
      message:
        typeof message === 'string' && message !== '' ? message : `The subgraph "${subgraph}" reported an error.`,
      ...(isPath(path) ? { path } : {}),
      extensions: {
        code: ERRORS.SUBGRAPH_ERROR.code,
        retryable: ERRORS.SUBGRAPH_ERROR.retryable,
        ...(isJsonObject(extensions) ? extensions : {}),
        serviceName: subgraph,
      },
    };
  });
}

function isPath(path: unknown): path is ResponsePath {
  return Array.isArray(path) && path.every((step) => typeof step === 'string' || typeof step === 'number');
}

/** Turns a path of a subgraph's answer, or of the merged answer where `fields` is undefined, into the client's names. */
export function clientPath(
  path: ResponsePath,
  fields: readonly TakenField[] | undefined,
  names: ResponseNames,
): ResponsePath {
  let below = fields;
  return path.map((step) => {
    if (typeof step === 'number') {
      return step;
    }
    const field = below?.find((candidate) => candidate.responseName === step);
    below = field?.fields;
    return names.toClient(field?.storedName ?? step);
  });
}
