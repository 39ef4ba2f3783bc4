import type { SqlDatabase } from '../../../platform/sql/SqlDatabase.ts';
import type { ApprenticeshipRecord } from '../../../subgraphs/apprenticeships/ApprenticeshipRecord.ts';
import { compareRun } from '../../../subgraphs/apprenticeships/ingest/compareRun.ts';
import { storeRun } from '../../../subgraphs/apprenticeships/ingest/storeRun.ts';
import type { ApprenticeshipTables } from '../../../subgraphs/apprenticeships/storage/ApprenticeshipTables.ts';

export type Draft = Partial<ApprenticeshipRecord> & { readonly externalId: string };

/** A record of the source `bundesagentur` in the middle of Augsburg, but for what a test changes. */
export function toRecord(draft: Draft): ApprenticeshipRecord {
  return {
    source: 'bundesagentur',
    sourceUrl: null,
    kind: 'APPRENTICESHIP',
    title: `Ausbildung ${draft.externalId}`,
    occupation: null,
    employer: null,
    description: null,
    places: [at(48.3673, 10.8921)],
    startsOn: null,
    publishedOn: '2027-02-01',
    expiresOn: null,
    positions: null,
    requirements: [],
    url: null,
    modifiedAt: null,
    ...draft,
  };
}

export function at(latitude: number, longitude: number): ApprenticeshipRecord['places'][number] {
  return { name: null, street: null, postcode: null, town: null, country: 'DE', location: { latitude, longitude } };
}

/** Makes these the records of their source, as a run of its ingest would. */
export async function storeRecords(database: SqlDatabase, drafts: readonly Draft[]): Promise<void> {
  const records = drafts.map(toRecord);
  for (const source of new Set(records.map((record) => record.source))) {
    const own = records.filter((record) => record.source === source).map((it) => [it.externalId, it] as const);
    const answer = { kind: 'answered', records: new Map(own), refusedIds: [], rejections: [] } as const;
    await storeRun(database.as<ApprenticeshipTables>(), {
      source,
      fetchedAt: new Date('2027-02-15T05:00:00Z'),
      compare: (stored) =>
        compareRun({ planned: ['test'], answers: new Map([['test', answer]]), stored, acceptShrunken: true }),
    });
  }
}
