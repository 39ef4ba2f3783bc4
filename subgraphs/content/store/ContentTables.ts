import type { ColumnType } from 'kysely';

import type { ContentIndex, ContentKind, RegionRecord } from '../ContentRecord.ts';

/** The tables of the content subgraph; its ingest alone writes them. */
export interface ContentTables {
  content_region: RegionTable;
  content_part: PartTable;
  content_entry: EntryTable;
}

interface RegionTable {
  municipality: string;
  hash: string;
  data: ColumnType<RegionRecord, string, string>;
}

/** What is known of one answer of the CMS: a kind in a language of a municipality. */
interface PartTable {
  municipality: string;
  language: string;
  kind: ContentKind;
  body_hash: string;
  items: number;
  rejected: number;
  quarantined_at: Date | null;
}

interface EntryTable {
  id: string;
  municipality: string;
  /** The CMS's code; '' for what has no language. */
  language: string;
  kind: ContentKind;
  path: string | null;
  parent_id: string | null;
  hash: string;
  index: ColumnType<ContentIndex, string, string>;
  data: ColumnType<unknown, string, string>;
}
