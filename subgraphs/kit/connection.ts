import { ERRORS } from '../../schema/errorCodes.ts';

/** The most nodes that one page of a connection holds. */
export const MAX_FIRST = 100;

/** What a cursor carries: the values of the ordering columns of its row, the unique one last. */
export type CursorValues = readonly (string | number | null)[];

/** A Relay connection (GraphQL Cursor Connections Specification, forward paging). */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}

/** Checks `first`: 0 to 100, `fallback` when the client sent null. Fetch one row more to learn whether a next page exists. */
export function readFirst(first: number | null | undefined, fallback = 20): number {
  const wanted = first ?? fallback;
  if (wanted < 0 || wanted > MAX_FIRST) {
    throw ERRORS.BAD_USER_INPUT.create(`"first" must lie between 0 and ${MAX_FIRST}, got ${wanted}.`);
  }
  return wanted;
}

export function encodeCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values), 'utf8').toString('base64url');
}

/** The values of `after`, or undefined when the client sent none. `length` is the number of ordering columns. */
export function decodeCursor(after: string | null | undefined, length: number): CursorValues | undefined {
  if (after === null || after === undefined) {
    return undefined;
  }
  try {
    const values: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === length && values.every(isCursorValue)) {
      return values;
    }
  } catch {
    // falls through to the one message for every kind of bad cursor
  }
  throw ERRORS.BAD_USER_INPUT.create('"after" is not a cursor of this connection.');
}

/** Makes the connection out of up to `first + 1` rows that follow the cursor. */
export function toConnection<Node>(
  rows: readonly Node[],
  {
    first,
    after,
    totalCount,
    cursorOf,
  }: { first: number; after: string | null | undefined; totalCount: number; cursorOf: (node: Node) => CursorValues },
): Connection<Node> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: encodeCursor(cursorOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== null && after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}

function isCursorValue(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number';
}
