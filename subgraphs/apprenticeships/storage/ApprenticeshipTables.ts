import type { Generated, JSONColumnType } from 'kysely';

import type { ApprenticeshipKind } from '../../../schema/generated/apprenticeships.ts';

/** The tables of this subgraph and its ingest. Days are text, YYYY-MM-DD. */
export interface ApprenticeshipTables {
  /** What readers see. Several records, also of several sources, may stand behind one. */
  apprenticeships: {
    id: string;
    kind: ApprenticeshipKind;
    title: string;
    occupation_name: string | null;
    occupation_scheme: string | null;
    occupation_code: string | null;
    employer: string | null;
    description: string | null;
    starts_on: string | null;
    published_on: string | null;
    expires_on: string | null;
    /** Published, or else first seen here: what NEWEST orders by. */
    newest_on: string;
    positions: number | null;
    requirements: JSONColumnType<readonly string[], string, string>;
    url: string | null;
    /** Title, occupation and employer, folded. */
    search_text: string;
    /** The occupation's name, folded. */
    occupation_key: string | null;
  };
  apprenticeship_places: {
    apprenticeship_id: string;
    position: number;
    name: string | null;
    street: string | null;
    postcode: string | null;
    town: string | null;
    /** The town's name, folded. */
    town_key: string | null;
    country: string | null;
    latitude: number | null;
    longitude: number | null;
  };
  /** One item of one source: the provenance of an apprenticeship. */
  apprenticeship_records: {
    source: string;
    external_id: string;
    apprenticeship_id: string;
    url: string | null;
    content_hash: string;
    first_seen_at: Date;
    fetched_at: Date;
  };
  /** A question that ingest asks a source, and the last answer that was trusted. */
  apprenticeship_queries: {
    source: string;
    query_key: string;
    trusted_at: Date;
    /** Answers in a row, since then, that were too small to be believed. */
    suspicious_answers: Generated<number>;
  };
  /** Which records the last trusted answer of a query held: they stay for as long as the query fails. */
  apprenticeship_query_records: {
    source: string;
    query_key: string;
    external_id: string;
  };
}
