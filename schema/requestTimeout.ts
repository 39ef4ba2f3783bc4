/**
 * The header in which the gateway tells a subgraph how many milliseconds it will wait for the answer; after that nobody does,
 * and the subgraph may stop working on it.
 */
export const REQUEST_TIMEOUT_HEADER = 'x-request-timeout-ms';

/** The milliseconds in the header's text; undefined when it holds no whole number. */
export function readRequestTimeout(text: string | readonly string[] | undefined): number | undefined {
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
