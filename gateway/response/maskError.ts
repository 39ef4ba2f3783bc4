import type { GraphQLFormattedError } from 'graphql';

import { ERRORS, isErrorCode } from '../../schema/errorCodes.ts';

/** Codes whose message is meant for whoever wrote the operation; all other messages stay inside. */
const SPEAKING_CODES: ReadonlySet<string> = new Set(
  Object.keys(ERRORS).filter((code) => code !== 'INTERNAL_SERVER_ERROR' && code !== 'SUBGRAPH_ERROR'),
);

/** Longest message that leaves the gateway. */
const MAX_MESSAGE_CHARACTERS = 500;

/** Bounds on our own facts under `municipal`: a subgraph may write some too. */
const MAX_FACTS = 10;
const MAX_FACT_CHARACTERS = 200;

/**
 * What a client may see of an error: message, path and locations, and of the extensions code, retryable and our own
 * facts under `municipal`. Everything else a subgraph or a library put there stays inside.
 */
export function maskError({ message, path, locations, extensions = {} }: GraphQLFormattedError): GraphQLFormattedError {
  const { code: given, municipal, serviceName } = extensions;
  const code = isErrorCode(given)
    ? given
    : typeof serviceName === 'string'
      ? 'SUBGRAPH_ERROR'
      : 'INTERNAL_SERVER_ERROR';
  const isOurs = typeof serviceName === 'string' && code === 'INTERNAL_SERVER_ERROR';
  const shown = isOurs ? 'SUBGRAPH_ERROR' : code;
  return {
    message: SPEAKING_CODES.has(code) ? message.slice(0, MAX_MESSAGE_CHARACTERS) : defaultMessage(serviceName),
    // A subgraph's own locations are in a document that no client has seen.
    ...(locations === undefined || typeof serviceName === 'string' ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: {
      code: shown,
      retryable: ERRORS[shown].retryable,
      ...(typeof municipal === 'object' && municipal !== null ? { municipal: plainFacts(municipal) } : {}),
    },
  };
}

/** Text, numbers and booleans; anything larger or deeper is no fact of ours. */
function plainFacts(facts: object): Record<string, unknown> {
  const kept = Object.entries(facts)
    .filter(
      ([name, value]) => name.length <= MAX_FACT_CHARACTERS && ['string', 'number', 'boolean'].includes(typeof value),
    )
    .slice(0, MAX_FACTS)
    .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_FACT_CHARACTERS) : value] as const);
  return Object.fromEntries(kept);
}

function defaultMessage(serviceName: unknown): string {
  return typeof serviceName === 'string'
    ? `The subgraph "${serviceName}" reported an error.`
    : 'The gateway could not answer.';
}
