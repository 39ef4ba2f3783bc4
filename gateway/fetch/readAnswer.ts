import { ERRORS, isSubgraphCode } from '../../schema/errorCodes.ts';
import { isJsonObject, type JsonObject } from '../model/Json.ts';
import type { TransportAnswer } from '../model/SubgraphTransport.ts';

/** An answer over HTTP with nothing in it read yet. */
export interface ReceivedAnswer {
  readonly statusCode: number;
  readonly cacheControl: string;
  readonly bytes: Buffer;
}

/** Refuses bytes that are no UTF-8, and keeps nothing between calls. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Parses an answer (GraphQL over HTTP); throws SUBGRAPH_INVALID_RESPONSE where it is none. */
export function readAnswer({ bytes, statusCode, cacheControl }: ReceivedAnswer, subgraph: string): TransportAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(UTF8.decode(bytes));
  } catch {
    throw ERRORS.SUBGRAPH_INVALID_RESPONSE.create(`The subgraph "${subgraph}" answered something that is not JSON.`, {
      subgraph,
    });
  }
  if (!isJsonObject(answer) || !(isJsonObject(answer.data) || hasErrors(answer.errors))) {
    throw ERRORS.SUBGRAPH_INVALID_RESPONSE.create(
      `The subgraph "${subgraph}" answered with status ${statusCode} and neither data nor errors.`,
      { subgraph },
    );
  }
  // What says that something failed, and not what, cannot pass for a success: its nulls would be kept (GraphQL 7.1.2).
  if (answer.errors !== undefined && answer.errors !== null && !hasErrors(answer.errors)) {
    throw ERRORS.SUBGRAPH_INVALID_RESPONSE.create(
      `The subgraph "${subgraph}" answered with "errors" that are not a list of errors, or an empty one.`,
      { subgraph },
    );
  }
  const errors = firstErrors(answer.errors);
  return { data: answer.data, errors, maxAgeSeconds: errors === undefined ? readMaxAge(cacheControl) : 0 };
}

/** Most errors of one answer that are passed on; what comes after tells a reader nothing new. */
const MAX_ERRORS = 10;

/** The errors of an answer that are passed on; undefined when there are none. */
export function firstErrors(errors: unknown): readonly JsonObject[] | undefined {
  return hasErrors(errors) ? errors.slice(0, MAX_ERRORS).map(toReported) : undefined;
}

/** An error with a code that a subgraph may use; what is no error object says nothing. */
function toReported(error: unknown): JsonObject {
  const { extensions, ...rest } = isJsonObject(error) ? error : {};
  const facts = isJsonObject(extensions) ? extensions : {};
  return {
    ...rest,
    extensions: isSubgraphCode(facts.code) ? facts : { ...facts, code: ERRORS.SUBGRAPH_ERROR.code },
  };
}

function hasErrors(errors: unknown): errors is readonly unknown[] {
  return Array.isArray(errors) && errors.length > 0;
}

/** The shared freshness of an answer in seconds (RFC 9111, section 5.2.2); 0 when it may not be kept. */
function readMaxAge(header: string): number {
  if (/\b(?:no-store|no-cache|private)\b/i.test(header)) {
    return 0;
  }
  return Number(/\bs-maxage=(\d+)/i.exec(header)?.[1] ?? /\bmax-age=(\d+)/i.exec(header)?.[1] ?? 0);
}
