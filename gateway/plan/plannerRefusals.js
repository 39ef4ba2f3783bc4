// Plain JavaScript, because the thread that plans reads it too.

/** Faults of @apollo/query-planner 2.14 that are about one operation, by how their messages read, and what clients are told. */
const REFUSALS = [
  {
    isMeant: (/** @type {string} */ message) => message.startsWith('Too many options generated'),
    what: 'There are too many ways to ask the subgraphs for the fields of the operation.',
  },
  {
    isMeant: (/** @type {string} */ message) => message.endsWith('adding it as parent would create a cycle'),
    what: 'The planner finds no order in which to ask the subgraphs for the fields of the operation; select fewer of them at once.',
  },
];

/**
 * What a client is told of an operation that the planner cannot plan; undefined for any other fault.
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function plannerRefusal(error) {
  return error instanceof Error ? REFUSALS.find(({ isMeant }) => isMeant(error.message))?.what : undefined;
}
