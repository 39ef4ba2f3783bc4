import { type Connection, type CursorValues, decodeCursor, readFirst, toConnection } from '../../kit/connection.ts';

export interface ListArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/**
 * One page of a list whose order is known from its index; only the rows of the page are loaded. `orderOf` gives the
 * values that the list is sorted by, ascending, the unique one last.
 */
export async function pageList<Row, Node>(
  rows: readonly Row[],
  { first, after }: ListArguments,
  {
    orderOf,
    load,
    defaultFirst = 20,
    width,
  }: {
    orderOf: (row: Row) => CursorValues;
    /** Null where the row has gone in the meantime. */
    load: (row: Row) => Promise<Node | null> | Node | null;
    defaultFirst?: number;
    /** Number of values that `orderOf` gives. */
    width: number;
  },
): Promise<Connection<Node>> {
  const limit = readFirst(first, defaultFirst);
  const cursor = decodeCursor(after, width);
  const sorted = rows
    .map((row) => ({ row, order: orderOf(row) }))
    .filter(({ order }) => cursor === undefined || compare(order, cursor) > 0)
    .sort((a, b) => compare(a.order, b.order));
  const wanted = sorted.slice(0, limit + 1);
  const nodes = await Promise.all(
    wanted.slice(0, limit).map(async (item) => ({ ...item, node: await load(item.row) })),
  );
  const present = nodes.filter((item): item is typeof item & { node: Node } => item.node !== null);
  const connection = toConnection(present, {
    first: limit,
    after,
    totalCount: rows.length,
    cursorOf: ({ order }) => order,
  });
  return {
    ...connection,
    edges: connection.edges.map(({ cursor: own, node: { node } }) => ({ cursor: own, node })),
    nodes: connection.nodes.map(({ node }) => node),
    pageInfo: { ...connection.pageInfo, hasNextPage: wanted.length > limit },
  };
}

/** By value, strings by code unit: the same on every machine, so that a cursor means the same everywhere. */
function compare(a: CursorValues, b: CursorValues): number {
  for (const [n, value] of a.entries()) {
    const other = b[n] ?? null;
    if (value !== other) {
      return value === null || (other !== null && value < other) ? -1 : 1;
    }
  }
  return 0;
}
