import type { GraphQLFormattedError } from 'graphql';
import { ERRORS } from '../../schema/errorCodes.ts';
import type { DisabledFeature } from '../model/DisabledFeatures.ts';

/** Codes of well-formed requests whose operation cannot run. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  ERRORS.GRAPHQL_PARSE_FAILED.code,
  ERRORS.GRAPHQL_VALIDATION_FAILED.code,
  ERRORS.OPERATION_RESOLUTION_FAILURE.code,
  ERRORS.OPERATION_TOO_LARGE.code,
  ERRORS.BAD_USER_INPUT.code,
]);

/** Whether a well-formed request was refused before it ran. */
export function isRefused(data: unknown, errors: readonly GraphQLFormattedError[] | undefined): boolean {
  return (
    data === undefined &&
    errors !== undefined &&
    errors.length > 0 &&
    errors.every(({ extensions }) => REFUSALS.has(extensions?.code))
  );
}

/**
 * The status of an answer whose operation was refused (GraphQL over HTTP, section 6.4): clients that accept
 * application/graphql-response+json learn it from the status as well, for the others it is an answer like any other, unless
 * it cannot be told which operation they meant.
 * See docs/decisions/0020-no-operation-of-that-name.md
 */
export function statusOfRefusal(
  errors: readonly GraphQLFormattedError[] | undefined,
  accept: string | undefined,
): 200 | 400 {
  return acceptsGraphqlResponse(accept) ||
    errors?.some(({ extensions }) => extensions?.code === ERRORS.OPERATION_RESOLUTION_FAILURE.code)
    ? 400
    : 200;
}

export function acceptsGraphqlResponse(accept: string | undefined): boolean {
  return accept?.includes('application/graphql-response+json') ?? false;
}

/** An error with the id that finds it in the log. */
export function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

/** `extensions.features`: what the request left out; nothing when it left out nothing. */
export function featureExtension(disabled: readonly DisabledFeature[]): Readonly<Record<string, unknown>> {
  return disabled.length === 0 ? {} : { features: { disabled } };
}
