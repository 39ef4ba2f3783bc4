import type { Municipality } from '../../../schema/municipalities/Municipality.ts';
import { type ContentKind, NO_LANGUAGE, type RegionRecord } from '../ContentRecord.ts';
import { hashOf } from '../compare/compareRecords.ts';
import { judgeList } from '../compare/judgeList.ts';
import type { ItemContext } from '../normalise/ItemContext.ts';
import { normaliseRegion } from '../normalise/normaliseRegion.ts';
import { type IngestTools, ingestLanguage, type RunTally } from './ingestLanguage.ts';
import { type RegionList, readRegion } from './readRegions.ts';

/** Part of every body hash: raise it when equal answers give other records than before. */
const NORMALISER_VERSION = 1;

const KINDS: readonly ContentKind[] = ['page', 'imprint', 'event', 'location', 'news'];

export interface MunicipalityTask {
  readonly municipality: Municipality;
  /** The region's slug in the CMS. */
  readonly region: string;
  readonly list: RegionList;
  readonly cmsUrl: string;
}

/** Brings everything that the CMS has for a municipality into the store, one language after the other. */
export async function ingestMunicipality(
  { municipality, region: slug, list, cmsUrl }: MunicipalityTask,
  tools: IngestTools,
  tally: RunTally,
): Promise<void> {
  const reading = await readRegion(tools.cms, slug, list);
  if (reading.kind === 'failed') {
    tally.failures.push({ part: municipality.slug, reason: reading.reason });
    return;
  }
  const region = normaliseRegion(reading.region, reading.languages, municipality.location);
  const before = await tools.store.readRegion(municipality.slug);
  const languages = judgeLanguages(region, before, tools);
  if (languages !== undefined) {
    tally.failures.push({ part: `${municipality.slug}/languages`, reason: languages });
    return;
  }
  await tools.store.writeRegion(municipality.slug, region);
  tally.removed += await tools.store.removeOtherLanguages(municipality.slug, [
    NO_LANGUAGE,
    ...region.languages.map(({ code }) => code),
  ]);

  const stored = await tools.store.readParts(municipality.slug);
  const shared: Omit<ItemContext, 'language'> = {
    municipality: municipality.slug,
    languages: region.languages,
    timeZone: municipality.timeZone,
    near: municipality.location ?? region.location,
    cmsUrl,
  };
  const salt = hashOf({ NORMALISER_VERSION, slug, shared }).slice(0, 12);
  await Promise.all(
    region.languages.map((language, n) =>
      ingestLanguage(
        { kinds: KINDS, storedAs: language.code, region: slug, context: { ...shared, language }, salt, stored },
        tools,
        tally,
      ).then(() =>
        // Offers are the same in every language; the default language asks for all.
        n === 0
          ? ingestLanguage(
              { kinds: ['offer'], storedAs: NO_LANGUAGE, region: slug, context: { ...shared, language }, salt, stored },
              tools,
              tally,
            )
          : undefined,
      ),
    ),
  );
}

/** Why the languages of a region cannot be trusted; undefined when they can. They have no time to prove themselves. */
function judgeLanguages(
  region: RegionRecord,
  before: RegionRecord | undefined,
  { clock }: IngestTools,
): string | undefined {
  const judgement = judgeList({
    expected: before?.languages.length ?? 0,
    got: region.languages.length,
    quarantinedSince: undefined,
    now: new Date(clock.now()),
  });
  return judgement.kind === 'quarantined' ? judgement.reason : undefined;
}
