import { GraphQLError } from 'graphql';

/** What a code promises to clients: HTTP status when it is the only outcome, whether a later try can succeed, and how to mend it. */
export interface ErrorPromise {
  readonly status: number;
  readonly retryable: boolean;
  readonly help: string;
}

/** One entry of the register: its promise, and the only way to make an error with its code. */
export interface RegisteredError extends ErrorPromise {
  readonly code: string;
  create(
    message: string,
    municipal?: Readonly<Record<string, unknown>>,
    options?: { cause?: unknown; path?: readonly (string | number)[] },
  ): GraphQLError;
}

function defineErrors<const T extends Record<string, ErrorPromise>>(
  promises: T,
): { readonly [K in keyof T]: RegisteredError } {
  const register = Object.entries(promises).map(([code, promise]): [string, RegisteredError] => [
    code,
    {
      ...promise,
      code,
      create: (message, municipal, { cause, path } = {}) =>
        new GraphQLError(message, {
          extensions: { code, retryable: promise.retryable, ...(municipal === undefined ? {} : { municipal }) },
          ...(cause instanceof Error ? { originalError: cause } : {}),
          ...(path === undefined ? {} : { path }),
        }),
    },
  ]);
  return Object.freeze(Object.fromEntries(register)) as { readonly [K in keyof T]: RegisteredError };
}

/** Every code that a client of the graph can meet. Codes are public: add, never rename or reuse. */
export const ERRORS = defineErrors({
  BAD_REQUEST: { status: 400, retryable: false, help: 'The HTTP request is not a GraphQL request.' },
  GRAPHQL_PARSE_FAILED: { status: 400, retryable: false, help: 'The operation document has a syntax error.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, retryable: false, help: 'The operation does not fit the API schema.' },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    retryable: false,
    help: 'The document holds no operation of the name asked for.',
  },
  OPERATION_TOO_LARGE: {
    status: 400,
    retryable: false,
    help: 'The operation exceeds a limit on tokens, depth, aliases or root fields, takes too much to plan, or cannot be planned.',
  },
  BAD_USER_INPUT: {
    status: 400,
    retryable: false,
    help: 'A variable or an argument has a value that the schema or the field refuses.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    retryable: true,
    help: 'Send the operation text together with its hash once.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200, retryable: false, help: 'Send the operation text.' },
  MODULE_TOKEN_REQUIRED: {
    status: 401,
    retryable: false,
    help: 'Options of a module are shown to whoever sends the token of the module.',
  },
  MUNICIPALITY_UNKNOWN: { status: 400, retryable: false, help: 'No municipality has this slug.' },
  FEATURE_DISABLED: { status: 200, retryable: false, help: 'The municipality has switched this module off.' },
  SUBGRAPH_UNAVAILABLE: { status: 200, retryable: true, help: 'A subgraph could not be reached; its fields are null.' },
  SUBGRAPH_TIMEOUT: { status: 200, retryable: true, help: 'A subgraph did not answer in time; its fields are null.' },
  SUBGRAPH_INVALID_RESPONSE: {
    status: 200,
    retryable: true,
    help: 'A subgraph answered something that is not GraphQL or too large; its fields are null.',
  },
  SUBGRAPH_ERROR: {
    status: 200,
    retryable: false,
    help: 'A subgraph reported an error; the fields at the path are null.',
  },
  TOO_MANY_REQUESTS: { status: 429, retryable: true, help: 'Wait as long as Retry-After says.' },
  OVERLOADED: { status: 503, retryable: true, help: 'The server is busy; wait as long as Retry-After says.' },
  SERVICE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    help: 'The store of this module does not answer at the moment.',
  },
  INTERNAL_SERVER_ERROR: { status: 500, retryable: true, help: 'Our fault; the request id finds it in the log.' },
});

export type ErrorCode = keyof typeof ERRORS;

/** Whether text from outside is one of our codes. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(ERRORS, text);
}

/** What a subgraph can say of its own fields; every other code is the gateway's alone. */
const SUBGRAPH_CODES: ReadonlySet<ErrorCode> = new Set([
  'BAD_USER_INPUT',
  'MUNICIPALITY_UNKNOWN',
  'TOO_MANY_REQUESTS',
  'SERVICE_UNAVAILABLE',
]);

/** Whether a client is shown this code, and the message that comes with it, when a subgraph sends it. */
export function isSubgraphCode(text: unknown): boolean {
  return isErrorCode(text) && SUBGRAPH_CODES.has(text);
}
