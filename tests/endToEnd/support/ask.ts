/** The acceptance query: all three modules of one municipality. */
export const HOUSE_QUERY = `{
  municipality(slug: "augsburg") {
    name
    languages { tag }
    modules { name enabled }
    pages(language: "de", first: 3) { nodes { title children { nodes { title } } } }
    events(language: "de", first: 3) { nodes { title startsAt } }
    locations(language: "ar", first: 3) { nodes { title isFallback } }
    apprenticeships(first: 3) { totalCount nodes { title employer distanceKm sources { name } } }
    housingOffers(first: 3) { nodes { title totalRentCents } }
  }
}`;

export interface Connection<Node> {
  readonly totalCount: number;
  readonly nodes: readonly Node[];
}

/** What HOUSE_QUERY answers. */
export interface House {
  readonly municipality: {
    readonly name: string;
    readonly languages: readonly { tag: string }[];
    readonly modules: readonly { name: string; enabled: boolean }[];
    readonly pages: Connection<{ title: string; children: Connection<{ title: string }> }>;
    readonly events: Connection<{ title: string; startsAt: string }>;
    readonly locations: Connection<{ title: string; isFallback: boolean }>;
    readonly apprenticeships: Connection<{
      title: string;
      employer: string | null;
      distanceKm: number | null;
      sources: readonly { name: string }[];
    }>;
    readonly housingOffers: Connection<{ title: string; totalRentCents: number }> | null;
  };
}

export interface Answer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: {
    readonly features?: { readonly disabled: readonly Readonly<Record<string, unknown>>[] };
  };
}

/** Asks as a frontend does. A request that gets no answer within 15 s fails. */
export async function ask<Data>(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer<Data>, 'status'>) };
}
